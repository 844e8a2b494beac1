import LoadClient
import Testing

@Suite struct PacerTests {
    @Test func thingsAreDueAtTheirTimes() {
        let pacer = Pacer(startNanoseconds: 1_000, ratePerSecond: 1_000_000)
        #expect(pacer.dueNanoseconds(0) == 1_000)
        #expect(pacer.dueNanoseconds(5) == 6_000)
        #expect(pacer.dueCount(now: 0) == 0)
        #expect(pacer.dueCount(now: 999) == 0)
        #expect(pacer.dueCount(now: 1_000) == 1)
        #expect(pacer.dueCount(now: 1_999) == 1)
        #expect(pacer.dueCount(now: 2_000) == 2)
    }

    @Test(arguments: [0.5, 3, 7_777.7, 123_456, 3_000_000])
    func countAndTimeAgree(rate: Double) {
        let start: UInt64 = 1_700_000_000_000_000_000
        let pacer = Pacer(startNanoseconds: start, ratePerSecond: rate)
        for index in stride(from: UInt64(0), to: 50_000, by: 997) {
            let due = pacer.dueNanoseconds(index)
            #expect(pacer.dueCount(now: due) == index + 1)
            if index > 0 { #expect(pacer.dueCount(now: due - 1) == index) }
        }
    }

    @Test func noRoundingAddsUp() {
        let pacer = Pacer(startNanoseconds: 0, ratePerSecond: 3)
        #expect(pacer.dueNanoseconds(3_000_000) == 1_000_000_000_000_000)
    }
}
