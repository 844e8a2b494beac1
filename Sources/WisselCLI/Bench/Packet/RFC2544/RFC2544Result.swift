/// What the RFC 2544 tests found of one mode with one frame size; nil where a test was not asked for.
struct RFC2544Result: Sendable {
    struct Throughput: Sendable {
        /// Highest rate without loss, and with at most the partial drop ratio, frames per second.
        var noDrop: RateSearch
        var partialDrop: RateSearch
        var partialDropRatio: Double
        /// What the generator offers at most.
        var generatorLimit: Double
    }

    struct Latency: Sendable {
        /// Share of the rate without loss; 0.01 stands for no load.
        var load: Double
        var trial: Trial
    }

    struct BackToBack: Sendable {
        /// Longest burst without loss of each repetition, frames.
        var longest: [Double]
        /// Not one was lost of the longest burst tried.
        var isAtLimit: Bool
    }

    let mode: ForwardingMode
    let frameBytes: Int
    var throughput: Throughput?
    var latency: [Latency] = []
    /// From all that can be offered downwards.
    var lossRate: [Trial] = []
    var backToBack: BackToBack?
    /// Trials done again because the kernel had taken a CPU away.
    var repeatedTrials = 0

    var name: String { "\(mode), \(frameBytes) B" }

    /// What a reader must know of the figures, with the remedy.
    var warnings: [String] {
        var warnings: [String] = []
        if let throughput, throughput.noDrop.isAtLimit {
            warnings.append(
                "\(name): no frame was lost at all the generator can offer (\(megapackets(throughput.generatorLimit))), "
                    + "so the throughput is at least that: a faster generator takes CPUs of its own")
        }
        if let throughput, throughput.noDrop.highest == 0 {
            warnings.append(
                "\(name): frames were lost at every rate tried: stop other programs, isolate CPUs (isolcpus=, "
                    + "nohz_full=), or lengthen the trial so that a pause weighs less (--pdr-percent)")
        }
        if repeatedTrials > 0 {
            warnings.append(
                "\(name): \(repeatedTrials) trials were done again because frames were lost while the kernel had taken "
                    + "a CPU away: isolate both CPUs (isolcpus=, nohz_full=) for figures without pauses")
        }
        let late = latency.filter { !$0.trial.isOfferedInFull }
        if !late.isEmpty {
            warnings.append(
                "\(name): the generator did not keep its schedule at \(late.count) of \(latency.count) loads; the "
                    + "latencies count from the schedule and contain that: give generator and sink more CPUs")
        }
        return warnings
    }
}
