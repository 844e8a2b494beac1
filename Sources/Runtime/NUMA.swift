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
}
