import Ethdev
import Node
import Runtime

/// Memory for packet buffers: enough of it, and where the NIC is.
enum HugePageChecks {
    static let all = [
        MachineCheck("huge-pages", "memory", reserved),
        MachineCheck("huge-pages-node", "memory", perNode),
        MachineCheck("huge-page-mount", "memory", mount),
    ]

    private static func reserved(_ machine: ExaminedMachine) -> [Outcome] {
        if machine.configuration?.memory.hugePages == NodeConfiguration.Memory.HugePages.none {
            return [.pass("not wanted by the configuration")]
        }
        let pools = HugePages.status(sysPath: machine.folder.path("/sys")).pools.filter {
            $0.node != nil && $0.total > 0
        }
        if pools.isEmpty {
            return [
                .warn(
                    "none reserved: the node runs on ordinary pages, slower, and no NIC can be used",
                    remedy: "sudo hugepages/reserve")
            ]
        }
        let text = pools.map {
            "node \($0.node ?? 0): \($0.free) of \($0.total) free, \($0.pageBytes >> 10) KiB each"
        }
        return [.pass(text.joined(separator: "; "))]
    }

    /// What the configuration needs, on the node of each NIC; on any one node for devices without a place.
    private static func perNode(_ machine: ExaminedMachine) -> [Outcome] {
        guard let memory = machine.configuration?.memory else { return [] }
        let hasNIC = machine.ports.contains { $0.pciAddress != nil }
        if memory.hugePages == .none {
            guard hasNIC else { return [] }
            return [
                .warn(
                    "a NIC on ordinary pages, as the configuration says: each takes an entry in the IOMMU's tables",
                    remedy: "hugePages: auto   # in the section memory of the configuration")
            ]
        }
        let pools = HugePages.status(sysPath: machine.folder.path("/sys")).pools
        let isNeeded = hasNIC || memory.hugePages == .required
        return PortSetup.memoryNeeds(machine.configuration, machine.ports).map { need in
            let pool = HugePageDecision.pool(for: need, in: pools)
            let free = (pool?.freeBytes ?? 0) >> 20
            let place = need.node.map { "node \($0)" } ?? "one node"
            let found = "\(place) has \(grouped(free)) MiB free in huge pages and needs \(grouped(need.megabytes))"
            if free >= need.megabytes { return .pass(found) }
            let remedy = reserve(need, pool, pools)
            if isNeeded { return .fail(found, remedy: remedy) }
            return .warn("\(found): the node would run with --no-huge", remedy: remedy)
        }
    }

    /// What is missing, beside what is reserved there already.
    private static func reserve(
        _ need: HugePageDecision.Need, _ pool: HugePages.Pool?, _ pools: [HugePages.Pool]
    ) -> String {
        let isLarge = pool.map { $0.pageBytes > 2 << 20 && $0.total > 0 } ?? false
        let pageMegabytes = isLarge ? (pool?.pageBytes ?? 0) >> 20 : 2
        let free = (pool?.freeBytes ?? 0) >> 20
        let count = (need.megabytes - free + pageMegabytes - 1) / pageMegabytes
        let node = need.node.map { " --node \($0)" } ?? pool?.node.map { " --node \($0)" } ?? ""
        // A name holds pages once: what is there already may be under the usual one.
        let tag = pools.contains { $0.total > 0 && $0.node == nil } ? " --tag more" : ""
        let size = isLarge ? " --size \(pageMegabytes / 1_024)G" : ""
        return "sudo hugepages/reserve --count \(count)\(size)\(node)\(tag)"
    }

    /// Only secondary processes such as dpdk-dumpcap meet the node's pages by name.
    private static func mount(_ machine: ExaminedMachine) -> [Outcome] {
        let mounts = SecondaryProcesses.mounts(in: machine.folder.text("/proc/mounts") ?? "")
        if let first = mounts.first { return [.pass("\(first.path), pages of \(grouped(first.pageBytes >> 10)) KiB")] }
        guard machine.configuration?.dpdk.sharing == .shared else {
            return [.pass("none; only dpdk: {sharing: shared} needs one")]
        }
        return [
            .warn(
                "no hugetlbfs is mounted: dpdk-dumpcap cannot attach, though the configuration lets it",
                remedy: "sudo mkdir -p /dev/hugepages && sudo mount -t hugetlbfs nodev /dev/hugepages")
        ]
    }
}
