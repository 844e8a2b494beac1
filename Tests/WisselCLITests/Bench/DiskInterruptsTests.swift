import Testing
import WisselCLI

/// Made-up disks whose interrupts the kernel counted.
@Suite struct DiskInterruptsTests {
    private let machine: MadeUpMachine

    init() throws { machine = try MadeUpMachine() }

    /// - Parameters:
    ///   - device: of the bus; its folder has the interrupts.
    ///   - place: of the block device below it.
    private func disk(_ number: String, device: String, place: String, counts: [Int: String]) throws {
        let folder = "/sys/devices/\(device)"
        try machine.directory("\(folder)/\(place)")
        try machine.link("/sys/dev/block/\(number)", to: "../../devices/\(device)/\(place)")
        for (interrupt, line) in counts {
            try machine.file("\(folder)/msi_irqs/\(interrupt)", "msi")
            try machine.file("/sys/kernel/irq/\(interrupt)/per_cpu_count", line)
        }
    }

    private func cpu(ofDisk number: String) -> Int? {
        DiskInterrupts.cpu(ofDisk: number, root: machine.root)
    }

    @Test func oneQueueInterruptsOneCPU() throws {
        try disk(
            "254:0", device: "pci0000:00/0000:00:02.0", place: "virtio1/block/vda",
            counts: [35: "3,0,0", 36: "11,0,90000"])
        #expect(cpu(ofDisk: "254:0") == 2)
    }

    @Test func aPartitionIsOnItsDisk() throws {
        try disk(
            "259:3", device: "pci0000:3a/0000:3b:00.0", place: "nvme/nvme0/nvme0n1/nvme0n1p3",
            counts: [80: "0,700", 81: "2,600"])
        #expect(cpu(ofDisk: "259:3") == 1)
    }

    @Test func aQueuePerCPUInterruptsNoneMost() throws {
        try disk(
            "259:0", device: "pci0000:3a/0000:3b:00.0", place: "nvme/nvme0/nvme0n1",
            counts: [80: "5000,0", 81: "0,4000"])
        #expect(cpu(ofDisk: "259:0") == nil)
    }

    @Test func whereNothingIsToldNothingIsKnown() throws {
        #expect(cpu(ofDisk: "0:42") == nil, "a file system in memory")
        try disk("253:0", device: "virtual", place: "block/dm-0", counts: [:])
        #expect(cpu(ofDisk: "253:0") == nil, "several disks")
        try disk("254:16", device: "pci0000:00/0000:00:03.0", place: "virtio2/block/vdb", counts: [40: "0,0"])
        #expect(cpu(ofDisk: "254:16") == nil, "never used")
    }
}
