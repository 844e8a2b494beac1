import ArgumentParser
import Foundation
import Runtime

/// `wissel bench matching`: engines behind the public benchmark's C interface, without its second core.
struct MatchingBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matching",
        abstract: "Nanoseconds per message of matching engines, in a bare loop over a recorded workload.",
        discussion: """
            Each engine is a shared object with the C interface of the public matching-engine-benchmark, each workload a \
            file of its generator. All messages lie in memory before the clock starts; then one thread calls the engine \
            once per message, and the engine's reports are copied into memory that stays in the cache. An engine with a \
            queue of its own (engine_get_transport) is drained while the clock stands still.

            First every engine's reports are compared, all of them; whoever says less or something else is refused. \
            In the measured runs their number and the last ones are compared again. Beside the engines the loop itself is \
            measured, with entry points that do nothing (noop).

            The first engine is the one worst_ns_per_message of the JSON speaks of: the median of its worst scenario. \
            scripts/bench runs this loop and the benchmark's own harness.

            example: wissel bench matching --replay normal.bin --engine ours=libWisselMatchingYardstick.so
            """)

    @Option(parsing: .upToNextOption, help: "Workload files, one per scenario.") var replay: [String]
    @Option(parsing: .upToNextOption, help: "Engines as NAME=PATH, the one that is judged first.") var engine: [String]
    @Option(help: "Rounds of all engines and workloads, odd, at least 3.") var rounds = 9
    @Option(help: "The CPU to measure on. Default: the last one this process may use.") var cpu: Int?
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?

    func validate() throws {
        guard rounds >= 3, !rounds.isMultiple(of: 2) else {
            throw ValidationError("--rounds takes an odd number from 3 on, so that there is a median")
        }
        guard !replay.isEmpty else { throw ValidationError("--replay takes at least one workload file") }
        let scenarios = replay.map(WorkloadFile.scenario(of:))
        guard Set(scenarios).count == scenarios.count else {
            throw ValidationError("two workloads have the same name (\(scenarios.joined(separator: ", ")))")
        }
        let names = try candidates().map(\.name)
        guard Set(names).count == names.count else {
            throw ValidationError("two engines have the same name (\(names.joined(separator: ", ")))")
        }
    }

    func run() throws {
        try failing {
            let available = AvailableCPUs.current().numbers
            let cpu = cpu ?? available.last ?? 0
            let clock = try Clock.calibrated()
            let engines = try candidates()
            for path in replay { _ = try WorkloadFile.read(path) }
            if let json, json != "-" { try write("", to: json) }
            var report = try MatchingBenchmark.run(
                MatchingBenchmark.Options(replays: replay, engines: engines, rounds: rounds, cpu: cpu), clock: clock
            ) { narrate($0, json: json) }
            report.warnings = HostFingerprint.warnings + disturbances(report, cpu: cpu)
            report.host = HostFingerprint(cpu: cpu, clock: clock).lines
            if let json { try write(try report.json(), to: json) }
            if json != "-" { print(report.table) }
        }
    }

    private func candidates() throws -> [YardstickCandidate] {
        guard !engine.isEmpty else { throw ValidationError("--engine takes at least one engine, as NAME=PATH") }
        return try engine.map {
            guard let candidate = YardstickCandidate(argument: $0) else {
                throw ValidationError("--engine takes NAME=PATH, a name other than noop; '\($0)' is not that")
            }
            guard FileManager.default.isReadableFile(atPath: candidate.path) else {
                throw ValidationError("--engine \(candidate.name): there is no \(candidate.path) to read")
            }
            return candidate
        }
    }

    private func disturbances(_ report: MatchingBenchmarkReport, cpu: Int) -> [String] {
        let switches = report.scenarios.reduce(0) { $0 + $1.involuntarySwitches }
        return switches == 0
            ? []
            : [
                "the measuring processes lost CPU \(cpu) to other work \(switches) times: "
                    + "stop other programs, or isolate the CPU"
            ]
    }
}
