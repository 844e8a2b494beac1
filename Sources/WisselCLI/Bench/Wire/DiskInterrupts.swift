import Glibc
import Runtime

/// Which CPU a disk interrupts. A durable write is finished by the kernel there, in threads of its own: beside a stage that
/// never gives its CPU away they wait for the scheduler's tick (4 ms at 250 Hz), whoever submitted the write.
package enum DiskInterrupts {
    private static let share = 0.9
    /// From a partition of an NVMe disk up to its PCI device there are five steps.
    private static let steps = 8

    /// The CPU that nearly all interrupts of a disk come to; nil where they are spread, as those of NVMe disks with a queue
    /// per CPU, or where the kernel does not tell, as of file systems in memory or of several disks.
    /// - Parameter path: a file or folder on the disk.
    static func cpu(ofDiskWith path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        // As gnu_dev_major(3) and gnu_dev_minor(3), which Swift does not see.
        let number = UInt64(status.st_dev)
        let major = number >> 8 & 0xFFF | number >> 32 & ~0xFFF
        let minor = number & 0xFF | number >> 12 & ~0xFF
        return cpu(ofDisk: "\(major):\(minor)")
    }

    /// - Parameters:
    ///   - disk: major and minor number, such as `254:0`.
    ///   - root: the folder that holds the machine's `sys`.
    package static func cpu(ofDisk disk: String, root: String = "/") -> Int? {
        let machine = MachineFolder(root: root)
        var folder = "/sys/dev/block/\(disk)"
        guard machine.exists(folder) else { return nil }
        for _ in 0..<steps where !machine.exists(folder + "/msi_irqs") { folder += "/.." }
        var counts: [UInt64] = []
        for interrupt in machine.names(folder + "/msi_irqs") {
            let line = machine.line("/sys/kernel/irq/\(interrupt)/per_cpu_count") ?? ""
            for (cpu, count) in line.split(separator: ",").enumerated() {
                if cpu == counts.count { counts.append(0) }
                counts[cpu] += UInt64(count) ?? 0
            }
        }
        let sum = Double(counts.reduce(0, +))
        return counts.indices.first { sum > 0 && Double(counts[$0]) >= share * sum }
    }
}
