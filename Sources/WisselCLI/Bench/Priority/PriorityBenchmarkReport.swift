import Foundation
import LoadClient

/// The figures of `wissel bench priority` for people and for machines.
struct PriorityBenchmarkReport {
    var result: PriorityBenchmark.Result

    private typealias Phase = PriorityBenchmark.Phase

    /// All rounds of a phase as one row.
    private struct Row {
        var phase: Phase
        var commands: UInt64 = 0
        var lost: UInt64 = 0
        var resends: UInt64 = 0
        var unanswered: UInt64 = 0
        var backgroundOffered: UInt64 = 0
        var backgroundRefused: UInt64 = 0
        var taken: UInt64 = 0
        /// All latencies of all rounds.
        var latency: LatencySummary
        /// Medians of the rounds.
        var p50 = 0.0
        var p99 = 0.0
        var p999 = 0.0
    }

    private func row(_ phase: Phase) -> Row {
        let runs = result.runs.filter { $0.phase == phase }
        var all = LatencyHistogram()
        for run in runs { all.add(run.outcome.latencies) }
        var row = Row(phase: phase, latency: all.summary)
        for run in runs {
            row.commands += run.outcome.commands
            row.lost += run.ordersLost
            row.resends += run.outcome.resends
            row.unanswered += run.outcome.commands - min(run.outcome.commands, run.outcome.answered)
            row.backgroundOffered += run.outcome.backgroundOffered
            row.backgroundRefused += run.outcome.backgroundRefused
            row.taken += run.marketDataTaken
        }
        func median(_ key: KeyPath<LatencySummary, UInt64>) -> Double {
            Spread(runs.map { Double($0.outcome.latencies.summary[keyPath: key]) })?.median ?? 0
        }
        row.p50 = median(\.p50Nanoseconds)
        row.p99 = median(\.p99Nanoseconds)
        row.p999 = median(\.p999Nanoseconds)
        return row
    }

    private func title(_ phase: Phase) -> String {
        switch phase {
        case .unloaded: "orders alone"
        case .marketData: "market data flood"
        case .marketDataWithoutPriority: "  the same, priority off"
        case .attack: "attack"
        case .attackWithoutPriority: "  the same, priority off"
        }
    }

    var table: String {
        func line(_ cells: [String]) -> String {
            let widths = [27, 11, 8, 9, 11, 11, 11, 11, 14, 14]
            return zip(cells, widths).enumerated().map { index, cell in
                let space = String(repeating: " ", count: max(1, cell.1 - cell.0.count))
                return index == 0 ? cell.0 + space : space + cell.0
            }.joined()
        }
        let rows = Phase.allCases.map(row)
        var lines = [
            line([
                "beside the orders", "commands", "lost", "resent", "p50", "p99", "p99.9", "p99.99", "background/s",
                "of it taken",
            ])
        ]
        let seconds =
            result.runs.reduce(0.0) { $0 + Double($1.outcome.nanoseconds) } / 1e9
            / Double(Phase.allCases.count)
        for row in rows {
            func time(_ value: Double) -> String { duration(nanoseconds: UInt64(value)) }
            let isFlood = row.phase.background == .marketData
            lines.append(
                line([
                    title(row.phase), grouped(row.commands), grouped(row.lost), grouped(row.resends), time(row.p50),
                    time(row.p99), time(row.p999), time(Double(row.latency.p9999Nanoseconds)),
                    row.backgroundOffered == 0 ? "–" : grouped(Int(Double(row.backgroundOffered) / seconds)),
                    isFlood
                        ? String(format: "%.0f %%", 100 * Double(row.taken) / Double(max(row.backgroundOffered, 1)))
                        : "–",
                ]))
        }
        lines.append("the node can take \(grouped(Int(result.capacity))) market-data packets/s on these CPUs")
        return (lines + result.conditions + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }

    var warnings: [String] {
        Phase.allCases.map(row).compactMap { row in
            guard row.backgroundRefused > 0 else { return nil }
            return "\(title(row.phase).trimmingCharacters(in: .whitespaces)): the node's receive queue was full for "
                + "\(grouped(row.backgroundRefused)) of \(grouped(row.backgroundOffered)) frames; a NIC would have counted "
                + "them as missed, and priority cannot choose among frames it never sees: give the node more CPUs"
        }
    }

    /// Keys: `order_loss`, `order_p999_flood_ratio`, the same for the attack and for priority off, and what is behind them.
    func json() throws -> String {
        var figures: [String: Double] = ["market_data_capacity_pps": result.capacity]
        let unloaded = row(.unloaded)
        for phase in Phase.allCases {
            let row = row(phase)
            let name =
                switch phase {
                case .unloaded: "unloaded"
                case .marketData: "flood"
                case .marketDataWithoutPriority: "flood_priority_off"
                case .attack: "attack"
                case .attackWithoutPriority: "attack_priority_off"
                }
            figures["order_loss" + (phase == .marketData ? "" : "_\(name)")] = Double(row.lost)
            figures["order_commands_\(name)"] = Double(row.commands)
            figures["order_resends_\(name)"] = Double(row.resends)
            figures["order_unanswered_\(name)"] = Double(row.unanswered)
            figures["order_p50_\(name)_ns"] = row.p50
            figures["order_p99_\(name)_ns"] = row.p99
            figures["order_p999_\(name)_ns"] = row.p999
            figures["order_p9999_\(name)_ns"] = Double(row.latency.p9999Nanoseconds)
            figures["background_refused_\(name)"] = Double(row.backgroundRefused)
            if phase != .unloaded, unloaded.p999 > 0 {
                figures["order_p999_\(name)_ratio"] = row.p999 / unloaded.p999
            }
        }
        struct Whole: Encodable {
            var conditions: [String]
            var warnings: [String]
            var figures: [String: Double]
        }
        return try prettyJSON(Whole(conditions: result.conditions, warnings: warnings, figures: figures))
    }
}
