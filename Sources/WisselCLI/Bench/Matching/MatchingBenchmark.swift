import Runtime

/// Engines side by side: the same workloads, one process per engine and run, in turn.
enum MatchingBenchmark {
    struct Options {
        /// Workload files.
        var replays: [String]
        /// The first is the one that is judged.
        var engines: [YardstickCandidate]
        var rounds: Int
        var cpu: Int
    }

    /// Compares what the engines say, then measures. The engine that does nothing is measured too.
    static func run(_ options: Options, clock: Clock, progress: (String) -> Void) throws -> MatchingBenchmarkReport {
        let runner = MatchingRunProcess(cpu: options.cpu)
        var scenarios: [MatchingBenchmarkReport.Scenario] = []
        for replay in options.replays {
            let scenario = try comparison(replay, options.engines, runner)
            progress("\(scenario.name): \(grouped(scenario.reports)) reports, digest \(scenario.digest)")
            scenarios.append(scenario)
        }
        let engines = options.engines + [.noop]
        for round in 1...options.rounds {
            for index in scenarios.indices {
                // Each engine is now the first and now the last.
                for place in engines.indices {
                    let engine = engines[(place + round) % engines.count]
                    let figures = try runner.run(engine, scenarios[index].path)
                    try scenarios[index].add(figures, of: engine, clock: clock)
                }
            }
            progress("round \(round)/\(options.rounds)")
        }
        return MatchingBenchmarkReport(
            engines: engines.map(\.name), scenarios: scenarios,
            conditions: [
                "one thread on CPU \(options.cpu), one call per message, a process per run; engines in turn, "
                    + "\(options.rounds) rounds",
                "reports are copied into \(ReportBuffer.slots * ReportBuffer.reportBytes / 1024) KiB that are written round "
                    + "and round; an engine's own queue is as large, and drained outside the clock every "
                    + "\(MatchingReplay.slice) messages",
            ])
    }

    /// What every engine says, which must be the same.
    private static func comparison(
        _ replay: String, _ engines: [YardstickCandidate], _ runner: MatchingRunProcess
    ) throws -> MatchingBenchmarkReport.Scenario {
        let name = WorkloadFile.scenario(of: replay)
        var first: MatchingRunFigures?
        for engine in engines {
            let figures = try runner.run(engine, replay, summing: true)
            if figures.ownThreads > 0 {
                throw YardstickError(
                    "\(engine.name) has \(figures.ownThreads) threads of its own, and this loop measures one thread: "
                        + "measure it with the benchmark's own harness")
            }
            guard let reference = first else {
                first = figures
                continue
            }
            guard figures.reports == reference.reports, figures.digest == reference.digest else {
                throw YardstickError(
                    "\(name): \(engines[0].name) and \(engine.name) do not say the same: "
                        + "\(grouped(reference.reports)) reports with digest \(reference.digest), and "
                        + "\(grouped(figures.reports)) with \(figures.digest); the benchmark's explain_divergence.py "
                        + "shows where")
            }
        }
        guard let first else { throw YardstickError("no engine to measure: give one with --engine NAME=PATH") }
        return MatchingBenchmarkReport.Scenario(
            name: name, path: replay, messages: first.messages, reports: first.reports, digest: first.digest)
    }
}
