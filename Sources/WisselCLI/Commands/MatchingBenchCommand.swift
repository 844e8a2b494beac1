import ArgumentParser
import Foundation
import Runtime

/// `wissel bench matching`: the engine's own benchmark, or engines behind the public benchmark's C interface, without
/// its second core.
struct MatchingBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matching",
        abstract:
            "Nanoseconds of the matching engine, per operation; with --replay beside others, per recorded message.",
        discussion: """
            Without --replay: what each operation of our engine costs in books of 100, 10,000 and 1,000,000 orders, and in \
            pro-rata books of 10, 100 and 1,000 orders at a level; memory per resting order; a hash of everything the \
            engine said, which is the same on every machine; the rate of risk gate, engine and journal in one process; \
            and with --flow the order flow of a recorded feed. The table's foot says what is in each figure. A minute; \
            --small takes a second and is for tests.

            With --replay: each engine is a shared object with the C interface of the public matching-engine-benchmark, \
            each workload a file of its generator. All messages lie in memory before the clock starts; then one thread \
            calls the engine once per message, and the engine's reports are copied into memory that stays in the cache. \
            An engine with a queue of its own (engine_get_transport) is drained while the clock stands still.

            First every engine's reports are compared, all of them; whoever says less or something else is refused. \
            In the measured runs their number and the last ones are compared again. Beside the engines the loop itself is \
            measured, with entry points that do nothing (noop).

            The first engine is the one worst_ns_per_message of the JSON speaks of: the median of its worst scenario. \
            scripts/bench runs this loop and the benchmark's own harness.

            examples:
              wissel bench matching --json figures.json
              wissel bench matching --flow deep.pcap.zst
              wissel bench matching --replay normal.bin --engine ours=libWisselMatchingYardstick.so
            """)

    @Option(parsing: .upToNextOption, help: "Workload files, one per scenario.") var replay: [String] = []
    @Option(parsing: .upToNextOption, help: "With --replay: engines as NAME=PATH, the one that is judged first.")
    var engine: [String] = []
    @Option(help: "With --replay: rounds of all engines and workloads, odd, at least 3.") var rounds = 9
    @Option(help: "The CPU to measure on. Default: the last one this process may use.") var cpu: Int?
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?
    @Flag(help: "Small books and few operations, for tests: the hash is what counts then.") var small = false
    @Option(help: "Also a recorded feed's order flow: a capture of IEX DEEP or Cboe Futures PITCH.") var flow: String?
    @Option(help: "Folder for the journal of the pipeline. Default: the temporary folder.") var journal: String?

    func validate() throws {
        guard !replay.isEmpty || !engine.isEmpty else { return try validateOwn() }
        guard !small, flow == nil, journal == nil else {
            throw ValidationError(
                "--small, --flow and --journal belong to the own benchmark: leave --replay and --engine out")
        }
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

    private func validateOwn() throws {
        if let flow, !FileManager.default.isReadableFile(atPath: flow) {
            throw ValidationError("--flow: there is no \(flow) to read")
        }
        if let journal, !FileManager.default.isWritableFile(atPath: journal) {
            throw ValidationError("--journal: \(journal) is no folder that can be written to; make it first")
        }
    }

    func run() throws {
        if replay.isEmpty { return try failing { try runOwn() } }
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
            let switches = report.scenarios.reduce(0) { $0 + $1.involuntarySwitches }
            report.warnings = HostFingerprint.warnings + disturbances(switches, cpu: cpu)
            report.host = HostFingerprint(cpu: cpu, clock: clock).lines
            if let json { try write(try report.json(), to: json) }
            if json != "-" { print(report.table) }
        }
    }

    private func runOwn() throws {
        let cpu = cpu ?? AvailableCPUs.current().numbers.last ?? 0
        let clock = try Clock.calibrated()
        if let json, json != "-" { try write("", to: json) }
        let destination = json
        var report = try OwnBenchmark.run(
            OwnBenchmark.Options(isSmall: small, cpu: cpu, flow: flow, journalFolder: journal), clock: clock
        ) { narrate($0, json: destination) }
        report.warnings = HostFingerprint.warnings + disturbances(report.involuntarySwitches, cpu: cpu)
        report.host = HostFingerprint(cpu: cpu, clock: clock).lines
        if let json { try write(try report.json(), to: json) }
        if json != "-" { print(report.table) }
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

    private func disturbances(_ switches: Int, cpu: Int) -> [String] {
        switches == 0
            ? []
            : [
                "the measuring processes lost CPU \(cpu) to other work \(switches) times: "
                    + "stop other programs, or isolate the CPU"
            ]
    }
}
