import Node
import Runtime

extension MachinePlan {
    /// For JSON.
    struct Machine: Encodable {
        struct Core: Encodable {
            var name: String
            /// Nil: not pinned.
            var cpu: Int?
            var numaNode: Int?
            var stages: [String]
            var reason: String
        }
        /// The whole in one line.
        var machine: String
        var interfaces: [Interface]
        var idle: String
        var cores: [Core]
        var systemCPUs: [Int]
        var emptySiblings: [Int]
        var kernelArguments: [String]
        var hugePages: HugePagePlan.Figures
        var warnings: [String]
    }

    func json() throws -> String {
        try prettyJSON(
            Machine(
                machine: machine, interfaces: interfaces, idle: NodeConfiguration.Cores(placement.plan).idleWord,
                cores: placement.choices.map {
                    Machine.Core(
                        name: $0.core.name, cpu: $0.core.cpu, numaNode: $0.node, stages: $0.core.stages,
                        reason: $0.reason)
                }, systemCPUs: placement.systemCPUs, emptySiblings: placement.emptySiblings,
                kernelArguments: commandLine.arguments, hugePages: hugePages.figures,
                warnings: warnings))
    }
}
