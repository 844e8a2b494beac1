/// What the kernel is told at boot so that a placement's CPUs are left alone.
public struct KernelCommandLine: Sendable, Equatable {
    /// Pages for packet buffers.
    public struct HugePages: Sendable, Equatable {
        /// MiB a page; 2 or 1,024 on x86-64.
        public var pageMegabytes: Int
        /// On the whole machine; the kernel spreads them evenly over its memory nodes.
        public var count: Int

        /// Pages for so many MiB on one node, of 1 GiB from 1 GiB on.
        /// - Parameters:
        ///   - megabytes: what DPDK needs on the node of the NIC, MiB; 1 or more.
        ///   - nodes: memory nodes of the machine: each gets as many, since the kernel's plain form knows no node.
        public init(megabytes: Int, nodes: Int) {
            pageMegabytes = megabytes >= 1_024 ? 1_024 : 2
            count = (megabytes + pageMegabytes - 1) / pageMegabytes * max(nodes, 1)
        }
    }

    /// One word of the command line each; empty when nothing is to be told.
    public let arguments: [String]

    public var text: String { arguments.joined(separator: " ") }

    /// The node's CPUs and their empty siblings are taken out of the scheduler's domains, from managed interrupts, the
    /// tick and RCU's callbacks; interrupts go to all others. Cores that share their CPUs with the system stay as they are.
    public init(for placement: CorePlacement, topology: MachineTopology, hugePages: HugePages? = nil) {
        let quiet = (placement.cpus + placement.emptySiblings).sorted()
        let others = topology.online.filter { !quiet.contains($0) }
        var arguments: [String] = []
        if placement.isExclusive, !quiet.isEmpty, !others.isEmpty {
            let list = cpuList(quiet)
            arguments = [
                "isolcpus=managed_irq,domain,\(list)", "nohz_full=\(list)", "rcu_nocbs=\(list)",
                "irqaffinity=\(cpuList(others))",
            ]
        }
        if let hugePages {
            let megabytes = hugePages.pageMegabytes
            let size = megabytes >= 1_024 ? "\(megabytes >> 10)G" : "\(megabytes)M"
            arguments += ["default_hugepagesz=\(size)", "hugepagesz=\(size)", "hugepages=\(hugePages.count)"]
        }
        self.arguments = arguments
    }
}
