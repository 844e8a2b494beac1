import Runtime
import Testing

@Suite struct IdleStrategyTests {
    private func actions(_ strategy: IdleStrategy, _ workCounts: [Int]) -> [Idler.Action] {
        var idler = Idler(strategy)
        return workCounts.map { idler.action(afterWork: $0) }
    }

    @Test func busyNeverRests() {
        #expect(actions(.busy, [0, 0, 5, 0]) == [.pollAgain, .pollAgain, .pollAgain, .pollAgain])
    }

    @Test func yieldAfterEachEmptyRound() {
        #expect(actions(.yield, [0, 3, 0, 0]) == [.yield, .pollAgain, .yield, .yield])
    }

    @Test func backoffClimbsToItsBoundAndStartsOver() {
        let strategy = IdleStrategy.backoff(spins: 2, yields: 1, maximumSleepNanoseconds: 5_000)
        let expected: [Idler.Action] = [
            .pause, .pause, .yield, .sleep(nanoseconds: 1_000), .sleep(nanoseconds: 2_000), .sleep(nanoseconds: 4_000),
            .sleep(nanoseconds: 5_000), .sleep(nanoseconds: 5_000), .pollAgain, .pause, .pause, .yield,
            .sleep(nanoseconds: 1_000),
        ]
        #expect(actions(strategy, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]) == expected)
    }

    /// Numbers out of range are brought within it: no strategy sleeps for less than 1 µs or more than 1 s.
    @Test(arguments: [(-5, 1_000), (0, 1_000), (999, 1_000), (Int.max, 1_000_000_000)])
    func boundsOfBackoff(maximum: Int, longest: Int) {
        let strategy = IdleStrategy.backoff(spins: -1, yields: -1, maximumSleepNanoseconds: maximum)
        let last = actions(strategy, [Int](repeating: 0, count: 64)).last
        #expect(last == .sleep(nanoseconds: longest))
    }

    @Test func idleReturns() {
        var idler = Idler(.backoff(spins: 1, yields: 1, maximumSleepNanoseconds: 1_000))
        for _ in 0..<4 { idler.idle(afterWork: 0) }
        idler.idle(afterWork: 1)
        #expect(idler.action(afterWork: 0) == .pause)
    }
}
