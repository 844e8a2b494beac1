import Node
import Runtime

/// The huge pages a configuration needs on each NUMA node, beside what the kernel holds ready there.
struct HugePagePlan {
    /// Pages of one size on a node; those of any one size are enough.
    struct Pool: Encodable, Equatable {
        var pageKibibytes: Int
        var needed: Int
        var free: Int
        var total: Int
        var missing: Int
    }

    struct Node: Encodable, Equatable {
        var node: Int
        var megabytes: Int
        var addends: [MemoryDemand.Addend]
        /// By size.
        var pools: [Pool]
        /// What to paste; nil when nothing is missing.
        var command: String?
    }

    /// As the configuration says: auto, required or none.
    let wanted: NodeConfiguration.Memory.HugePages
    /// Those that need pages, ascending.
    let nodes: [Node]
    private let kernelPools: [HugePages.Pool]

    /// Whether the node would not find the pages it asks for.
    var isLacking: Bool { wanted != .none && nodes.contains { $0.command != nil } }

    /// - Parameter root: as of `MachineTopology.init(root:)`; reservations of `hugepages/reserve` are in its `run/wissel`.
    init(configuration: NodeConfiguration, root: String) {
        let base = root.hasSuffix("/") ? String(root.dropLast()) : root
        let demand = MemoryDemand(configuration, onHugePages: true, root: root)
        let pools = HugePages.status(sysPath: base + "/sys").pools
        let tag = Self.freeTag(configuration.memory.filePrefix, taken: directoryNames(base + "/run/wissel"))
        kernelPools = pools
        wanted = configuration.memory.hugePages
        nodes = demand.byNode.sorted { $0.key < $1.key }.map { node, megabytes in
            let own = Self.pools(pools.of(node: node), megabytes: megabytes)
            let first = own[0]
            let size = first.pageKibibytes == 2_048 ? "" : " --size \(first.pageKibibytes)"
            let enough = own.contains { $0.missing == 0 }
            return Node(
                node: node, megabytes: megabytes, addends: demand.addends.filter { $0.node == node }, pools: own,
                command: enough
                    ? nil : "sudo hugepages/reserve --count \(first.missing)\(size) --node \(node) --tag \(tag)")
        }
    }

    /// The kernel's pools of any node, beside no need.
    func pools(ofNode node: Int) -> [Pool] { Self.pools(kernelPools.of(node: node), megabytes: 0) }

    /// Beside each size the kernel has; 2 MiB when it shows none. The smallest, which it can most easily give, is first.
    private static func pools(_ pools: [HugePages.Pool], megabytes: Int) -> [Pool] {
        let found = pools.isEmpty ? [HugePages.Pool(pageBytes: 2 << 20, node: nil, total: 0, free: 0)] : pools
        return found.map { pool in
            let needed = (megabytes << 20 + pool.pageBytes - 1) / pool.pageBytes
            return Pool(
                pageKibibytes: pool.pageBytes >> 10, needed: needed, free: pool.free, total: pool.total,
                missing: max(needed - pool.free, 0))
        }
    }

    /// A name for the reservation that is not in use: `hugepages/reserve` adds nothing under one that is.
    static func freeTag(_ prefix: String, taken: [String]) -> String {
        let plain = prefix.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        let base = plain.isEmpty ? "wissel" : plain
        var (tag, number) = (base, 1)
        while taken.contains("hugepages-\(tag)") {
            number += 1
            tag = "\(base)-\(number)"
        }
        return tag
    }
}
