/// Lets so many through per second and a few more at once: a token bucket as one time stamp (the generic cell rate
/// algorithm, ITU-T I.371 Annex A). A plain value for one thread; no division, no clock of its own.
@frozen public struct TokenBucket: BitwiseCopyable, Sendable {
    @usableFromInline let nanosecondsPerToken: UInt64
    @usableFromInline let toleranceNanoseconds: UInt64
    /// When the bucket would be full again if nothing more came.
    @usableFromInline var fullNanoseconds: UInt64 = 0

    /// - Parameters:
    ///   - perSecond: 0 lets nothing through; at most 10⁹.
    ///   - burst: how many may come at once after a pause; at least 1.
    public init(perSecond: Int, burst: Int) {
        precondition(perSecond >= 0 && perSecond <= 1_000_000_000 && burst >= 1, "a rate outside 0…10⁹ or no burst")
        nanosecondsPerToken = perSecond == 0 ? .max : 1_000_000_000 / UInt64(perSecond)
        toleranceNanoseconds = perSecond == 0 ? 0 : nanosecondsPerToken &* UInt64(burst - 1)
    }

    /// Takes a token; false when there is none. `now` in nanoseconds; when it steps back, the bucket is full.
    @inlinable public mutating func take(now: UInt64) -> Bool {
        guard nanosecondsPerToken != .max else { return false }
        if fullNanoseconds < now || fullNanoseconds &- now > toleranceNanoseconds &+ nanosecondsPerToken {
            fullNanoseconds = now
        }
        guard fullNanoseconds &- now <= toleranceNanoseconds else { return false }
        fullNanoseconds &+= nanosecondsPerToken
        return true
    }
}
