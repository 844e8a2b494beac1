/// What the RFC 2544 tests found of one mode with one frame size; nil where a test was not asked for.
struct RFC2544Result: Sendable {
    struct Throughput: Sendable {
        /// Highest rate without loss, and with at most the partial drop ratio, frames per second.
        var noDrop: RateSearch
        var partialDrop: RateSearch
        var partialDropRatio: Double
        /// Highest rate offered in the search.
        var highestOffered: Double
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
    /// From the highest rate offered downwards.
    var lossRate: [Trial] = []
    var backToBack: BackToBack?
    /// Trials done again because the kernel had taken a CPU away.
    var repeatedTrials = 0

    var name: String { "\(mode), \(frameBytes) B" }

    /// What a reader must know of the figures, with the remedy.
    var warnings: [BenchWarning] {
        var texts: [String] = []
        if let throughput, throughput.noDrop.isAtLimit {
            texts.append(
                "no frame was lost at all the generator can offer, so the throughput is at least that: a faster "
                    + "generator takes CPUs of its own")
        }
        if let throughput, throughput.noDrop.highest == 0 {
            texts.append(
                "frames were lost at every rate tried: stop other programs, isolate CPUs (isolcpus=, nohz_full=), or "
                    + "allow a little loss (--pdr-percent)")
        }
        if repeatedTrials > 0 {
            texts.append(
                "trials were done again because frames were lost while the kernel had taken a CPU away (how often is "
                    + "in the table): isolate both CPUs (isolcpus=, nohz_full=) for figures without pauses")
        }
        if latency.contains(where: { $0.trial.involuntarySwitches > 0 }) {
            texts.append(
                "the kernel took a CPU away while latency was taken; the high percentiles and the frames lost are those "
                    + "pauses: stop other programs, isolate both CPUs (isolcpus=, nohz_full=)")
        }
        if latency.contains(where: { !$0.trial.isOfferedInFull }) {
            texts.append(
                "the generator did not keep its schedule; latencies count from the schedule and contain that: give "
                    + "generator and sink more CPUs")
        }
        return texts.map { BenchWarning(subject: name, text: $0) }
    }
}
