import ArgumentParser
import Node

/// `wissel plan`: which stage on which CPU of this machine, or of another.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Propose which stage of the node runs on which CPU, and what the kernel is told at boot.",
        discussion: """
            Reads cores, siblings, L3 groups, NUMA nodes, isolated CPUs and the place of each NIC from /sys, and prints \
            the section `cores` for the configuration; what stays for the system, the kernel command line and warnings \
            stand beside it as comments. Opens no device and changes nothing. Leaves with 0, 1 when the machine cannot be \
            read, 78 when the configuration is wrong.

            example: wissel plan --config node.yaml --explain
            """)

    @Option(name: .shortAndLong, help: "The configuration to plan for; without it the built-in example.")
    var config: String?
    @Flag(help: "Say the reason of every choice.") var explain = false
    @Option(help: "Write the plan as JSON to this file, - for standard output.") var json: String?
    @Option(help: "Plan for the machine whose copy of /sys is in this folder.") var root = "/"

    func run() throws {
        try failing {
            let configuration =
                try config.map { try NodeConfiguration(path: $0) }
                ?? NodeConfiguration(yaml: NodeConfiguration.example, file: "the built-in example")
            let plan = try MachinePlan(configuration: configuration, root: root)
            if let json { try write(try plan.json(), to: json) }
            if json != "-" { print(plan.text(explains: explain)) }
        }
    }
}
