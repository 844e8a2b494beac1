import LoadClient

/// The figures of `wissel bench risk` for people and for machines.
struct RiskBenchmarkReport {
    let result: RiskBenchmark.Result
    let options: RiskBenchmark.Options
    let nanosecondsPerTick: Double
    let host: HostFingerprint

    private static let percentiles: [(name: String, percent: Double)] = [
        ("p50", 50), ("p99", 99), ("p999", 99.9), ("max", 100),
    ]

    /// Median over the rounds.
    private func nanoseconds(_ samples: [TickSamples], _ percent: Double) -> Double {
        (Spread(samples.compactMap { $0.percentile(percent) })?.median ?? 0) * nanosecondsPerTick
    }

    private var amortised: Double { (Spread(result.amortised)?.median ?? 0) * nanosecondsPerTick }

    private var conditions: [String] {
        [
            "\(grouped(options.accounts)) accounts of 100 firms, \(grouped(options.instruments)) instruments, each order of an "
                + "account and in an instrument drawn at random; \(grouped(result.positions)) positions at the end",
            "check: all limits of instrument, user, account, firm and venue set, none met; with accepted: the reservation of "
                + "its lots, margin and open order too; the order \(options.lookAhead) behind it has been looked up before, as "
                + "in a ring (outside the time of the single ones, inside that of all together)",
            "single: between two ordered readings of the time-stamp counter, whose own time is taken off; it moves in steps of "
                + "\(figure(Double(result.resolutionTicks) * nanosecondsPerTick)) ns",
            "all together: check, acceptance, and for nine of ten orders a trade or cancel, per order, nothing read in between",
            "\(grouped(result.accepted)) orders taken, \(grouped(result.refused)) refused, state \(String(result.hash, radix: 16))",
        ]
    }

    var table: String {
        let rows = [("check", result.check), ("check and accepted", result.whole)].map { name, samples in
            [name] + Self.percentiles.map { "\(figure(nanoseconds(samples, $0.percent))) ns" }
        }
        let head = ["single order"] + Self.percentiles.map { $0.name == "p999" ? "p99.9" : $0.name }
        return
            ([
                Table(head: head, rows: rows, wordColumns: 1).text, "",
                "all together: \(figure(amortised)) ns per order", "",
            ] + conditions + HostFingerprint.warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }

    /// Keys: `gate_p50_ns`, `gate_p99_ns`, `gate_p999_ns` of the check; `gate_accepted_…` with what follows from it;
    /// `gate_all_ns` of everything together, amortised.
    var figures: [String: Double] {
        var figures = ["gate_all_ns": figure(amortised)]
        for (name, percent) in Self.percentiles {
            figures["gate_\(name)_ns"] = figure(nanoseconds(result.check, percent))
            figures["gate_accepted_\(name)_ns"] = figure(nanoseconds(result.whole, percent))
        }
        return figures
    }

    func json() throws -> String {
        try figuresJSON(figures, conditions: conditions, warnings: HostFingerprint.warnings, host: host)
    }
}
