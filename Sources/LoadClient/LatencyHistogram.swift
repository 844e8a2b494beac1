import Foundation
import Histogram

/// Latencies, 1 tick…60 s to three digits; shorter and longer ones count as these.
///
/// It records ticks of whatever clock measured, so that nothing is divided between two measurements, and tells
/// nanoseconds.
public struct LatencyHistogram: Sendable {
    private static let longestSeconds: UInt64 = 60

    @usableFromInline let longestTicks: UInt64
    @usableFromInline var histogram: Histogram<UInt64>
    private let nanosecondsPerTick: Double

    /// - Parameter ticksPerSecond: of the clock, above 0; as it stands, a tick is a nanosecond.
    public init(ticksPerSecond: UInt64 = 1_000_000_000) {
        longestTicks = Self.longestSeconds * ticksPerSecond
        histogram = Histogram(highestTrackableValue: longestTicks, numberOfSignificantValueDigits: .three)
        nanosecondsPerTick = 1e9 / Double(ticksPerSecond)
    }

    /// Notes one latency.
    /// - Parameter ticks: of the clock; nanoseconds where none was named.
    @inlinable public mutating func record(_ ticks: UInt64) {
        // In range by construction, so the result carries nothing.
        _ = histogram.record(min(max(ticks, 1), longestTicks))
    }

    /// Adds what another histogram noted with the same clock, such as that of another session.
    public mutating func add(_ other: LatencyHistogram) {
        precondition(nanosecondsPerTick == other.nanosecondsPerTick, "latencies of two clocks do not add up")
        histogram.add(other.histogram)
    }

    /// Latencies noted.
    public var count: UInt64 { histogram.totalCount }

    /// - Parameter percentile: 0…100; 0 is the shortest, 100 the longest.
    /// - Returns: nanoseconds; 0 when nothing was noted.
    public func nanoseconds(atPercentile percentile: Double) -> UInt64 {
        count == 0 ? 0 : UInt64((Double(histogram.valueAtPercentile(percentile)) * nanosecondsPerTick).rounded())
    }

    public var summary: LatencySummary {
        LatencySummary(
            count: count, minimumNanoseconds: nanoseconds(atPercentile: 0),
            p50Nanoseconds: nanoseconds(atPercentile: 50),
            p90Nanoseconds: nanoseconds(atPercentile: 90), p99Nanoseconds: nanoseconds(atPercentile: 99),
            p999Nanoseconds: nanoseconds(atPercentile: 99.9), p9999Nanoseconds: nanoseconds(atPercentile: 99.99),
            maximumNanoseconds: nanoseconds(atPercentile: 100))
    }

    /// The distribution as a curve: ten points per decade of what is left above, from the shortest latency to the 99.99th
    /// percentile.
    public var curve: [(percentile: Double, nanoseconds: UInt64)] {
        (0...40).map {
            let percentile = 100 - 100 * pow(10, -Double($0) / 10)
            return (percentile, nanoseconds(atPercentile: percentile))
        }
    }
}

/// Percentiles of a latency, all in nanoseconds and all 0 when nothing was measured; `p999` is the 99.9th.
public struct LatencySummary: Sendable, Equatable, Codable {
    public var count: UInt64
    public var minimumNanoseconds: UInt64
    public var p50Nanoseconds: UInt64
    public var p90Nanoseconds: UInt64
    public var p99Nanoseconds: UInt64
    public var p999Nanoseconds: UInt64
    public var p9999Nanoseconds: UInt64
    public var maximumNanoseconds: UInt64

    /// What tables show, by the names they have there, from the median to the longest.
    public static let percentiles: [(name: String, nanoseconds: KeyPath<LatencySummary, UInt64> & Sendable)] = [
        ("p50", \.p50Nanoseconds), ("p90", \.p90Nanoseconds), ("p99", \.p99Nanoseconds), ("p99.9", \.p999Nanoseconds),
        ("p99.99", \.p9999Nanoseconds), ("max", \.maximumNanoseconds),
    ]
}
