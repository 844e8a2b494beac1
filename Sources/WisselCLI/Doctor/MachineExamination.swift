import Ethdev
import Glibc
import Runtime

/// What can be said about the machine without touching a device. Reads /proc and /sys; ask before EAL starts, which binds
/// the calling thread to one CPU.
struct MachineExamination {
    private static let area = "machine"

    static func findings() -> [Finding] {
        [rights(), processors(), isolation(), governor(), memoryNodes()] + hugePages() + [dpdk(), addressTranslation()]
    }

    // MARK: Rights

    private static func rights() -> Finding {
        let wanted = [(12, "CAP_NET_ADMIN"), (13, "CAP_NET_RAW"), (14, "CAP_IPC_LOCK"), (21, "CAP_SYS_ADMIN")]
        let missing = wanted.filter { !ProcessRights.hold($0.0) }.map(\.1)
        if missing.isEmpty { return .ok(area, "rights", geteuid() == 0 ? "root" : "all that devices need") }
        return .warn(
            area, "rights", "missing: \(missing.joined(separator: ", "))",
            remedy: "run as root; without them TAP, packet sockets, huge pages or NICs do not open")
    }

    // MARK: CPUs

    private static func processors() -> Finding {
        let cpus = AvailableCPUs.current()
        let text = "\(cpus.count) to use (\(cpus)) of \(AvailableCPUs.existing().count)"
        if cpus.count >= 4 { return .ok(area, "CPUs", text) }
        return .warn(
            area, "CPUs", "\(text): cores share them and back off when idle",
            remedy: "give the node four CPUs or more: then its cores poll without rest")
    }

    private static func isolation() -> Finding {
        let isolated = line("/sys/devices/system/cpu/isolated")
        let tickless = line("/sys/devices/system/cpu/nohz_full")
        guard isolated.isEmpty else {
            return .ok(area, "isolation", "CPUs \(isolated)" + (tickless.isEmpty ? "" : ", tickless \(tickless)"))
        }
        return .warn(
            area, "isolation", "no CPU is kept free of other programs",
            remedy: "boot with isolcpus=, nohz_full= and rcu_nocbs= for the node's CPUs; the tails of latency need it")
    }

    private static func governor() -> Finding {
        let folder = "/sys/devices/system/cpu/cpu0/cpufreq"
        let name = line("\(folder)/scaling_governor")
        switch name {
        case "": return .ok(area, "governor", "the machine does not change its CPUs' frequency from inside")
        case "performance": return .ok(area, "governor", name)
        default:
            return .warn(
                area, "governor", "\(name): CPUs slow down when they rest",
                remedy: "cpupower frequency-set -g performance")
        }
    }

    // MARK: Memory

    private static func memoryNodes() -> Finding {
        let count = NUMA.nodeCount
        if count == 1 { return .ok(area, "NUMA", "one node: all memory is equally near") }
        let cpus = AvailableCPUs.current().numbers
        let rows = (0..<count).map { node in
            "node \(node): \(cpus.filter { NUMA.node(ofCPU: $0) == node }.count) CPUs"
        }
        return .ok(area, "NUMA", rows.joined(separator: ", "))
    }

    private static func hugePages() -> [Finding] {
        let pools = HugePages.status().pools.filter { $0.node != nil }
        let remedy = "hugepages/reserve; without them the node runs with --no-huge, slower, and no NIC can be used"
        guard pools.contains(where: { $0.total > 0 }) else {
            return [.warn(area, "huge pages", "none reserved on \(NUMA.nodeCount) node(s)", remedy: remedy)]
        }
        return pools.filter { $0.total > 0 }.map { pool in
            let text = "node \(pool.node ?? 0): \(pool.free) of \(pool.total) free, \(pool.pageBytes >> 10) kB each"
            return pool.free > 0
                ? .ok(area, "huge pages", text) : .warn(area, "huge pages", "\(text): all taken", remedy: remedy)
        }
    }

    // MARK: DPDK

    private static func dpdk() -> Finding {
        let drivers = EAL.driverNames
        if drivers.isEmpty {
            return .fail(
                area, "DPDK", "\(EAL.version), and no network driver in \(EAL.driverFolder)",
                remedy: "install Debian's libdpdk-dev, which brings them")
        }
        return .ok(area, "DPDK", "\(EAL.version), \(drivers.count) network drivers in \(EAL.driverFolder)")
    }

    private static func addressTranslation() -> Finding {
        let groups = directoryNames("/sys/kernel/iommu_groups").count
        if groups > 0 { return .ok(area, "IOMMU", "\(groups) groups: NICs can be used through vfio-pci") }
        return .warn(
            area, "IOMMU", "none: no NIC can be used through vfio-pci; virtual devices can",
            remedy: "switch VT-d or AMD-Vi on in the firmware and boot with intel_iommu=on or amd_iommu=on")
    }

    /// The first line of a small file; empty when there is none.
    private static func line(_ path: String) -> String {
        (textFile(path) ?? "").split(separator: "\n").first.map { $0.filter { !$0.isWhitespace } } ?? ""
    }
}
