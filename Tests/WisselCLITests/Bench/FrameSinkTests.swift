import LoadClient
import Testing
import WisselCLI

@Suite struct FrameSinkTests {
    /// 1,000 frames are due every 1,000 ns and take 50 ns; from the 600th to the 700th the device stands still. A
    /// generator that waited with it would see one late frame in 1,000; the schedule sees a hundred.
    @Test func latencyCountsFromTheScheduledTime() throws {
        var sink = FrameSink(latency: LatencyHistogram())
        for number in 0..<UInt64(1_000) {
            let due = number * 1_000
            let stall = (600..<700).contains(number)
            sink.take(FrameStamp(ticks: due, sequence: number), now: stall ? 700_000 : due + 50)
        }
        let latency = try #require(sink.latency).summary
        #expect(sink.received == 1_000 && sink.reordered == 0 && latency.count == 1_000)
        #expect(latency.p50Nanoseconds == 50 && latency.p90Nanoseconds == 50)
        // The hundred wait 1,000, 2,000 … 100,000 ns; the 99th percentile is the 90th of them, to three digits.
        #expect((89_801..<90_200).contains(latency.p99Nanoseconds), "p99 \(latency.p99Nanoseconds)")
        #expect(latency.maximumNanoseconds == 100_000)
    }

    @Test func lostFramesAreNoReorderingAndLateOnesAre() {
        var sink = FrameSink()
        for sequence: UInt64 in [0, 1, 5, 6, 3, 7] {
            sink.take(FrameStamp(ticks: 0, sequence: sequence), now: 1)
        }
        sink.take(nil, now: 2)
        #expect(sink.received == 6 && sink.reordered == 1 && sink.foreign == 1 && sink.latency == nil)
    }

    @Test func theNumberWrapsAt24Bits() {
        var sink = FrameSink()
        for number in stride(from: UInt64(0), to: 3 * (FrameStamp.sequenceMask + 1), by: 1 << 20) {
            sink.take(FrameStamp(ticks: 0, sequence: number), now: 1)
        }
        #expect(sink.received == 48 && sink.reordered == 0)
    }
}
