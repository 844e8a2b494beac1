import CPlatform
import Glibc

/// What matching the time-stamp counter to the system clock found.
struct ClockCalibration {
    var tscHertz: UInt64
    var originTicks: UInt64
    var originNanoseconds: UInt64
    var realMinusMonotonicNanoseconds: UInt64
    var errorBoundNanoseconds: UInt64
    var driftBoundPartsPerBillion: UInt64

    /// Takes the rate from CLOCK_MONOTONIC, which never steps, and the time of day from CLOCK_REALTIME.
    static func measure(_ durationNanoseconds: UInt64) throws(RuntimeError) -> ClockCalibration {
        precondition((1_000_000...10_000_000_000).contains(durationNanoseconds), "calibrate for 1 ms to 10 s")
        let start = ClockSample.best(of: CLOCK_MONOTONIC)
        while systemNanoseconds(CLOCK_MONOTONIC) &- start.nanoseconds < durationNanoseconds { usleep(500) }
        let end = ClockSample.best(of: CLOCK_MONOTONIC)
        let real = ClockSample.best(of: CLOCK_REALTIME)
        let ticks = end.ticks &- start.ticks
        let elapsed = end.nanoseconds &- start.nanoseconds
        // 10 s at 18 GHz is the most that this product can hold; a duration is at most 10 s plus a late wake-up.
        let (high, low) = ticks.multipliedFullWidth(by: 1_000_000_000)
        guard high < elapsed else { throw .clockNotCalibrated(reason: "\(ticks) ticks in \(elapsed) ns") }
        let hertz = elapsed.dividingFullWidth((high, low)).quotient
        guard (100_000_000...20_000_000_000).contains(hertz) else {
            throw .clockNotCalibrated(reason: "the time-stamp counter seems to run at \(hertz) Hz")
        }
        func nanoseconds(_ ticks: UInt64) -> UInt64 { UInt64(Double(ticks) * 1e9 / Double(hertz)) + 1 }
        let uncertainty = nanoseconds(start.halfWidthTicks) + nanoseconds(end.halfWidthTicks)
        let drift = UInt64(Double(uncertainty) * 1e9 / Double(elapsed)) + 1
        guard drift <= 1_000_000 else {
            throw .clockNotCalibrated(reason: "interrupted too often, the rate is only known to \(drift) ppb")
        }
        return ClockCalibration(
            tscHertz: hertz, originTicks: real.ticks, originNanoseconds: real.nanoseconds,
            realMinusMonotonicNanoseconds: real.nanoseconds &- end.nanoseconds &- nanoseconds(real.ticks &- end.ticks),
            errorBoundNanoseconds: nanoseconds(real.halfWidthTicks), driftBoundPartsPerBillion: drift)
    }
}

/// A reading of a system clock between two readings of the counter.
public struct ClockSample: Sendable {
    public var ticks: UInt64
    /// Since the Unix epoch.
    public var nanoseconds: UInt64
    /// The system clock was read within this many ticks of `ticks`.
    public var halfWidthTicks: UInt64

    public init(ticks: UInt64, nanoseconds: UInt64, halfWidthTicks: UInt64) {
        self.ticks = ticks
        self.nanoseconds = nanoseconds
        self.halfWidthTicks = halfWidthTicks
    }

    /// The tightest of 200 tries: the one that no interrupt and no cache miss fell into.
    static func best(of clock: clockid_t) -> ClockSample {
        var best = ClockSample(ticks: 0, nanoseconds: 0, halfWidthTicks: .max)
        for _ in 0..<200 {
            let before = cplatform_tsc()
            let nanoseconds = systemNanoseconds(clock)
            let half = (cplatform_tsc() &- before) / 2
            if half < best.halfWidthTicks {
                best = ClockSample(ticks: before &+ half, nanoseconds: nanoseconds, halfWidthTicks: half)
            }
        }
        return best
    }
}

/// A clock of the kernel in nanoseconds.
func systemNanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
}
