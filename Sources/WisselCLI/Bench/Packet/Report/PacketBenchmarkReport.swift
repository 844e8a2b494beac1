import Foundation

/// Everything `wissel bench packet` found, for people and for machines.
struct PacketBenchmarkReport: BenchReport, Sendable {
    var cases: [ForwardingCase] = []
    var stages: [StageCosts] = []
    var trials: [RFC2544Result] = []
    var conditions: [String]
    var host: HostFingerprint
    /// The smallest frame size measured: its figures have the plain names.
    var plainFrameBytes: Int

    var warnings: [String] {
        HostFingerprint.warnings + BenchWarning.lines(cases.flatMap(\.warnings) + trials.flatMap(\.warnings))
    }

    /// How it was measured, in three sentences.
    static let method = [
        "Each figure is the median of repetitions; ours and dpdk-testpmd's took turns on the same CPU with the same "
            + "devices, descriptors and bursts, and the ratio is the median of the ratios of neighbours.",
        "Stage costs are differences between loops that do one thing more each, also in turn; cycles are ticks of the "
            + "time-stamp counter.",
        "The RFC 2544 tests send frames at scheduled times to a loop on another CPU over rings of 1,023 frames, count "
            + "what does not come back, and take latency from the scheduled time, so a pause counts for every frame that "
            + "was due in it.",
    ]

    func json() throws -> String {
        struct Whole: Encodable {
            var conditions: [String]
            var warnings: [String]
            var figures: [String: Double]
            var burstHistograms: [String: [UInt64]]
            var host: [HostFingerprint.Line]
        }
        return try prettyJSON(
            Whole(
                conditions: conditions, warnings: warnings, figures: figures, burstHistograms: burstHistograms,
                host: host.lines))
    }
}
