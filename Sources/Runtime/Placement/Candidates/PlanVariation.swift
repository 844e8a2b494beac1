/// Changes to a plan whose cores poll without rest, each on a physical core of its own.
struct PlanVariation {
    private let plan: CorePlan
    private let topology: MachineTopology
    /// Cores nobody has, without CPU 0's and the clients'.
    private let free: [PhysicalCore]
    /// Kept for the clients: near the network, so that they stand for the NIC, and on no core of any plan.
    let clientCPUs: [Int]
    /// Where the engine is.
    private let home: (node: Int, cache: [Int])

    init(proposed: CorePlacement, cores: [PhysicalCore], topology: MachineTopology, clients: Int) {
        plan = proposed.plan
        self.topology = topology
        let taken = Set(proposed.cpus)
        let engine = proposed.plan.core(ofStage: "engine")?.cpu.flatMap { topology.cpu($0) }
        let home = (node: engine?.node ?? 0, cache: engine?.sharesL3With ?? [])
        self.home = home
        let others = cores.filter { !$0.holdsCPU0 && !taken.contains($0.cpu) && taken.isDisjoint(with: $0.siblings) }
        // From the far end of the node, and never the last of a kind that a variation needs.
        let near = others.filter { $0.node == home.node }
        let kept = near.suffix(min(max(clients, 1), near.count / 2))
        clientCPUs = kept.isEmpty ? (cores.first { $0.holdsCPU0 }.map { [$0.cpu] } ?? []) : kept.map(\.cpu)
        free = others.filter { !kept.contains($0) }
    }

    func plans() -> [(name: String, plan: CorePlan)] {
        var plans: [(name: String, plan: CorePlan?)] = [
            ("engine and marketData together", joined(["engine", "marketData"])),
            ("network and engine together", joined(["network0", "engine"])),
            ("network, engine and marketData together", joined(["network0", "engine", "marketData"])),
            ("network and engine on one core's threads", threads([("network0", "engine")])),
            ("engine and marketData on one core's threads", threads([("engine", "marketData")])),
            ("engine and journal on one core's threads", threads([("engine", "journal")])),
            ("marketData and journal on one core's threads", threads([("marketData", "journal")])),
            (
                "two cores' threads: network and engine, marketData and journal",
                threads([("network0", "engine"), ("marketData", "journal")])
            ),
        ]
        let shards = plan.cores.flatMap(\.stages).filter { $0.hasPrefix("matching") }
        if !shards.isEmpty {
            plans.append(("shards on the engine's core", without(shards)))
            plans.append(("shards on one core", joined(shards)))
        }
        let elsewhere: [(place: String, cores: [PhysicalCore])] = [
            ("behind another L3", otherCache), ("on another NUMA node", otherNode),
        ]
        for (place, cores) in elsewhere {
            plans.append(("engine \(place)", moved(["engine"], to: cores)))
            plans.append(("marketData \(place)", moved(["marketData"], to: cores)))
            plans.append(("journal \(place)", moved(["journal"], to: cores)))
            plans.append(("marketData and journal \(place)", moved(["marketData", "journal"], to: cores)))
            plans.append(("shards \(place)", moved(shards, to: cores)))
            plans.append(("all \(place)", moved(nil, to: cores)))
        }
        return plans.compactMap { name, plan in plan.map { (name, $0) } }
    }

    /// Free cores of the engine's node behind the L3 that has most of them, but not the engine's.
    private var otherCache: [PhysicalCore] {
        let others = free.filter { $0.node == home.node && !$0.cache.isEmpty && $0.cache != home.cache }
        return largest(Dictionary(grouping: others, by: \.cache))
    }

    /// Free cores of the nearest other node that has most of them.
    private var otherNode: [PhysicalCore] {
        let others = Dictionary(grouping: free.filter { $0.node != home.node }, by: \.node)
        let nearest = others.keys.map { topology.distance(from: home.node, to: $0) }.min()
        let near = others.filter { topology.distance(from: home.node, to: $0.key) == nearest }
        // Behind one L3 where one has room for all.
        return largest(near).sorted { ($0.cache.first ?? 0, $0.cpu) < ($1.cache.first ?? 0, $1.cpu) }
    }

    private func largest(_ groups: [some Hashable: [PhysicalCore]]) -> [PhysicalCore] {
        let all = groups.values.map { $0.sorted { $0.cpu < $1.cpu } }
        return all.min { (-$0.count, $0[0].cpu) < (-$1.count, $1[0].cpu) } ?? []
    }

    /// The stages on the core of the first; nil when they are there, or the core of another would be left without any.
    private func joined(_ stages: [String]) -> CorePlan? {
        let rows = plan.cores.indices.filter { index in plan.cores[index].stages.contains(where: stages.contains) }
        guard rows.count > 1 else { return nil }
        var result = plan
        result.cores[rows[0]].stages = rows.flatMap { plan.cores[$0].stages }
        for index in rows.dropFirst().reversed() { result.cores.remove(at: index) }
        return result
    }

    /// Without the cores of these stages: shards that no core names are part of the engine.
    private func without(_ stages: [String]) -> CorePlan {
        var result = plan
        result.cores.removeAll { $0.stages.allSatisfy(stages.contains) }
        return result
    }

    /// The second of each pair on the other thread of the first's core.
    private func threads(_ pairs: [(first: String, second: String)]) -> CorePlan? {
        var result = plan
        for (first, second) in pairs {
            guard let one = result.cores.firstIndex(where: { $0.stages.contains(first) }),
                let two = result.cores.firstIndex(where: { $0.stages.contains(second) }), one != two,
                let cpu = result.cores[one].cpu,
                let sibling = topology.cpu(cpu)?.siblings.first(where: { $0 != cpu })
            else { return nil }
            result.cores[two].cpu = sibling
        }
        return result
    }

    /// The cores of these stages, or of all, on others; nil when there are too few, or other stages would come along.
    private func moved(_ stages: [String]?, to cores: [PhysicalCore]) -> CorePlan? {
        var result = plan
        var rest = cores[...]
        for index in plan.cores.indices {
            let own = plan.cores[index].stages
            guard let stages else {
                guard let core = rest.popFirst() else { return nil }
                result.cores[index].cpu = core.cpu
                continue
            }
            guard own.contains(where: stages.contains) else { continue }
            guard own.allSatisfy(stages.contains), let core = rest.popFirst() else { return nil }
            result.cores[index].cpu = core.cpu
        }
        return result == plan ? nil : result
    }
}
