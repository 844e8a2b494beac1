/// What of a plan the hardware can tell: two plans with the same signature differ only in the numbers of their CPUs.
struct PlanSignature {
    let text: String

    /// For each core of the plan its stages and where it is; for each two, what they share.
    init(of plan: CorePlan, on topology: MachineTopology, networkNodes: [Int?]) {
        let rows = plan.cores.sorted { Self.first($0.stages) < Self.first($1.stages) }
        let isolated = Set(topology.isolated)
        var parts = ["\(plan.idle)"]
        for (index, row) in rows.enumerated() {
            guard let number = row.cpu, let cpu = topology.cpu(number) else {
                parts.append("\(row.stages.sorted()) anywhere")
                continue
            }
            var words = ["\(row.stages.sorted())"]
            for (stage, node) in networkNodes.enumerated() where row.stages.contains("network\(stage)") {
                words.append(node.map { "\(topology.distance(from: $0, to: cpu.node))" } ?? "-")
            }
            if isolated.contains(number) { words.append("isolated") }
            if cpu.siblings.contains(0) { words.append("with CPU 0") }
            if cpu.sharesL3With.contains(0) { words.append("beside CPU 0") }
            for other in rows[..<index] {
                words.append(other.cpu.flatMap { topology.cpu($0) }.map { Self.relation($0, cpu, topology) } ?? "?")
            }
            parts.append(words.joined(separator: " "))
        }
        text = parts.joined(separator: "; ")
    }

    private static func relation(
        _ one: MachineTopology.CPU, _ other: MachineTopology.CPU, _ topology: MachineTopology
    ) -> String {
        if one.number == other.number { return "cpu" }
        if one.siblings.contains(other.number) { return "core" }
        if one.sharesL3With.contains(other.number) { return "l3" }
        return one.node == other.node ? "node" : "\(topology.distance(from: one.node, to: other.node))"
    }

    /// Place of a core in the order of the packet.
    private static func first(_ stages: [String]) -> Int {
        stages.map { stage in
            switch stage {
            case "engine": 1_000
            case "marketData": 1_001
            case "journal": 1_002
            case _ where stage.hasPrefix("matching"): 1_003 + (Int(stage.dropFirst("matching".count)) ?? 0)
            default: Int(stage.dropFirst("network".count)) ?? 2_000
            }
        }.min() ?? 2_000
    }
}
