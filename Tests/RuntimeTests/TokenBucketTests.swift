import Runtime
import TestSupport
import Testing

@Suite struct TokenBucketTests {
    /// The same with numbers wide enough to need no care.
    private struct SlowBucket {
        var credit: UInt128 = 0
        var last: UInt64 = 0

        mutating func take(_ limit: RateLimit, now: UInt64) -> Bool {
            let elapsed = now > last ? UInt128(now - last) : 0
            last = now
            credit = min(UInt128(limit.burst) * 1_000_000_000, credit + elapsed * UInt128(limit.packetsPerSecond))
            guard credit >= 1_000_000_000 else { return false }
            credit -= 1_000_000_000
            return true
        }
    }

    private static func randomLimit(_ random: inout SplitMix64) -> RateLimit {
        func number() -> Int { 1 + random.next(below: [1, 7, 1_000, 1_000_000, 1_000_000_000][random.next(below: 5)]) }
        return RateLimit(packetsPerSecond: number(), burst: number())!
    }

    /// Random rates, bursts and times; the clock steps forward by nothing to centuries, and back.
    @Test func agreesWithExactArithmetic() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<200 {
            var limit = Self.randomLimit(&random)
            var bucket = TokenBucket()
            var slow = SlowBucket()
            var now: UInt64 = 1_800_000_000_000_000_000
            for step in 0..<500 {
                switch random.next(below: 20) {
                case 0: now = random.next()
                case 1: now = now &- UInt64(random.next(below: 1_000_000))
                case 2: limit = Self.randomLimit(&random)
                case 3...9: break
                default:
                    now = now &+ UInt64(random.next(below: [10, 1_000, 10_000_000, 1 << 40][random.next(below: 4)]))
                }
                let verdict = bucket.take(limit, now: now)
                let expected = slow.take(limit, now: now)
                #expect(verdict == expected, "\(limit), step \(step)")
            }
        }
    }

    @Test(arguments: [(1, 1), (3, 2), (10_000, 1_000), (999_999_937, 64)])
    func neverMoreThanBurstAndRate(packetsPerSecond: Int, burst: Int) {
        let limit = RateLimit(packetsPerSecond: packetsPerSecond, burst: burst)!
        var random = SplitMix64(seed: UInt64(burst))
        var bucket = TokenBucket()
        let start: UInt64 = 5_000_000_000_000
        var now = start
        var passed = 0
        for _ in 0..<20_000 {
            now += UInt64(random.next(below: max(2, 1_000_000_000 / packetsPerSecond)))
            if bucket.take(limit, now: now) { passed += 1 }
        }
        let seconds = Double(now - start) / 1e9
        #expect(Double(passed) <= Double(burst) + seconds * Double(packetsPerSecond))
        // Offered about twice what may pass; a burst of one loses what comes too early.
        #expect(Double(passed) >= min(20_000, seconds * Double(packetsPerSecond)) / 2)
    }

    @Test func aClockThatStepsBackNeitherGivesNorStarves() {
        let limit = RateLimit(packetsPerSecond: 1_000, burst: 1)!
        var bucket = TokenBucket()
        #expect(bucket.take(limit, now: 10_000_000_000) == true)
        #expect(bucket.take(limit, now: 9_000_000_000) == false)
        #expect(bucket.take(limit, now: 9_000_500_000) == false)
        #expect(bucket.take(limit, now: 9_001_000_000) == true)
    }

    @Test(arguments: [(0, 1), (1, 0), (-1, 5), (1_000_000_001, 1), (1, 1_000_000_001)])
    func numbersOutOfRangeMakeNoLimit(packetsPerSecond: Int, burst: Int) {
        #expect(RateLimit(packetsPerSecond: packetsPerSecond, burst: burst) == nil)
    }
}
