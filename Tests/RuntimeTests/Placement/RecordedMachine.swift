import Runtime
import TestSupport
import Testing

/// A machine as the kernel of a server shows it, the nodes of a configuration's network stages, and the plan that belongs to them.
struct RecordedMachine: CustomTestStringConvertible {
    var name: String
    var topology: String
    /// Of network0, network1, …; nil: the interface names no node.
    var networkNodes: [Int?]
    /// As `CorePlacement.lines` writes it.
    var plan: String

    var testDescription: String { name }

    /// The machine as it is read from its tree.
    func read() throws -> MachineTopology {
        let folder = try TemporaryFolder()
        try RecordedTopology(topology).write(to: folder.path)
        return try MachineTopology(root: folder.path)
    }
}

extension CorePlacement {
    /// The whole plan in a short form: `CPU: stages`, the system's CPUs, the empty ones, the kernel's arguments, warnings.
    func lines(on topology: MachineTopology) -> String {
        var lines = choices.map { choice in
            "\(choice.core.cpu.map { String($0) } ?? "-"): \(choice.core.stages.joined(separator: " "))"
        }
        lines.append("\(isExclusive ? "polling" : "backing off")")
        lines.append("system \(AvailableCPUs(systemCPUs)), empty \(AvailableCPUs(emptySiblings))")
        lines += KernelCommandLine(for: self, topology: topology).arguments
        return (lines + warnings.map { "! \($0)" }).joined(separator: "\n")
    }
}
