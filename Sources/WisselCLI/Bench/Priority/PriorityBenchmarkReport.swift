import LoadClient

/// The figures of `wissel bench priority` for people and for machines.
struct PriorityBenchmarkReport: BenchReport {
    typealias Phase = PriorityBenchmark.Phase

    /// All rounds of a phase.
    struct PhaseFigures {
        var phase: Phase
        var commands: UInt64 = 0
        /// Order datagrams that did not reach a session.
        var lost: UInt64 = 0
        var resends: UInt64 = 0
        var unanswered: UInt64 = 0
        var backgroundOffered: UInt64 = 0
        var backgroundRefused: UInt64 = 0
        /// Of market data offered.
        var taken: UInt64 = 0
        var nanoseconds: UInt64 = 0
        /// All latencies of all rounds.
        var latencies = LatencyHistogram()
        /// Medians of the rounds, nanoseconds.
        var p50 = 0.0
        var p99 = 0.0
        var p999 = 0.0
        /// Of all rounds together, nanoseconds: a single round has too few orders for a median of it to say anything.
        var p9999 = 0.0

        init(_ phase: Phase, of runs: [PriorityBenchmark.Run]) {
            self.phase = phase
            for run in runs {
                commands += run.outcome.commands
                lost += run.ordersLost
                resends += run.outcome.resends
                unanswered += run.outcome.commands - min(run.outcome.commands, run.outcome.answered)
                backgroundOffered += run.outcome.backgroundOffered
                backgroundRefused += run.outcome.backgroundRefused
                taken += run.marketDataTaken
                nanoseconds += run.outcome.nanoseconds
                latencies.add(run.outcome.latencies)
            }
            let summaries = runs.map(\.outcome.latencies.summary)
            func median(_ percentile: KeyPath<LatencySummary, UInt64>) -> Double {
                Spread(summaries.map { Double($0[keyPath: percentile]) })?.median ?? 0
            }
            p50 = median(\.p50Nanoseconds)
            p99 = median(\.p99Nanoseconds)
            p999 = median(\.p999Nanoseconds)
            p9999 = Double(latencies.summary.p9999Nanoseconds)
        }
    }

    let capacity: Double
    let conditions: [String]
    let host: HostFingerprint
    let phases: [PhaseFigures]
    /// Rounds of the node's cores longer than a millisecond, and the longest, nanoseconds.
    let longRounds: UInt64
    let longestRoundNanoseconds: UInt64

    init(_ result: PriorityBenchmark.Result, host: HostFingerprint) {
        capacity = result.capacity
        conditions = result.conditions
        longRounds = result.runs.reduce(0) { $0 + $1.longRounds }
        longestRoundNanoseconds = result.longestRoundNanoseconds
        self.host = host
        phases = Phase.allCases.map { phase in PhaseFigures(phase, of: result.runs.filter { $0.phase == phase }) }
    }

    var warnings: [String] {
        let full = phases.filter { $0.backgroundRefused > 0 }.map {
            BenchWarning(
                subject:
                    "\($0.phase.title) (\(grouped($0.backgroundRefused)) of \(grouped($0.backgroundOffered)) frames)",
                text: "the node's receive queue was full; a NIC would have counted them as missed, and priority cannot "
                    + "choose among frames it never sees: give the node more CPUs")
        }
        return HostFingerprint.warnings + BenchWarning.lines(full) + stalls
    }

    /// The kernel, or whoever lends the machine, took the CPU away.
    private var stalls: [String] {
        guard longRounds > 0 else { return [] }
        return [
            "the node's core was away from its loop for more than 1 ms \(grouped(longRounds)) times, at most for "
                + "\(duration(nanoseconds: longestRoundNanoseconds)); the latencies from p99 on tell of that: stop other "
                + "programs, or isolate the CPU (isolcpus=, nohz_full=)"
        ]
    }

    /// Keys: `order_loss`, `order_p999_flood_ratio`, the same for the attack and for priority off, and what is behind
    /// them. Rates per second, latencies in nanoseconds.
    var figures: [String: Double] {
        var figures: [String: Double] = [
            "market_data_capacity_pps": capacity, "long_rounds": Double(longRounds),
            "longest_round_ns": Double(longestRoundNanoseconds),
        ]
        let unloaded = phases.first { $0.phase == .unloaded }?.p999 ?? 0
        for item in phases {
            let name = item.phase.key
            figures["order_loss" + (item.phase == .marketData ? "" : "_\(name)")] = Double(item.lost)
            figures["order_commands_\(name)"] = Double(item.commands)
            figures["order_resends_\(name)"] = Double(item.resends)
            figures["order_unanswered_\(name)"] = Double(item.unanswered)
            figures["order_p50_\(name)_ns"] = item.p50
            figures["order_p99_\(name)_ns"] = item.p99
            figures["order_p999_\(name)_ns"] = item.p999
            figures["order_p9999_\(name)_ns"] = item.p9999
            figures["background_refused_\(name)"] = Double(item.backgroundRefused)
            if item.phase != .unloaded, unloaded > 0 { figures["order_p999_\(name)_ratio"] = item.p999 / unloaded }
        }
        return figures.mapValues(figure)
    }

    func json() throws -> String {
        try figuresJSON(figures, conditions: conditions, warnings: warnings, host: host)
    }
}
