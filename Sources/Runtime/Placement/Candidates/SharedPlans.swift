/// Plans for a machine with too few cores to give any away: the stages divided over the cores, with each way of waiting.
struct SharedPlans {
    /// One CPU per physical core, CPU 0's last: what the kernel does there for itself falls on the last stages.
    private let cpus: [Int]
    /// The threads of the cores, one core's beside each other; empty without siblings.
    private let threads: [Int]
    private let network: [String]

    init(cores: [PhysicalCore], usable: [Int], networkStages: Int) {
        let ordered = cores.filter { !$0.holdsCPU0 } + cores.filter(\.holdsCPU0)
        cpus = ordered.map(\.cpu)
        let own = ordered.flatMap { core in ([core.cpu] + core.siblings).filter(usable.contains) }
        threads = own.count > cores.count ? own : []
        network = (0..<networkStages).map { "network\($0)" }
    }

    func plans() -> [(name: String, plan: CorePlan)] {
        var plans: [(name: String, plan: CorePlan)] = []
        let ways: [(word: String, idle: IdleStrategy)] = [
            ("backing off", .shared), ("yielding", .yield), ("busy", .busy),
        ]
        for (word, idle) in ways {
            for groups in divisions where groups.count <= cpus.count {
                plans.append(("\(Self.text(groups)), \(word)", plan(groups, on: cpus, idle)))
            }
            // A stage a thread, those that hand over to one another on one core.
            let apart = divisions.last { $0.count <= threads.count }
            if let apart, apart.count > cpus.count {
                plans.append(("\(Self.text(apart)) on threads, \(word)", plan(apart, on: threads, idle)))
            }
        }
        // The other way round: what is first beside the kernel's own work.
        for groups in divisions where groups.count == cpus.count && groups.count > 1 {
            plans.append(
                ("\(Self.text(groups)), first on CPU \(cpus.last ?? 0)", plan(groups, on: cpus.reversed(), .shared)))
        }
        return plans
    }

    /// In the order of the packet, from together to apart.
    private var divisions: [[[String]]] {
        [
            [network + ["engine", "marketData", "journal"]],
            [network + ["engine", "marketData"], ["journal"]],
            [network + ["engine"], ["marketData", "journal"]],
            [network, ["engine", "marketData", "journal"]],
            [network, ["engine", "marketData"], ["journal"]],
            [network, ["engine"], ["marketData", "journal"]],
            [network, ["engine"], ["marketData"], ["journal"]],
        ]
    }

    private func plan(_ groups: [[String]], on cpus: [Int], _ idle: IdleStrategy) -> CorePlan {
        CorePlan(
            cores: zip(groups, cpus).map { CorePlan.Core(name: $0[0], cpu: $1, stages: $0) }, idle: idle)
    }

    private static func text(_ groups: [[String]]) -> String {
        groups.map { group in
            let rest = group.filter { !$0.hasPrefix("network") }
            return (rest.count < group.count ? ["network"] + rest : rest).joined(separator: "+")
        }.joined(separator: " | ")
    }
}
