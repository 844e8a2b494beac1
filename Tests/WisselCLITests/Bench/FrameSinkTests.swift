import Testing
import WisselCLI

@Suite struct FrameSinkTests {
    private func distribution(_ sink: FrameSink) throws -> LatencyDistribution {
        LatencyDistribution(try #require(sink.latency), hertz: 1_000_000_000)
    }

    private func value(_ distribution: LatencyDistribution, _ percentile: Double) -> Double? {
        distribution.summary.first { $0.percentile == percentile }?.nanoseconds
    }

    /// 1,000 frames are due every 1,000 ns and take 50 ns; from the 600th to the 700th the device stands still. A
    /// generator that waited with it would see one late frame in 1,000; the schedule sees a hundred.
    @Test func latencyCountsFromTheScheduledTime() throws {
        var sink = FrameSink(recordsLatency: true)
        for number in 0..<UInt64(1_000) {
            let due = number * 1_000
            let stall = (600..<700).contains(number)
            sink.take(FrameStamp(ticks: due, sequence: number), now: stall ? 700_000 : due + 50)
        }
        let latency = try distribution(sink)
        #expect(sink.received == 1_000 && sink.reordered == 0 && latency.count == 1_000)
        #expect(value(latency, 50) == 50 && value(latency, 90) == 50)
        // The hundred wait 1,000, 2,000 … 100,000 ns; the 99th percentile is the 90th of them, to three digits.
        let late = try #require(value(latency, 99))
        #expect(abs(late - 90_000) < 200, "p99 \(late)")
        #expect(abs((value(latency, 100) ?? 0) - 100_000) < 200)
        // What a curve shows is what the table says, and it never falls.
        let curve = latency.curve.map(\.nanoseconds)
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func lostFramesAreNoReorderingAndLateOnesAre() {
        var sink = FrameSink(recordsLatency: false)
        for sequence: UInt64 in [0, 1, 5, 6, 3, 7] {
            sink.take(FrameStamp(ticks: 0, sequence: sequence), now: 1)
        }
        sink.take(nil, now: 2)
        #expect(sink.received == 6 && sink.reordered == 1 && sink.foreign == 1 && sink.latency == nil)
    }

    @Test func theNumberWrapsAt24Bits() {
        var sink = FrameSink(recordsLatency: false)
        for number in stride(from: UInt64(0), to: 3 * (FrameStamp.sequenceMask + 1), by: 1 << 20) {
            sink.take(FrameStamp(ticks: 0, sequence: number), now: 1)
        }
        #expect(sink.received == 48 && sink.reordered == 0)
    }
}
