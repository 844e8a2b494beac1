/// Makes the placement of a machine with four physical cores or more; one planner makes one.
struct CorePlanner {
    /// Stages that will run on one core, and where they would like to be.
    struct Row {
        var stages: [String]
        var node: Int
    }

    let topology: MachineTopology
    private let usable: [Int]
    /// As told; nil: the interface names none.
    let interfaceNodes: [Int?]
    /// The node of most network stages, and so of the engine.
    let home: Int
    /// In the order in which they choose.
    let rows: [Row]
    private var free: FreeCores
    private var choices: [CorePlacement.Choice] = []
    private(set) var warnings: [String]

    /// - Parameter cores: all cores of which a CPU is usable; at least four.
    init(cores: [PhysicalCore], topology: MachineTopology, usable: [Int], networkNodes: [Int?], shards: Int) {
        self.topology = topology
        self.usable = usable
        interfaceNodes = networkNodes
        let candidates = cores.filter { !$0.holdsCPU0 }
        let room = Dictionary(grouping: candidates, by: \.node).mapValues(\.count)

        // The nodes of the interfaces, or the nearest ones that have a core.
        let nearest = networkNodes.map { node in
            node.flatMap { node in room.keys.min { topology.isNearer($0, than: $1, to: node) } }
        }
        let home = Self.home(nearest, candidates: candidates)
        let nodes = nearest.map { $0 ?? home }

        // A node with an interface gets a network core as long as one core is left for all the other stages.
        let most = max(candidates.count - 3, min(Set(nodes).count, candidates.count - 1), 1)
        let network = NetworkRows(nodes: nodes, room: room, home: home, most: most)
        var rows = network.rows.map { Row(stages: $0.stages.map { "network\($0)" }, node: $0.node) }
        var rest = ["engine", "marketData", "journal"]
        if room[home] == 1, let first = rows.firstIndex(where: { $0.node == home }) {
            // The only core there: better shared by network and engine than the engine on another node.
            rows[first].stages.append(rest.removeFirst())
        }
        rows += Self.groups(rest, cores: candidates.count - rows.count).map { Row(stages: $0, node: home) }
        // A shard on another node would cost each command two hand-overs across.
        let left = (room[home] ?? 0) - rows.count { $0.node == home }
        let shardStages = CorePlan.shardStages(shards, onCores: left)
        rows += shardStages.map { Row(stages: $0, node: home) }
        warnings = []
        if shards > 1, shardStages.isEmpty {
            warnings.append(
                "the \(shards) shards run one after another on the engine's core: "
                    + (topology.nodes.count > 1 ? "NUMA node \(home)" : "the machine")
                    + " has no physical core left beside CPU 0's: give it more cores")
        }
        self.home = home
        self.rows = rows
        free = FreeCores(candidates, wishes: rows.map(\.node))
    }

    /// Gives each row its core.
    consuming func placement() -> CorePlacement {
        for row in rows {
            guard let core = free.take(near: row.node, topology: topology) else { continue }
            let first = choices.first { $0.node == core.node }
            choices.append(
                CorePlacement.Choice(
                    core: CorePlan.Core(name: row.stages[0], cpu: core.cpu, stages: row.stages), node: core.node,
                    reason: reason(for: row, on: core, after: first?.core)))
            if let warning = warning(for: row, on: core) { warnings.append(warning) }
        }
        if let warning = isolationWarning(choices) { warnings.append(warning) }
        return CorePlacement(
            choices: choices, idle: .busy, usable: usable, topology: topology, warnings: warnings)
    }

    /// Where most network stages are, and of equals where there is most room for all.
    private static func home(_ nodes: [Int?], candidates: [PhysicalCore]) -> Int {
        let stages = Dictionary(grouping: nodes.compactMap { $0 }, by: { $0 }).mapValues(\.count)
        let byNode = Dictionary(grouping: candidates, by: \.node)
        let wanted = nodes.count + 3
        func rank(_ node: Int) -> (Int, Int, Int, Int) {
            let cores = byNode[node] ?? []
            let isolated = cores.count(where: \.isIsolated)
            return (-(stages[node] ?? 0), -min(isolated, wanted), -min(cores.count, wanted), node)
        }
        return byNode.keys.min { rank($0) < rank($1) } ?? 0
    }

    /// The stages behind the network on as many cores as are left, each by itself where it can be: the journal, which
    /// waits for the disk, is the last to share, market data the first.
    private static func groups(_ stages: [String], cores: Int) -> [[String]] {
        switch cores {
        case stages.count...: stages.map { [$0] }
        case 2: [Array(stages.dropLast()), Array(stages.suffix(1))]
        default: [stages]
        }
    }
}

extension MachineTopology {
    /// Whether a node is nearer to `node` than another; of equally near ones the lower number is.
    func isNearer(_ one: Int, than other: Int, to node: Int) -> Bool {
        (distance(from: node, to: one), one) < (distance(from: node, to: other), other)
    }
}
