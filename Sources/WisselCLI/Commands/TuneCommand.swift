import ArgumentParser
import Foundation
import Node

/// `wissel tune`: finds out by measuring what a machine is best set up for.
struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Find out by measuring how this machine is set up best.",
        subcommands: [TunePinningCommand.self, MeasureCommand.self])
}

/// `wissel tune pinning`: which stage on which CPU, measured.
struct TunePinningCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pinning", abstract: "Try the core plans that make sense on this machine, and rank them.",
        discussion: """
            Starts from what `wissel plan` proposes and changes one thing at a time: stages together or apart, on the two \
            threads of a core, behind another L3, on another NUMA node; where CPUs are shared also how idle cores wait. \
            --list prints the plans. Each is measured in a process of its own with a whole node on wires in memory: \
            orders as fast as they are answered, then orders at a set rate beside market data. All plans are measured in \
            turn, round by round, so that what disturbs the machine disturbs all; figures are medians of the rounds.

            A plan wins only when it is better in nearly every round and by more than the rounds differ among \
            themselves; else the proposed plan stays, and the noise is said. Stop the node and what else can be stopped \
            before. A wire in memory stands for the NIC, so what the NIC itself costs is not in the figures; its clients \
            take a CPU, and on a machine that has none to spare plans which leave them one are not compared.

            Each measurement is kept in the results file as it ends. Started again, after Ctrl-C, a power cut or to add \
            rounds, it goes on where it was; on another machine, with another configuration, build or options it \
            begins afresh and says why. --apply writes the winner into the file of --config as `wissel plan --apply` does.

            Leaves with 0; 1 when no plan could be measured; 78 for a wrong configuration; 130 when interrupted.

            example: wissel tune pinning --config node.yaml --apply
                     wissel tune pinning --rounds 3 --seconds-per-plan 0.5     # a first look
            """)

    @Option(name: .shortAndLong, help: "The configuration to tune for; without it the built-in example.")
    var config: String?
    @Option(help: "Plan for the place of this device instead of the first interface's, such as pci:0000:03:00.0.")
    var device: String?
    @Option(help: "Seconds a plan is measured in each round, 0.1…3600.") var secondsPerPlan = 2.0
    @Option(help: "Rounds of all plans in turn, 1…99; 3 are the least that tell a difference.") var rounds = 5
    @Option(help: "What plans are ranked by: round-trip (median), tail (99th percentile) or orders (a second).")
    var by = TuneRanking.Measure.roundTrip
    @Option(help: "Orders offered while the round trip is measured, 100…10000000.") var ordersPerSecond = 20_000.0
    @Option(help: "Market-data packets beside them, 0…10000000.") var marketDataPerSecond = 100_000.0
    @Option(help: "Folder on the disk whose journal is measured; without it the system's temporary one.")
    var journal: String?
    @Option(help: "Where measurements are kept; without it wissel/tune-pinning.jsonl under $XDG_STATE_HOME.")
    var results: String?
    @Flag(help: "Go on where the last run ended, as it does without.") var resume = false
    @Flag(help: "Begin anew; what was measured before is kept as FILE.before.") var fresh = false
    @Flag(help: "Write the winner into the configuration file.") var apply = false
    @Flag(help: "Print the plans that would be tried, and leave.") var list = false
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?
    @Option(help: "With --list: for the machine whose copy of /sys is in this folder.") var root = "/"

    func validate() throws {
        guard secondsPerPlan >= 0.1, secondsPerPlan <= 3_600 else {
            throw ValidationError("--seconds-per-plan takes 0.1 to 3600")
        }
        guard (1...99).contains(rounds) else { throw ValidationError("--rounds takes 1 to 99") }
        guard ordersPerSecond >= 100, ordersPerSecond <= 1e7 else {
            throw ValidationError("--orders-per-second takes 100 to 10000000")
        }
        guard marketDataPerSecond >= 0, marketDataPerSecond <= 1e7 else {
            throw ValidationError("--market-data-per-second takes 0 to 10000000")
        }
        guard !fresh || !resume else { throw ValidationError("--fresh and --resume exclude each other: leave one out") }
        guard !apply || config != nil else {
            throw ValidationError(
                "--apply needs the file to write to: give --config FILE; 'wissel run --print-config > FILE' makes one")
        }
        guard root == "/" || list else {
            throw ValidationError("another machine can be listed, not measured: add --list, or leave --root out")
        }
    }

    func run() throws {
        try failing {
            let text = try config.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
            var configuration =
                try config.map { try NodeConfiguration(path: $0) }
                ?? NodeConfiguration(yaml: NodeConfiguration.example, file: "the built-in example")
            if let device { configuration.interfaces[0].device = device }
            let tuning = try PinningTuning(
                configuration: configuration,
                text: (text ?? Data(NodeConfiguration.example.utf8)) + Data((device ?? "").utf8),
                plan: try MachinePlan(configuration: configuration, root: root),
                options: TuneOptions(
                    phaseSeconds: secondsPerPlan / 2, ordersPerSecond: ordersPerSecond,
                    marketDataPerSecond: marketDataPerSecond,
                    journalFolder: journal ?? FileManager.default.temporaryDirectory.path),
                file: TuneFile(path: results ?? TuneFile.usualPath))
            if list { return print(tuning.list) }
            // A measuring process that ends early must not end this one.
            signal(SIGPIPE, SIG_IGN)
            let stop = SignalFlag.stop()
            for line in HostFingerprint.warnings { standardError("warning: \(line)") }
            narrate(
                "\(tuning.candidates.count) plans, \(rounds) rounds, "
                    + "\(shortNumber(2 * tuning.conditions.phaseSeconds)) s each; results: \(tuning.file.path)",
                json: json)
            let outcome = try tuning.run(
                rounds: rounds, fresh: fresh, json: json, isInterrupted: { stop.isRaised },
                say: { narrate($0, json: json) })
            let report = TuneReport(
                ranking: TuneRanking(
                    outcome.entries, plans: tuning.candidates.map(\.name), by: by, incomparable: tuning.incomparable),
                candidates: tuning.candidates, entries: outcome.entries, circumstances: tuning.circumstances,
                resultsPath: tuning.file.path)
            if let json { try write(try report.json(), to: json) }
            if json != "-" { print(report.text) }
            guard outcome.isWhole else {
                standardError("interrupted: the same command goes on where it was")
                throw ExitCode(130)
            }
            guard !report.ranking.rows.isEmpty else { throw ExitCode.failure }
            guard apply, let config else { return }
            guard let winner = report.winner else {
                return narrate("\(config) was left as it is: no plan has won", json: json)
            }
            narrate(try ConfigurationFile(path: config).apply(winner.plan), json: json)
        }
    }
}

extension TuneRanking.Measure: ExpressibleByArgument {}
