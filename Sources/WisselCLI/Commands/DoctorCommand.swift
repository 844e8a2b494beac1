import ArgumentParser
import Foundation
import Node

/// `wissel doctor`: will the node run here, how well, and what would make it better.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the machine, and the devices of a configuration, and say what to put right.",
        discussion: """
            Rights, CPUs, isolation, frequency, clock, memory, huge pages, IOMMU, journal: each passes, could be better, or \
            must be put right, with what was found and a remedy that can be pasted. With --config also what that asks of \
            the machine, and every interface, opened as the node opens it: link, MTU, queues, spreading, flow rules, \
            checksums, burst functions. While a node runs on the configuration its devices are left alone. --root examines \
            a copy of a machine's files, of which nothing is opened. `wissel run` looks at the same before it starts, but \
            for the devices.

            Leaves with 0 when the node can run, 1 when something must be put right, 78 when the configuration is wrong.

            example: sudo wissel doctor --config node.yaml
            """)

    @Option(name: .shortAndLong, help: "The configuration whose devices to examine.") var config: String?
    @Option(
        defaultAsFlag: "-",
        help: ArgumentHelp("Write the checks as JSON to this file, or to standard output.", valueName: "file"))
    var json: String?
    @Option(
        defaultAsFlag: 5.0,
        help: ArgumentHelp(
            "Also measure for so many seconds how long each CPU is taken away from a thread that polls: those of the "
                + "plan, or all. Only when asked for, because it takes its time.", valueName: "seconds"))
    var jitter: Double?
    @Option(help: "Examine the machine whose /sys, /proc, /etc, /dev and /run are in this folder.") var root = "/"
    @Flag(help: "Examine in a network namespace of its own (needs root), as `run --isolated` would run.")
    var isolated = false

    func validate() throws {
        guard let jitter else { return }
        guard (0.05...3_600).contains(jitter) else { throw ValidationError("--jitter takes 0.05 to 3600 seconds") }
        guard MachineFolder(root: root).isHere else {
            throw ValidationError("--jitter measures this machine: leave --root out")
        }
    }

    func run() throws {
        try failing {
            let configuration = try config.map { try NodeConfiguration(path: $0) }
            if isolated { try NetworkNamespace.enter() }
            var examination: Examination
            if let configuration, MachineFolder(root: root).isHere {
                examination = try Examination(openingDevicesOf: configuration)
            } else {
                examination = try Examination(machine: root, configuration: configuration)
            }
            if let jitter {
                let live = LiveLine(isOn: isTerminal(STDOUT_FILENO) && json != "-")
                try examination.measureJitter(seconds: jitter) { live.show($0) }
                live.finish()
            }
            if let json { try write(try prettyJSON(examination), to: json) }
            if json != "-" {
                let isScreen = isTerminal(STDOUT_FILENO)
                print(examination.table(width: isScreen ? LiveLine.width() : 0, isColoured: isScreen))
            }
            if examination.failed > 0 { throw ExitCode.failure }
        }
    }
}
