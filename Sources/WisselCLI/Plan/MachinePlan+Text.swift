import Node
import Runtime

extension MachinePlan {
    /// The section `cores` of the configuration; all else stands beside it as comments, so that the whole can be pasted.
    func text(explains: Bool) -> String {
        var lines = ["# machine:  \(machine)"]
        for interface in interfaces {
            let node = interface.numaNode.map { "NUMA node \($0)" } ?? "no NUMA node of its own"
            lines.append("# device:   \(interface.device): \(node), queues: \(interface.queues)")
        }
        let cores = NodeConfiguration.Cores(placement.plan)
        lines += ["cores:"] + cores.lines(comments: explains ? placement.choices.map(\.reason) : []).map { "  " + $0 }
        lines.append("# system:   \(list(placement.systemCPUs, none: "no CPU of its own"))")
        if explains { lines.append("#           \(systemReason)") }
        if !placement.emptySiblings.isEmpty {
            lines.append("# empty:    \(list(placement.emptySiblings, none: ""))")
            if explains { lines.append("#           siblings of the node's CPUs: who runs there takes half of a core") }
        }
        if !commandLine.arguments.isEmpty {
            lines.append("# kernel:   \(commandLine.text)")
            if explains { lines.append("#           \(hugePagesReason)") }
        }
        for warning in warnings { lines.append("# warning:  \(warning)") }
        return lines.joined(separator: "\n")
    }

    private var systemReason: String {
        placement.systemCPUs.contains(0)
            ? "CPU 0 takes the kernel's own work: timekeeping and interrupts nobody else wants"
            : "the node's cores share their CPUs with the system or are all this process may use"
    }

    private func list(_ cpus: [Int], none: String) -> String { cpus.isEmpty ? none : "CPUs \(AvailableCPUs(cpus))" }
}
