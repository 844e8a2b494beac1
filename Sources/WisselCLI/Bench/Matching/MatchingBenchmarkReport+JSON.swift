extension MatchingBenchmarkReport {
    /// Keys: `worst_ns_per_message` and `worst_scenario` of the first engine by the median, `noop_ns_per_message`, and under
    /// `engines` the same for each, with `scenarios` and their `median`, `best` and `rounds`.
    func json() throws -> String {
        let figures = engines.compactMap { engine in
            worst(engine).map { worst in
                EngineFigures(
                    worst: figure(worst.spread.median), worstScenario: worst.scenario,
                    scenarios: each { scenario in
                        let spread = scenario.spread(engine)
                        return ScenarioFigures(
                            median: figure(spread?.median ?? 0), best: figure(spread?.least ?? 0),
                            rounds: (scenario.nanoseconds[engine] ?? []).map(figure))
                    })
            }
        }
        return try prettyJSON(
            Figures(
                worst: figures.first?.worst ?? 0, worstScenario: figures.first?.worstScenario ?? "",
                noop: figures.last?.worst ?? 0, engines: Dictionary(uniqueKeysWithValues: zip(engines, figures)),
                messages: each(\.messages), reports: each(\.reports), digests: each(\.digest), conditions: conditions,
                warnings: warnings, host: host))
    }

    private func each<Value>(_ value: (Scenario) -> Value) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: scenarios.map { ($0.name, value($0)) })
    }

    private struct Figures: Encodable {
        var worst: Double
        var worstScenario: String
        var noop: Double
        var engines: [String: EngineFigures]
        var messages: [String: Int]
        var reports: [String: UInt64]
        var digests: [String: String]
        var conditions: [String]
        var warnings: [String]
        var host: [HostFingerprint.Line]

        enum CodingKeys: String, CodingKey {
            case engines, messages, reports, digests, conditions, warnings, host
            case worst = "worst_ns_per_message"
            case worstScenario = "worst_scenario"
            case noop = "noop_ns_per_message"
        }
    }

    private struct EngineFigures: Encodable {
        var worst: Double
        var worstScenario: String
        var scenarios: [String: ScenarioFigures]

        enum CodingKeys: String, CodingKey {
            case scenarios
            case worst = "worst_ns_per_message"
            case worstScenario = "worst_scenario"
        }
    }

    private struct ScenarioFigures: Encodable {
        var median: Double
        var best: Double
        var rounds: [Double]
    }
}
