import Foundation
import TestSupport

extension Ailment {
    private static let swapped = "Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1 0 -2"

    static let memory = [
        Ailment("transparent-huge-pages", "warn", "always", "echo madvise | sudo tee") {
            try $0.file("/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never")
        },
        Ailment("swap", "warn", "/dev/sda2", "sudo swapoff -a") { try $0.file("/proc/swaps", swapped) },
        Ailment("swappiness", "warn", "vm.swappiness = 60", "=0", besides: ["swap"]) {
            try $0.file("/proc/swaps", swapped)
            try $0.file("/proc/sys/vm/swappiness", "60")
        },
        Ailment("numa-balancing", "warn", "= 1", "sudo sysctl -w kernel.numa_balancing=0") {
            try $0.file("/proc/sys/kernel/numa_balancing", "1")
        },
        Ailment("ksm", "warn", "merged", "echo 2 | sudo tee /sys/kernel/mm/ksm/run") {
            try $0.file("/sys/kernel/mm/ksm/run", "1")
        },
        Ailment("zone-reclaim", "warn", "= 1", "vm.zone_reclaim_mode=0") {
            try $0.file("/proc/sys/vm/zone_reclaim_mode", "1")
        },
        Ailment("compaction", "warn", "= 20", "vm.compaction_proactiveness=0") {
            try $0.file("/proc/sys/vm/compaction_proactiveness", "20")
        },
        Ailment("statistics-interval", "warn", "= 1", "vm.stat_interval=120") {
            try $0.file("/proc/sys/vm/stat_interval", "1")
        },
        Ailment("huge-pages", "warn", "none reserved", "hugepages/reserve", configuration: nil) {
            try $0.machine.pool(kibibytes: 2048, node: 0, total: 0)
            try $0.machine.pool(kibibytes: 2048, node: 1, total: 0)
        },
        Ailment(
            "huge-pages-node", "fail", "node 1 has 0 MiB free in huge pages and needs 108",
            "sudo hugepages/reserve --count 54 --node 1", besides: ["huge-pages"]
        ) {
            try $0.machine.pool(kibibytes: 2048, total: 0)
            try $0.machine.pool(kibibytes: 2048, node: 0, total: 0)
            try $0.machine.pool(kibibytes: 2048, node: 1, total: 0)
        },
        Ailment(
            "huge-pages-node", "fail", "node 1 has 20 MiB", "sudo hugepages/reserve --count 44 --node 1 --tag more"
        ) {
            // Those on node 0 are of no use.
            try $0.machine.pool(kibibytes: 2048, node: 1, total: 128, inUse: 118)
        },
        Ailment(
            "huge-pages-node", "warn", "node 0 has 100 MiB", "run with --no-huge",
            configuration: tap
        ) { try $0.machine.pool(kibibytes: 2048, node: 0, total: 50) },
        Ailment(
            "huge-pages-node", "fail", "node 0 has 100 MiB", configuration: tap,
            wrong: [("hugePages: auto ", "hugePages: required ")]
        ) { try $0.machine.pool(kibibytes: 2048, node: 0, total: 50) },
        Ailment(
            "huge-pages-node", "warn", "as the configuration says", wrong: [("hugePages: auto ", "hugePages: none ")]),
        Ailment(
            "huge-page-mount", "warn", "no hugetlbfs", "mount -t hugetlbfs",
            wrong: [("sharing: private", "sharing: shared")]
        ) { try $0.file("/proc/mounts", "/dev/sda1 / ext4 rw 0 0") },
    ]

    private static let nic = HealthyMachine.nic

    static let devices = [
        Ailment("iommu", "fail", "does not hand over pci:0000:81:00.0", "intel_iommu=on iommu=pt", "VT-d") {
            try $0.remove("/sys/kernel/iommu_groups")
        },
        Ailment("iommu", "warn", "can write to all memory") {
            try $0.remove("/sys/kernel/iommu_groups")
            try $0.file("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y")
        },
        Ailment("iommu", "warn", "virtual devices can", configuration: nil) {
            try $0.remove("/sys/kernel/iommu_groups")
        },
        Ailment("vfio", "fail", "/dev/vfio/vfio is missing", "modprobe vfio-pci") { try $0.remove("/dev/vfio/vfio") },
        Ailment("vfio", "warn", "not loaded", configuration: nil) { try $0.remove("/dev/vfio/vfio") },
        Ailment("tun", "fail", "/dev/net/tun is missing", "modprobe tun", configuration: tap) {
            try $0.remove("/dev/net/tun")
        },
        Ailment("tun", "warn", "no tap: device", configuration: nil) { try $0.remove("/dev/net/tun") },
        Ailment("nic-present", "fail", "there is no PCI device 0000:81:00.0", "scripts/nic list") {
            try $0.remove(nic)
        },
        Ailment("nic-driver", "fail", "the kernel's driver ice", "sudo scripts/nic bind 0000:81:00.0") {
            try $0.remove("\(nic)/driver")
            try $0.machine.link("\(nic)/driver", to: "../../drivers/ice")
        },
        Ailment("nic-driver", "fail", "no driver has it") { try $0.remove("\(nic)/driver") },
        Ailment("nic-group", "fail", "also has 0000:81:00.1 (ice)", "sudo scripts/nic bind 0000:81:00.1") {
            try $0.machine.device("0000:81:00.1", driver: "ice", node: 1, group: 7)
        },
        Ailment(
            "nic-numa", "warn", "network0 on CPU 3 of node 0", "wissel plan",
            besides: elsewhere,
            wrong: [("{cpu: 4,", "{cpu: 3,")]),
        Ailment(
            "nic-numa", "fail", "network0 on CPU 3 of node 0",
            besides: elsewhere,
            wrong: [("{cpu: 4,", "{cpu: 3,"), ("remoteMemory: warn ", "remoteMemory: refuse ")]),
        Ailment("nic-numa", "warn", "names no NUMA node", "board's manual") { try $0.file("\(nic)/numa_node", "-1") },
        Ailment("nic-link", "warn", "eth9 is down", "ip link set eth9 up", configuration: interface) {
            try $0.file("/sys/class/net/eth9/operstate", "down")
        },
        Ailment("pcie-width", "warn", "x4, and the device has x8", "lspci -vv -s 0000:81:00.0") {
            try $0.file("\(nic)/current_link_width", "4")
        },
        Ailment("pcie-speed", "warn", "8.0 GT/s, and the device can do 16.0") {
            try $0.file("\(nic)/current_link_speed", "8.0 GT/s PCIe")
        },
        Ailment("pcie-mrrs", "warn", "128 bytes", "sudo setpci -s 0000:81:00.0 CAP_EXP+8.w=5000:7000") {
            try $0.configurationSpace(readRequest: 0)
        },
        Ailment("pcie-aspm", "warn", "l1_aspm", "echo 0 | sudo tee \(nic)/link/l1_aspm") {
            try $0.file("\(nic)/link/l1_aspm", "1")
        },
    ]

    static let journal =
        [
            Ailment("journal-directory", "fail", "does not exist", "mkdir -p /var/lib/wissel") {
                try $0.remove("/var/lib/wissel")
            },
            Ailment("journal-file-system", "warn", "tmpfs on /var/lib", "on a local disk") {
                try $0.file(
                    "/proc/mounts", "/dev/sda1 / ext4 rw 0 0\ntmpfs /var/lib tmpfs rw 0 0\ntmpfs /var/li tmpfs rw")
            },
            Ailment("journal-file-system", "warn", "nfs4 on /var/lib/wissel") {
                try $0.file("/proc/mounts", "/dev/sda1 / ext4 rw 0 0\nhost:/x /var/lib/wissel nfs4 rw 0 0")
            },
        ] + (SmallDisk.isPossible ? [full(segment: 64, "fail"), full(segment: 1, "warn")] : [])

    /// Where the right to mount is missing, no disk can be small.
    private static func full(segment: Int, _ verdict: String) -> Ailment {
        Ailment(
            "journal-space", verdict, "segments of \(segment) MiB", "df -h /var/lib/wissel",
            wrong: [("segmentMegabytes: 64", "segmentMegabytes: \(segment)")]
        ) {
            let disk = SmallDisk()
            $0.disk = disk
            try $0.remove("/var/lib/wissel")
            try $0.machine.link("/var/lib/wissel", to: disk?.path ?? "/nowhere")
        }
    }
}
