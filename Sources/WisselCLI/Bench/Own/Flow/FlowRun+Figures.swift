extension FlowRun {
    func text(_ report: OwnBenchmarkReport) -> String {
        func text(_ value: KeyPath<Spread, Double>) -> String {
            Spread(rounds).map { fixed(report.nanoseconds($0[keyPath: value]), 1) } ?? "-"
        }
        let gaps = [50, 90, 99, 99.9].map { "p\(shortPercentile($0)) \(duration(nanoseconds: gap($0)))" }
        return
            "recorded flow, \(flow.source): \(grouped(flow.commands.count)) commands in \(grouped(flow.instruments.count)) "
            + "instruments, \(grouped(reports)) reports, \(grouped(trades)) trades, \(grouped(refused)) refused, "
            + "\(grouped(restingAtEnd)) orders at the end; \(text(\.median)) ns per command with reports "
            + "(median of \(rounds.count) rounds, each from an empty book; best \(text(\.least))); hash \(String(events.value, radix: 16)), state "
            + "\(String(state.value, radix: 16)); recorded distance of events \(gaps.joined(separator: ", "))"
    }

    struct Figures: Encodable {
        var source: String
        var commands, instruments, reports: Int
        var trades: UInt64
        var refused, resting: Int
        var nanoseconds, best, blockMedian, blockHigh: Double
        var eventsHash, stateHash: String
        var gaps: [String: UInt64]

        enum CodingKeys: String, CodingKey {
            case source, commands, instruments, reports, trades, refused
            case resting = "resting_at_end"
            case nanoseconds = "ns_per_command"
            case best = "best_round_ns"
            case blockMedian = "block_p50_ns"
            case blockHigh = "block_p99_ns"
            case eventsHash = "events_hash"
            case stateHash = "state_hash"
            case gaps = "recorded_distance_ns"
        }
    }

    func figures(_ report: OwnBenchmarkReport) -> Figures {
        Figures(
            source: flow.source, commands: flow.commands.count, instruments: flow.instruments.count, reports: reports,
            trades: trades, refused: refused, resting: restingAtEnd,
            nanoseconds: figure(report.nanoseconds(Spread(rounds)?.median ?? 0)),
            best: figure(report.nanoseconds(Spread(rounds)?.least ?? 0)),
            blockMedian: figure(report.nanoseconds(blocks.percentile(50) ?? 0)),
            blockHigh: figure(report.nanoseconds(blocks.percentile(99) ?? 0)),
            eventsHash: String(events.value, radix: 16), stateHash: String(state.value, radix: 16),
            gaps: Dictionary(
                uniqueKeysWithValues: [1, 10, 50, 90, 99, 99.9, 100].map { ("p\(shortPercentile($0))", gap($0)) }))
    }
}
