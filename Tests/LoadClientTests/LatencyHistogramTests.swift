import LoadClient
import Testing

@Suite struct LatencyHistogramTests {
    @Test func percentilesAreThoseOfTheValues() {
        var latencies = LatencyHistogram()
        for value in UInt64(1)...10_000 { latencies.record(value * 1_000) }
        let summary = latencies.summary
        #expect(summary.count == 10_000 && summary.minimumNanoseconds == 1_000)
        let expected: [(UInt64, UInt64)] = [
            (summary.p50Nanoseconds, 5_000_000), (summary.p90Nanoseconds, 9_000_000),
            (summary.p99Nanoseconds, 9_900_000), (summary.p999Nanoseconds, 9_990_000),
            (summary.p9999Nanoseconds, 9_999_000), (summary.maximumNanoseconds, 10_000_000),
        ]
        for (measured, exact) in expected { #expect(abs(Double(measured) / Double(exact) - 1) < 0.002) }
        #expect(LatencySummary.percentiles.map(\.name) == ["p50", "p90", "p99", "p99.9", "p99.99", "max"])
        #expect(LatencySummary.percentiles.map { summary[keyPath: $0.nanoseconds] } == expected.map(\.0))
    }

    /// What a curve shows is what the table says, and it never falls.
    @Test func theCurveGoesThroughThePercentiles() {
        var latencies = LatencyHistogram()
        for value in UInt64(1)...100_000 { latencies.record(value * value) }
        let curve = latencies.curve
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.percentile < $1.percentile })
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.nanoseconds <= $1.nanoseconds })
        #expect(curve.first?.percentile == 0 && curve.first?.nanoseconds == 1)
        for (percentile, expected) in [
            (90, latencies.summary.p90Nanoseconds), (99.9, latencies.summary.p999Nanoseconds),
        ] {
            let point = curve.min { abs($0.percentile - percentile) < abs($1.percentile - percentile) }
            #expect(point.map { abs(Double($0.nanoseconds) / Double(expected) - 1) < 0.002 } == true)
        }
    }

    @Test(arguments: [UInt64(1_000_000), 1_000_000_000, 2_500_000_000, 3_000_000_000])
    func ticksOfAnyClockAreToldInNanoseconds(ticksPerSecond: UInt64) {
        var latencies = LatencyHistogram(ticksPerSecond: ticksPerSecond)
        for _ in 0..<100 { latencies.record(ticksPerSecond / 1_000) }
        latencies.record(ticksPerSecond)
        #expect(abs(Double(latencies.summary.p50Nanoseconds) / 1e6 - 1) < 0.002)
        #expect(latencies.summary.maximumNanoseconds == 1_000_000_000)
        latencies.record(.max)
        #expect(latencies.summary.maximumNanoseconds == 60_000_000_000)
    }

    @Test func nothingMeasuredIsAllZero() {
        let summary = LatencyHistogram().summary
        #expect(summary.count == 0 && summary.p50Nanoseconds == 0 && summary.maximumNanoseconds == 0)
        #expect(LatencyHistogram().curve.allSatisfy { $0.nanoseconds == 0 })
    }

    @Test func extremesStayInRange() {
        var latencies = LatencyHistogram()
        latencies.record(0)
        latencies.record(.max)
        #expect(latencies.summary.count == 2)
        #expect(latencies.summary.minimumNanoseconds == 1)
        #expect(latencies.summary.maximumNanoseconds == 60_000_000_000)
    }

    @Test func histogramsAddUp() {
        var one = LatencyHistogram()
        var other = LatencyHistogram()
        one.record(100)
        other.record(300)
        one.add(other)
        #expect(one.summary.count == 2)
        #expect(one.summary.maximumNanoseconds == 300)
    }
}
