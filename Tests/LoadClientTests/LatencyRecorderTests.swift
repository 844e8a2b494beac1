import LoadClient
import Testing

@Suite struct LatencyRecorderTests {
    @Test func percentilesAreThoseOfTheValues() {
        var recorder = LatencyRecorder()
        for value in UInt64(1)...10_000 { recorder.record(value * 1_000) }
        let summary = recorder.summary
        #expect(summary.count == 10_000)
        let expected: [(UInt64, UInt64)] = [
            (summary.p50Nanoseconds, 5_000_000), (summary.p90Nanoseconds, 9_000_000),
            (summary.p99Nanoseconds, 9_900_000), (summary.p999Nanoseconds, 9_990_000),
            (summary.p9999Nanoseconds, 9_999_000), (summary.maximumNanoseconds, 10_000_000),
        ]
        for (measured, exact) in expected { #expect(abs(Double(measured) / Double(exact) - 1) < 0.002) }
    }

    @Test func nothingMeasuredIsAllZero() {
        let summary = LatencyRecorder().summary
        #expect(summary.count == 0 && summary.p50Nanoseconds == 0 && summary.maximumNanoseconds == 0)
    }

    @Test func extremesStayInRange() {
        var recorder = LatencyRecorder()
        recorder.record(0)
        recorder.record(.max)
        #expect(recorder.summary.count == 2)
        #expect(recorder.summary.maximumNanoseconds >= 60_000_000_000)
    }

    @Test func recordersAddUp() {
        var one = LatencyRecorder()
        var other = LatencyRecorder()
        one.record(100)
        other.record(300)
        one.add(other)
        #expect(one.summary.count == 2)
        #expect(one.summary.maximumNanoseconds == 300)
    }
}
