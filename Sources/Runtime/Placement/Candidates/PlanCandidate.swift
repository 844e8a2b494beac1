/// A plan worth measuring.
public struct PlanCandidate: Sendable, Equatable {
    /// What is different from the proposed plan, in a few words; unique among the candidates of a machine.
    public var name: String
    public var plan: CorePlan
    /// Where the clients of the measurement run, one CPU each: on no CPU of the plan where there are others.
    public var clientCPUs: [Int]

    public init(name: String, plan: CorePlan, clientCPUs: [Int]) {
        self.name = name
        self.plan = plan
        self.clientCPUs = clientCPUs
    }

    /// Whether a client has to run on a CPU of the plan. What such a plan is measured at is not what it is worth: it is
    /// comparable with others of which the same is true.
    public var sharesCPUWithClients: Bool {
        plan.cores.contains { $0.cpu.map(clientCPUs.contains) ?? true }
    }

    /// At most so many: with three stages and shards behind the network there are no more kinds of neighbourhood worth a
    /// minute.
    public static let most = 24

    /// The plans that make sense on a machine, the proposed one first. Pure: the same machine gives the same list.
    ///
    /// Where each stage can have a core, the proposed plan is changed in one way at a time:
    /// - stages together on one core: engine with market data, network with engine, all three;
    /// - stages on the two threads of one core: network and engine, engine and market data, engine and journal, market
    ///   data and journal;
    /// - engine, market data or journal behind another L3 of the same node, or all stages there;
    /// - engine, journal, or market data and journal on another node, or all stages there;
    /// - the engine's shards on its own core, on one core, behind another L3, on another node.
    ///
    /// Where cores are shared, the stages are divided over the cores in each way that keeps the order of the packet, and
    /// each with the three ways of waiting: busy, yielding, backing off.
    ///
    /// Plans that are the same to the hardware, such as the next core of the same L3, count once. That leaves 5 to 24 of
    /// the millions there are, however large the machine is.
    ///
    /// - Parameters:
    ///   - proposed: the placement `CorePlacement` makes for this machine.
    ///   - available: as there.
    ///   - networkNodes: as there.
    ///   - configured: a plan somebody wrote, which is tried too; nil: none.
    ///   - clients: how many clients would like a CPU of their own.
    public static func all(
        on topology: MachineTopology, proposed: CorePlacement, available: AvailableCPUs? = nil, networkNodes: [Int?],
        configured: CorePlan? = nil, clients: Int = 1
    ) -> [PlanCandidate] {
        let usable = topology.cpus.map(\.number).filter { available?.contains($0) ?? true }
        let cores = PhysicalCore.all(of: topology, usable: usable)
        var plans: [(name: String, plan: CorePlan)] = [("proposed", proposed.plan)]
        if let configured { plans.append(("as configured", configured)) }
        let reserved: [Int]
        if proposed.isExclusive {
            let variation = PlanVariation(proposed: proposed, cores: cores, topology: topology, clients: clients)
            reserved = variation.clientCPUs
            plans += variation.plans()
        } else {
            reserved = []
            plans += SharedPlans(cores: cores, usable: usable, networkStages: networkNodes.count).plans()
        }
        var seen: Set<String> = []
        let different = plans.filter {
            seen.insert(PlanSignature(of: $0.plan, on: topology, networkNodes: networkNodes).text).inserted
        }
        return different.prefix(most).map { name, plan in
            let taken = Set(plan.cores.compactMap(\.cpu))
            let free = reserved.filter { !taken.contains($0) }
            return PlanCandidate(
                name: name, plan: plan,
                clientCPUs: free.isEmpty ? [clientCPU(beside: plan, usable: usable)] : free)
        }
    }

    /// Where nothing was kept for clients: a CPU without a stage, CPU 0 before others, else the one whose stages are
    /// furthest from the answer.
    private static func clientCPU(beside plan: CorePlan, usable: [Int]) -> Int {
        let taken = Set(plan.cores.compactMap(\.cpu))
        if let free = usable.first(where: { !taken.contains($0) }) { return free }
        func weight(_ core: CorePlan.Core) -> Int {
            core.stages.reduce(0) { $0 + ($1 == "journal" ? 1 : $1 == "marketData" ? 2 : 10) }
        }
        let least = plan.cores.filter { $0.cpu != nil }.min { weight($0) < weight($1) }
        return least?.cpu ?? usable.first ?? 0
    }
}
