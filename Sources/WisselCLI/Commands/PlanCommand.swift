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
            stand beside it as comments. Opens no device, and changes nothing but with --apply.

            --apply puts the section into the file of --config: all other bytes stay, comments too; the file as it was is \
            kept as FILE.before-plan. `wissel tune pinning` measures whether another plan is better.

            --hugepages prints instead the huge pages DPDK needs on each NUMA node for the buffers of the configuration, \
            what the kernel really has there, and the commands that reserve the rest.

            Leaves with 0; 1 when the machine cannot be read, the file cannot be written, or with --hugepages when pages \
            are missing; 78 when the configuration is wrong.

            example: wissel plan --config node.yaml --explain
                     wissel plan --config node.yaml --apply --draw machine.svg
                     wissel plan --config node.yaml --hugepages
            """)

    @Option(name: .shortAndLong, help: "The configuration to plan for; without it the built-in example.")
    var config: String?
    @Flag(help: "Say the reason of every choice, or of every addend.") var explain = false
    @Flag(help: "Write the plan into the configuration file.") var apply = false
    @Flag(help: "How many huge pages are needed where, and how many are there.") var hugepages = false
    @Option(help: "Draw the machine, with stages on cores, into this SVG file; - for standard output.")
    var draw: String?
    @Option(help: "Write the plan as JSON to this file, - for standard output.") var json: String?
    @Option(help: "Plan for the machine whose copy of /sys is in this folder.") var root = "/"

    func validate() throws {
        guard !apply || config != nil else {
            throw ValidationError(
                "--apply needs the file to write to: give --config FILE; 'wissel run --print-config > FILE' makes one")
        }
        guard draw != "-" || json != "-" else {
            throw ValidationError("--draw and --json cannot both go to standard output: give one a file name")
        }
    }

    func run() throws {
        try failing {
            let configuration =
                try config.map { try NodeConfiguration(path: $0) }
                ?? NodeConfiguration(yaml: NodeConfiguration.example, file: "the built-in example")
            let plan = try MachinePlan(configuration: configuration, root: root)
            if let json { try write(try plan.json(), to: json) }
            if let draw { try write(MachineDrawing(plan).svg(), to: draw) }
            let takesOutput = json == "-" || draw == "-"
            if !takesOutput { print(hugepages ? plan.hugePages.text(explains: explain) : plan.text(explains: explain)) }
            if apply, let config {
                narrate(
                    try ConfigurationFile(path: config).apply(plan.placement.plan), json: takesOutput ? "-" : json)
            }
            if hugepages, plan.hugePages.isLacking { throw ExitCode.failure }
        }
    }
}
