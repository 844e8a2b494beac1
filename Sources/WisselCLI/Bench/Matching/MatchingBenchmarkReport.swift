import Runtime

/// The figures of `wissel bench matching` for people and for machines.
struct MatchingBenchmarkReport {
    /// One workload and what every engine took for it.
    struct Scenario {
        var name: String
        var path: String
        var messages: Int
        var reports: UInt64
        var digest: String
        /// Of the last reports of a run, the same for every engine and run.
        private var tail: String?
        /// Nanoseconds per message of each round, by engine.
        private(set) var nanoseconds: [String: [Double]] = [:]
        private(set) var involuntarySwitches = 0

        init(name: String, path: String, messages: Int, reports: UInt64, digest: String) {
            self.name = name
            self.path = path
            self.messages = messages
            self.reports = reports
            self.digest = digest
        }

        /// - Throws: when the engine has said less, more or something else than before.
        mutating func add(_ figures: MatchingRunFigures, of engine: YardstickCandidate, clock: Clock) throws {
            if engine != .noop {
                guard figures.reports == reports, figures.digest == tail ?? figures.digest else {
                    throw YardstickError(
                        "\(name), \(engine.name): \(grouped(figures.reports)) reports that end with digest "
                            + "\(figures.digest), while \(grouped(reports)) with \(tail ?? "any") were expected: the engine "
                            + "does not do the same in every run")
                }
                tail = figures.digest
            }
            let seconds = Double(figures.ticks) / Double(clock.tscHertz)
            nanoseconds[engine.name, default: []].append(seconds * 1e9 / Double(messages))
            involuntarySwitches += figures.involuntarySwitches
        }

        func spread(_ engine: String) -> Spread? { Spread(nanoseconds[engine] ?? []) }
    }

    /// The first is the one that is judged, the last the one that does nothing.
    let engines: [String]
    let scenarios: [Scenario]
    let conditions: [String]
    var warnings: [String] = []
    /// What of the machine the figures depend on.
    var host: [HostFingerprint.Line] = []

    /// The scenario that costs an engine most, by its median.
    func worst(_ engine: String) -> (scenario: String, spread: Spread)? {
        scenarios.compactMap { scenario in scenario.spread(engine).map { (scenario.name, $0) } }
            .max { $0.1.median < $1.1.median }
    }

    var table: String {
        let head = ["ns per message", "", "worst"] + scenarios.map(\.name)
        let rows = engines.flatMap { engine in
            let spreads = scenarios.map { $0.spread(engine) }
            let worst = worst(engine)?.spread
            func row(_ name: String, _ kind: String, _ value: KeyPath<Spread, Double>) -> [String] {
                [name, kind] + ([worst] + spreads).map { $0.map { fixed($0[keyPath: value], 1) } ?? "-" }
            }
            return [row(engine, "median", \.median), row("", "best", \.least)]
        }
        let reports = scenarios.map { "\($0.name): \(grouped($0.messages)) messages, \(grouped($0.reports)) reports" }
        let same = engines.count > 2 ? "; all engines said the same" : ""
        return
            ([Table(head: head, rows: rows, wordColumns: 2).text, reports.joined(separator: "; ") + same] + conditions
            + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }
}
