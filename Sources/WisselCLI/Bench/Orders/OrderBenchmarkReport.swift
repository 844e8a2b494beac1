import LoadClient

/// The figures of `wissel bench orders` for people and for machines.
struct OrderBenchmarkReport {
    /// All rounds of a window.
    struct WindowFigures {
        var window: Int
        /// Medians of the rounds.
        var commandsPerSecond: Double
        var p50: Double
        var p99: Double
        var p999: Double
        /// Sums over the rounds.
        var commands: UInt64 = 0
        var fills: UInt64 = 0
        var rejected: UInt64 = 0
        var resends: UInt64 = 0
        var unanswered: UInt64 = 0

        init(_ window: Int, of runs: [OrderBenchmark.Run]) {
            self.window = window
            let summaries = runs.map(\.outcome.latencies.summary)
            func median(_ percentile: KeyPath<LatencySummary, UInt64>) -> Double {
                Spread(summaries.map { Double($0[keyPath: percentile]) })?.median ?? 0
            }
            commandsPerSecond = Spread(runs.map(\.commandsPerSecond))?.median ?? 0
            p50 = median(\.p50Nanoseconds)
            p99 = median(\.p99Nanoseconds)
            p999 = median(\.p999Nanoseconds)
            for outcome in runs.map(\.outcome) {
                commands += outcome.commands
                fills += outcome.fills
                rejected += outcome.rejected
                resends += outcome.resends
                unanswered += outcome.commands - min(outcome.commands, outcome.answered)
            }
        }
    }

    let windows: [WindowFigures]
    let conditions: [String]
    let host: HostFingerprint

    init(_ result: OrderBenchmark.Result, host: HostFingerprint) {
        let sizes = Set(result.runs.map(\.window)).sorted()
        windows = sizes.map { window in WindowFigures(window, of: result.runs.filter { $0.window == window }) }
        conditions = result.conditions
        self.host = host
    }

    private var warnings: [String] { HostFingerprint.warnings }

    var table: String {
        let rows = windows.map { item in
            [
                grouped(item.window), grouped(Int(item.commandsPerSecond)), duration(nanoseconds: UInt64(item.p50)),
                duration(nanoseconds: UInt64(item.p99)), duration(nanoseconds: UInt64(item.p999)),
                grouped(item.fills), grouped(item.rejected), grouped(item.resends), grouped(item.unanswered),
            ]
        }
        let head = ["unanswered", "commands/s", "p50", "p99", "p99.9", "fills", "rejected", "resent", "lost"]
        let lines = [Table(head: head, rows: rows, wordColumns: 0).text, ""] + conditions
        return (lines + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }

    /// Keys: `node_commands_per_second`, of the best window, and `order_p50_ns`, of one command at a time; the same and more
    /// for each window, with its size behind the name.
    var figures: [String: Double] {
        var figures = ["node_commands_per_second": windows.map(\.commandsPerSecond).max() ?? 0]
        if let single = windows.first(where: { $0.window == 1 }) { figures["order_p50_ns"] = single.p50 }
        for item in windows {
            let values: [(String, Double)] = [
                ("commands_per_second", item.commandsPerSecond), ("order_p50_ns", item.p50), ("order_p99_ns", item.p99),
                ("order_p999_ns", item.p999), ("commands", Double(item.commands)), ("fills", Double(item.fills)),
                ("rejected", Double(item.rejected)), ("resends", Double(item.resends)),
                ("unanswered", Double(item.unanswered)),
            ]
            for (name, value) in values { figures["\(name)_\(item.window)"] = value }
        }
        return figures.mapValues(figure)
    }

    func json() throws -> String {
        try figuresJSON(figures, conditions: conditions, warnings: warnings, host: host)
    }
}
