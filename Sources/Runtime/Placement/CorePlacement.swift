/// A core plan made for a machine, with the reason of every choice: which stage on which CPU, and what stays for the rest.
public struct CorePlacement: Sendable, Equatable {
    /// A core of the plan and why it is where it is.
    public struct Choice: Sendable, Equatable {
        public var core: CorePlan.Core
        /// The NUMA node of its CPU; nil when it is not pinned.
        public var node: Int?
        /// Sentences.
        public var reason: String
    }

    /// In the order in which they chose: network, engine, market data, journal, shards.
    public var choices: [Choice]
    public var idle: IdleStrategy
    /// CPUs left to the kernel and to other programs, ascending; empty when the node's cores share theirs with them.
    public var systemCPUs: [Int]
    /// Siblings of the node's CPUs, which stay empty so that a poller has its physical core to itself; ascending.
    public var emptySiblings: [Int]
    /// What could not be had, a sentence each, with cause and remedy.
    public var warnings: [String]

    public var plan: CorePlan { CorePlan(cores: choices.map(\.core), idle: idle) }

    /// Whether the node's cores poll without rest, each on a physical core of its own; else they back off when idle.
    public var isExclusive: Bool { idle == .busy }

    /// CPUs of the plan, ascending.
    public var cpus: [Int] { choices.compactMap(\.core.cpu).sorted() }

    /// Plans the stages `network0…`, `engine`, `marketData`, `journal` and `matching0…`. Pure: the same machine gives the
    /// same plan.
    ///
    /// From four physical cores on, each core polls without rest, and these hold:
    /// - one CPU per physical core, its sibling empty; CPU 0 and its sibling are the system's;
    /// - network stages are on the node of their interface, the engine where most of them are: when that node is full
    ///   they share its cores rather than leave it; market data and journal go to the nearest node then;
    /// - isolated CPUs come first;
    /// - stages that hand over to one another are behind one L3 when it has room, one without CPU 0 before the others;
    /// - an engine's shards share the cores that are left on its node; where none is they stay part of the engine.
    ///
    /// On fewer cores the plan is `CorePlan.automatic`'s, with a warning.
    ///
    /// - Parameters:
    ///   - topology: has at least one CPU.
    ///   - available: CPUs the node may be told to run on; nil: all that are online.
    ///   - networkNodes: the NUMA node of the interface of `network0`, `network1`, …; nil: it names none. At least one.
    ///   - shards: of the engine; one needs no stage of its own.
    public init(
        on topology: MachineTopology, available: AvailableCPUs? = nil, networkNodes: [Int?], shards: Int = 1
    ) {
        precondition(!networkNodes.isEmpty, "a node has at least one network stage")
        let usable = topology.cpus.map(\.number).filter { available?.contains($0) ?? true }
        let cores = PhysicalCore.all(of: topology, usable: usable)
        if cores.count < Self.leastCores {
            self.init(shared: cores, topology: topology, usable: usable, networkStages: networkNodes.count)
        } else {
            self = CorePlanner(
                cores: cores, topology: topology, usable: usable, networkNodes: networkNodes, shards: shards
            ).placement()
        }
    }

    init(choices: [Choice], idle: IdleStrategy, usable: [Int], topology: MachineTopology, warnings: [String]) {
        self.choices = choices
        self.idle = idle
        self.warnings = warnings
        let taken = Set(choices.compactMap(\.core.cpu))
        let besides = Set(taken.flatMap { topology.cpu($0)?.siblings ?? [] }).subtracting(taken)
        emptySiblings = besides.sorted()
        systemCPUs = usable.filter { !taken.contains($0) && !besides.contains($0) }
    }

    /// Network, engine with market data, journal, and one for the system.
    private static let leastCores = 4
}
