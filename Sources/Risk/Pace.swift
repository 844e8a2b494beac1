import Orders

/// A token bucket over log time, as one number: the time at which it would be full again (generic cell rate algorithm,
/// ITU-T I.371, virtual scheduling).
struct Pace: BitwiseCopyable {
    /// Nanoseconds between two; 0: no limit.
    private var interval: UInt64 = 0
    /// How far the bucket may be ahead of time: one less than fits into it, times the interval.
    private var tolerance: UInt64 = 0
    private var full: UInt64 = 0

    init() {}

    /// - Parameters:
    ///   - perSecond: 1…1,000,000,000; 0: no limit.
    ///   - burst: how many may come at once; 0 is taken for 1.
    mutating func set(perSecond: UInt64, burst: UInt32) {
        interval = perSecond == 0 ? 0 : max(1, 1_000_000_000 / perSecond)
        // Below 2⁶²: a second times 2³² at most.
        tolerance = interval &* UInt64(burst == 0 ? 0 : burst &- 1)
    }

    /// Whether one more may come now.
    @inline(__always) func allows(_ now: UInt64) -> Bool { interval == 0 || full <= now &+ tolerance }

    /// One more has come.
    @inline(__always) mutating func count(_ now: UInt64) {
        if interval != 0 { full = max(full, now) &+ interval }
    }

    func combine(into hash: inout StateHash) {
        hash.combine(interval)
        hash.combine(tolerance)
        hash.combine(full)
    }
}
