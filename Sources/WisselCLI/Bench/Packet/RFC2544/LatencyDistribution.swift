import Foundation
import Histogram

/// Percentiles of a latency in nanoseconds.
package struct LatencyDistribution: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        /// 0…100.
        package var percentile: Double
        package var nanoseconds: Double

        package init(percentile: Double, nanoseconds: Double) {
            self.percentile = percentile
            self.nanoseconds = nanoseconds
        }
    }

    package let count: UInt64
    /// The percentiles people ask for: 50, 90, 99, 99.9, 99.99 and 100.
    package let summary: [Point]
    /// Ten points per decade of what is left above, up to the 99.99th: a curve.
    package let curve: [Point]

    /// - Parameter hertz: ticks of a second.
    package init(_ ticks: Histogram<UInt64>, hertz: UInt64) {
        func point(_ percentile: Double) -> Point {
            let value = ticks.totalCount == 0 ? 0 : ticks.valueAtPercentile(percentile)
            return Point(percentile: percentile, nanoseconds: Double(value) * 1e9 / Double(hertz))
        }
        count = ticks.totalCount
        summary = [50, 90, 99, 99.9, 99.99, 100].map(point)
        curve = (0...40).map { point(100 - 100 * pow(10, -Double($0) / 10)) }
    }
}
