import CPlatform

/// Which memory is near which CPU.
public enum NUMA {
    /// Number of nodes, at least 1.
    public static var nodeCount: Int { Int(cplatform_numa_node_count()) }

    /// The node a CPU belongs to; nil when there is no such CPU.
    public static func node(ofCPU cpu: Int) -> Int? {
        guard let number = Int32(exactly: cpu) else { return nil }
        let node = cplatform_numa_node_of_cpu(number)
        return node < 0 ? nil : Int(node)
    }

    /// Where new memory of the calling thread comes from while a program is set up: what is touched for the first time
    /// between `prefer` and `restore` stays on the node it was made for.
    public struct MemoryPolicy: ~Copyable {
        private let before = cplatform_memory_policy_now()
        private let isNeeded = NUMA.nodeCount > 1

        public init() {}

        /// From now on from the node of `cpu`, as long as it has some. Without a CPU as before; on a machine of one node
        /// nothing changes.
        public func prefer(near cpu: Int?) {
            guard isNeeded else { return }
            guard let node = cpu.flatMap(NUMA.node(ofCPU:)), let number = Int32(exactly: node) else { return restore() }
            cplatform_prefer_node(number)
        }

        /// As it was.
        public func restore() { if isNeeded { cplatform_restore_policy(before) } }
    }
}
