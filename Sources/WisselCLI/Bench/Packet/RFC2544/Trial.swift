import LoadClient

/// What a trial offers.
struct TrialPlan: Sendable {
    /// Frames per second, evenly spaced; nil: one behind the other as fast as they can be made.
    var rate: Double?
    /// Frames at most.
    var frames: UInt64
    /// The sending ends after this time even when frames are left.
    var seconds: Double
    var recordsLatency = false

    /// Frames of `rate` for `seconds`.
    static func steady(_ rate: Double, seconds: Double, recordsLatency: Bool = false) -> TrialPlan {
        // A late wake-up may be made up for; a rate that cannot be made is given up soon.
        TrialPlan(
            rate: rate, frames: max(1, UInt64(rate * seconds)), seconds: seconds * 1.05 + 0.001,
            recordsLatency: recordsLatency)
    }

    /// As many as can be made in `seconds`.
    static func flood(seconds: Double) -> TrialPlan { TrialPlan(rate: nil, frames: .max, seconds: seconds) }

    static func burst(_ frames: UInt64) -> TrialPlan { TrialPlan(rate: nil, frames: frames, seconds: 10) }
}

/// What came of it.
struct Trial: Sendable {
    var plan: TrialPlan
    /// Frames whose time came, in the time the sending took.
    var offered: UInt64 = 0
    var received: UInt64 = 0
    /// Frames the device under test had no room for when they came.
    var refused: UInt64 = 0
    /// Frames the device under test could not pass on because the sink was behind, or dropped itself.
    var dropped: UInt64 = 0
    var reordered: UInt64 = 0
    /// Frames that came back with another content than they left with.
    var foreign: UInt64 = 0
    var sendingSeconds = 0.0
    /// Times the kernel took the CPU away from the generator or the device under test.
    var involuntarySwitches: UInt64 = 0
    /// From the time a frame was due to its return.
    var latency: LatencyHistogram?

    /// RFC 2544 §26.1: what was offered and did not come back.
    var lost: UInt64 { offered > received ? offered - received : 0 }
    var lossRatio: Double { offered == 0 ? 0 : Double(lost) / Double(offered) }
    var offeredRate: Double { Double(offered) / max(sendingSeconds, 1e-9) }
    var receivedRate: Double { Double(received) / max(sendingSeconds, 1e-9) }
    /// The generator kept the schedule to the end.
    var isOfferedInFull: Bool { plan.rate == nil || offered == plan.frames }
}
