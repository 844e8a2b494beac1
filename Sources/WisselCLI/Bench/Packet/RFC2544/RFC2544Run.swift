/// The tests of RFC 2544 §26 on our own loops.
extension PacketBenchmark {
    /// Latency is taken at these shares of the rate without loss; the first stands for no load.
    static let latencyLoads = [0.01, 0.1, 0.5, 0.9]
    /// The edge is found to one part in a hundred of the highest rate offered.
    private static let searchPrecision = 0.01
    /// A burst longer than this is as good as endless.
    private static let longestBurst = 1_048_576.0

    func measureRFC2544(_ mode: ForwardingMode, frameBytes: Int, _ progress: BenchProgress) throws -> RFC2544Result {
        let bench = try TrialBench(mode, frameBytes: frameBytes, cpus: cpus, clock: clock)
        defer { bench.close() }
        var result = RFC2544Result(mode: mode, frameBytes: frameBytes)
        func tell(_ text: String) { progress.step("\(result.name): \(text)") }
        // Twice: the first touches every page and every branch.
        _ = try bench.run(.flood(seconds: options.trialSeconds))
        let flood = try bench.run(.flood(seconds: options.trialSeconds))
        // There is no line rate to begin from. What a full ring refuses costs the generator next to nothing, so beyond
        // twice what comes back there is nothing to be seen.
        let limit = max(1, min(flood.offeredRate, 2 * flood.receivedRate))
        tell("of a flood \(megapackets(flood.receivedRate)) come back; \(megapackets(limit)) is the highest offered")
        let tests = options.tests
        if tests.contains(.throughput) || tests.contains(.latency) {
            result.throughput = try throughput(bench, limit, tell)
        }
        if tests.contains(.latency), let throughput = result.throughput {
            result.latency = try latency(bench, throughput, tell)
        }
        if tests.contains(.lossRate) { result.lossRate = try lossRate(bench, limit, tell) }
        if tests.contains(.backToBack) { result.backToBack = try backToBack(bench, tell) }
        result.repeatedTrials = bench.repeatedTrials
        return result
    }

    /// §26.1, with FD.io's two rates: without loss, and with a little.
    private func throughput(
        _ bench: TrialBench, _ limit: Double, _ tell: (String) -> Void
    ) throws -> RFC2544Result.Throughput {
        func search(_ ratio: Double, upTo limit: Double) throws -> RateSearch {
            try RateSearch(upTo: limit, precision: Self.searchPrecision) { rate in
                let trial = try bench.run(.steady(rate, seconds: options.trialSeconds))
                let passes = trial.isOfferedInFull && trial.lossRatio <= ratio
                tell(
                    "\(megapackets(rate)) offered, \(percent(trial.lossRatio)) lost"
                        + (trial.isOfferedInFull ? "" : ", and the generator fell behind"))
                return passes
            }
        }
        let partial = try search(options.partialDropRatio, upTo: limit)
        // What loses more than a little loses something.
        let none = partial.highest > 0 ? try search(0, upTo: partial.highest) : partial
        // At the end of its own range it is at the end of all only when the other one is.
        let noDrop = RateSearch(
            highest: none.highest, isAtLimit: none.isAtLimit && partial.isAtLimit, trials: none.trials)
        return RFC2544Result.Throughput(
            noDrop: noDrop, partialDrop: partial, partialDropRatio: options.partialDropRatio, highestOffered: limit)
    }

    /// §26.2, every frame instead of one.
    private func latency(
        _ bench: TrialBench, _ throughput: RFC2544Result.Throughput, _ tell: (String) -> Void
    ) throws -> [RFC2544Result.Latency] {
        // Where even the slowest rate tried lost something there is still a latency to be seen; a warning tells.
        let slowest = Self.searchPrecision * throughput.highestOffered
        let base = [throughput.noDrop.highest, throughput.partialDrop.highest].first { $0 > 0 } ?? slowest
        return try Self.latencyLoads.map { load in
            let trial = try bench.run(
                .steady(load * base, seconds: 5 * options.trialSeconds, recordsLatency: true), repeatsDisturbed: false)
            tell("latency at \(percent(load)) of \(megapackets(base))")
            return RFC2544Result.Latency(load: load, trial: trial)
        }
    }

    /// §26.3: from the highest rate downwards by tenths, until twice in a row nothing is lost.
    private func lossRate(_ bench: TrialBench, _ limit: Double, _ tell: (String) -> Void) throws -> [Trial] {
        var trials: [Trial] = []
        for tenths in stride(from: 10, through: 1, by: -1) {
            let trial = try bench.run(
                .steady(limit * Double(tenths) / 10, seconds: options.trialSeconds))
            tell("\(megapackets(trial.offeredRate)) offered, \(percent(trial.lossRatio)) lost")
            trials.append(trial)
            if trials.suffix(2).count(where: { $0.lost == 0 }) == 2 { break }
        }
        return trials
    }

    /// §26.4: the longest burst without loss.
    private func backToBack(_ bench: TrialBench, _ tell: (String) -> Void) throws -> RFC2544Result.BackToBack {
        let searches = try (0..<options.repetitions).map { _ in
            let search = try RateSearch(upTo: Self.longestBurst, precision: 1 / 32_768) { frames in
                try bench.run(.burst(UInt64(max(1, frames)))).lost == 0
            }
            tell("a burst of \(grouped(UInt64(search.highest))) frames passes")
            return search
        }
        return RFC2544Result.BackToBack(
            longest: searches.map(\.highest), isAtLimit: searches.allSatisfy(\.isAtLimit))
    }
}
