import Histogram

/// A histogram of latencies in nanoseconds: 1 ns…60 s to three digits; longer ones count as 60 s.
public struct LatencyRecorder: Sendable {
    private static let longestNanoseconds: UInt64 = 60_000_000_000
    private var histogram = Histogram<UInt64>(
        highestTrackableValue: longestNanoseconds, numberOfSignificantValueDigits: .three)

    public init() {}

    /// Notes one latency.
    public mutating func record(_ nanoseconds: UInt64) {
        // In range by construction, so the result carries nothing.
        _ = histogram.record(min(max(nanoseconds, 1), Self.longestNanoseconds))
    }

    /// Adds what another recorder noted, such as that of another session.
    public mutating func add(_ other: LatencyRecorder) { histogram.add(other.histogram) }

    public var summary: LatencySummary {
        func at(_ percentile: Double) -> UInt64 {
            histogram.totalCount == 0 ? 0 : histogram.valueAtPercentile(percentile)
        }
        return LatencySummary(
            count: histogram.totalCount, minimumNanoseconds: histogram.totalCount == 0 ? 0 : histogram.min,
            p50Nanoseconds: at(50), p90Nanoseconds: at(90), p99Nanoseconds: at(99), p999Nanoseconds: at(99.9),
            p9999Nanoseconds: at(99.99), maximumNanoseconds: histogram.totalCount == 0 ? 0 : histogram.max)
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
}
