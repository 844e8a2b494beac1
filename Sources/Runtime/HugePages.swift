/// The huge pages the kernel holds ready, in all and per NUMA node.
public struct HugePages: Sendable, Equatable {
    /// One size of page in one place.
    public struct Pool: Sendable, Equatable {
        /// 2 MiB and 1 GiB on x86-64.
        public var pageBytes: Int
        /// nil for the whole machine.
        public var node: Int?
        public var total: Int
        public var free: Int

        public init(pageBytes: Int, node: Int?, total: Int, free: Int) {
            self.pageBytes = pageBytes
            self.node = node
            self.total = total
            self.free = free
        }

        public var freeBytes: Int { free * pageBytes }
    }

    /// By size for the whole machine, then by node and size.
    public var pools: [Pool]

    /// Free bytes of all sizes on the whole machine.
    public var freeBytes: Int { pools.reduce(0) { $1.node == nil ? $0 + $1.freeBytes : $0 } }

    /// Reads the state of this moment. A kernel without huge pages gives no pools.
    /// - Parameter sysPath: where sysfs is mounted.
    public static func status(sysPath: String = "/sys") -> HugePages {
        var pools = readPools("\(sysPath)/kernel/mm/hugepages", node: nil)
        let nodesPath = "\(sysPath)/devices/system/node"
        let nodes = directoryNames(nodesPath).compactMap { $0.hasPrefix("node") ? Int($0.dropFirst(4)) : nil }
        for node in nodes.sorted() { pools += readPools("\(nodesPath)/node\(node)/hugepages", node: node) }
        return HugePages(pools: pools)
    }

    private static func readPools(_ path: String, node: Int?) -> [Pool] {
        let pools = directoryNames(path).compactMap { name -> Pool? in
            guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"),
                let kibibytes = Int(name.dropFirst(10).dropLast(2)), kibibytes > 0, kibibytes < 1 << 40,
                let total = number("\(path)/\(name)/nr_hugepages"), let free = number("\(path)/\(name)/free_hugepages")
            else { return nil }
            return Pool(pageBytes: kibibytes * 1024, node: node, total: total, free: free)
        }
        return pools.sorted { $0.pageBytes < $1.pageBytes }
    }

    private static func number(_ path: String) -> Int? {
        guard let text = textFile(path), let line = text.split(separator: "\n").first else { return nil }
        return Int(line)
    }
}

extension [HugePages.Pool] {
    /// The pools of a node, by size. A kernel without nodes has one, 0, whose pools are the machine's.
    public func of(node: Int) -> [HugePages.Pool] {
        let hasNodes = contains { $0.node != nil }
        return filter { hasNodes ? $0.node == node : node == 0 }
    }
}
