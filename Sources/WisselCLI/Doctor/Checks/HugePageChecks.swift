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

    /// What the configuration needs, on the node of each NIC; on node 0 for devices without a place.
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
        // What a running node has taken is not missing.
        if let running = machine.runningNode {
            return [.pass("process \(running) runs on this configuration and has them")]
        }
        let needs = machine.demand?.byNode ?? [:]
        return needs.sorted { $0.key < $1.key }.map { node, needed in
            let pool = pools.of(node: node).max { $0.freeBytes < $1.freeBytes }
            let free = (pool?.freeBytes ?? 0) >> 20
            let found = "node \(node) has \(grouped(free)) MiB free in huge pages and needs \(grouped(needed))"
            if free >= needed { return .pass(found) }
            let remedy = reserve(needed - free, node, pool, pools)
            if isNeeded { return .fail(found, remedy: remedy) }
            return .warn("\(found): the node would run with --no-huge", remedy: remedy)
        }
    }

    /// What is missing, beside what is reserved there already.
    private static func reserve(
        _ megabytes: Int, _ node: Int, _ pool: HugePages.Pool?, _ pools: [HugePages.Pool]
    ) -> String {
        let isLarge = pool.map { $0.pageBytes > 2 << 20 && $0.total > 0 } ?? false
        let pageMegabytes = isLarge ? (pool?.pageBytes ?? 0) >> 20 : 2
        let count = (megabytes + pageMegabytes - 1) / pageMegabytes
        // A name holds pages once: what is there already may be under the usual one.
        let tag = pools.contains { $0.total > 0 && $0.node == nil } ? " --tag more" : ""
        let size = isLarge ? " --size \(pageMegabytes / 1_024)G" : ""
        return "sudo hugepages/reserve --count \(count)\(size) --node \(node)\(tag)"
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
