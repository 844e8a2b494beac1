import Runtime

extension NodeConfiguration.Cores {
    /// What the section says for a plan: every core, those of shards among them, and how they idle.
    public init(_ plan: CorePlan, remoteMemory: RemoteMemory = .warn) {
        self.init(remoteMemory: remoteMemory, idle: plan.idle, plan: plan.cores)
    }

    /// The lines below `cores:`, without indentation of their own.
    /// - Parameter comments: a line above each core of the plan; empty: none.
    public func lines(comments: [String] = []) -> [String] {
        var lines = ["idle: \(idleWord)", "plan:"]
        for (index, core) in plan.enumerated() {
            if index < comments.count { lines.append("  # \(comments[index])") }
            lines.append("  - \(Self.text(core))")
        }
        return lines
    }

    /// The whole section on one line, for a file that writes it so.
    var flowText: String {
        let memory = remoteMemory == .warn ? "" : "remoteMemory: \(remoteMemory.rawValue), "
        return "{idle: \(idleWord), \(memory)plan: [\(plan.map(Self.text).joined(separator: ", "))]}"
    }

    /// The word of the configuration.
    public var idleWord: String {
        switch idle {
        case nil: "automatic"
        case .busy: "busy"
        case .yield: "yield"
        case .backoff: "backoff"
        }
    }

    private static func text(_ core: CorePlan.Core) -> String {
        let cpu = core.cpu.map { "cpu: \($0), " } ?? ""
        return "{name: \(core.name), \(cpu)stages: [\(core.stages.joined(separator: ", "))]}"
    }

    /// Whether the other says the same.
    func isSame(as other: Self) -> Bool {
        idle == other.idle && remoteMemory == other.remoteMemory && plan == other.plan && matching == other.matching
    }
}
