/// How many packets may come: a rate and a burst, ready for arithmetic without division.
@frozen public struct RateLimit: BitwiseCopyable, Hashable, Sendable {
    /// 1…1,000,000,000.
    public let packetsPerSecond: Int
    /// Packets that may come at once after a rest, 1…1,000,000,000.
    public let burst: Int
    @usableFromInline let fullCredit: UInt64
    /// An empty bucket is full after so long.
    @usableFromInline let fillNanoseconds: UInt64

    public static var range: ClosedRange<Int> { 1...1_000_000_000 }

    /// Nil when a number is out of range.
    public init?(packetsPerSecond: Int, burst: Int) {
        guard Self.range.contains(packetsPerSecond), Self.range.contains(burst) else { return nil }
        self.packetsPerSecond = packetsPerSecond
        self.burst = burst
        fullCredit = UInt64(burst) * TokenBucket.creditPerPacket
        let rate = UInt64(packetsPerSecond)
        fillNanoseconds = (fullCredit + rate - 1) / rate
    }
}

extension RateLimit: CustomStringConvertible {
    public var description: String { "\(packetsPerSecond)/s, burst \(burst)" }
}

/// A token bucket in 16 bytes, exact: a packet costs 10⁹ of credit and a nanosecond brings `packetsPerSecond` of it, so
/// nothing is ever rounded.
///
/// All zero is a bucket never used: its first packet finds it full. A clock that steps back gives no credit and takes
/// none. Nothing overflows: credit is at most 10¹⁸, and what one refill adds at most 10¹⁸ + 10⁹.
@frozen public struct TokenBucket: BitwiseCopyable, Sendable {
    @usableFromInline var credit: UInt64
    /// When it was filled last, nanoseconds.
    public var lastNanoseconds: UInt64 { filledNanoseconds }
    @usableFromInline var filledNanoseconds: UInt64

    @inlinable static var creditPerPacket: UInt64 { 1_000_000_000 }

    public init() {
        credit = 0
        filledNanoseconds = 0
    }

    /// Brings the credit up to `now`.
    @inlinable @inline(__always) public mutating func refill(_ limit: RateLimit, now: UInt64) {
        let elapsed = now > filledNanoseconds ? now &- filledNanoseconds : 0
        filledNanoseconds = now
        if elapsed >= limit.fillNanoseconds {
            credit = limit.fullCredit
        } else {
            credit = min(limit.fullCredit, credit &+ elapsed &* UInt64(truncatingIfNeeded: limit.packetsPerSecond))
        }
    }

    /// Whether a packet could pass, as of the last `refill`.
    @inlinable @inline(__always) public var hasToken: Bool { credit >= Self.creditPerPacket }

    /// Takes what one packet costs; only when `hasToken`.
    @inlinable @inline(__always) public mutating func spend() { credit &-= Self.creditPerPacket }

    /// Whether a packet may pass at `now`; if so it is paid for.
    @inlinable @inline(__always) public mutating func take(_ limit: RateLimit, now: UInt64) -> Bool {
        refill(limit, now: now)
        guard hasToken else { return false }
        spend()
        return true
    }
}
