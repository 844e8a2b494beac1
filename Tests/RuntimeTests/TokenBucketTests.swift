import Runtime
import Testing

@Suite struct TokenBucketTests {
    @Test func aBurstThenTheRate() {
        var bucket = TokenBucket(perSecond: 10, burst: 3)
        let start: UInt64 = 1_700_000_000_000_000_000
        #expect((0..<5).map { _ in bucket.take(now: start) } == [true, true, true, false, false])
        let offsets: [UInt64] = [99_999_999, 100_000_000, 100_000_000]
        #expect(offsets.map { bucket.take(now: start + $0) } == [false, true, false])
        #expect((0..<4).map { _ in bucket.take(now: start + 10_000_000_000) } == [true, true, true, false])
    }

    @Test func neverMoreThanRateAndBurst() {
        var bucket = TokenBucket(perSecond: 1_000, burst: 100)
        var taken = 0
        var now: UInt64 = 1_700_000_000_000_000_000
        for _ in 0..<2_000_000 {
            now += 1_000
            if bucket.take(now: now) { taken += 1 }
        }
        #expect(taken == 2_099 || taken == 2_100, "2 s at 1,000/s and a burst of 100: \(taken)")
    }

    @Test func zeroLetsNothingThrough() {
        var bucket = TokenBucket(perSecond: 0, burst: 1)
        #expect([1, .max].map { bucket.take(now: $0) } == [false, false])
    }

    @Test func aClockThatStepsBackFindsItFull() {
        var bucket = TokenBucket(perSecond: 1, burst: 1)
        #expect([1_000_000_000_000, 1_000_000_000].map { bucket.take(now: $0) } == [true, true])
    }
}
