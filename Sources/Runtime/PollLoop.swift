import Synchronization

/// The loop of a polling core: every stage in order, the clock read once per round, nothing allocated or retained.
struct PollLoop {
    let stages: UnsafeMutablePointer<StageHandle>
    let stageCount: Int
    let clock: Clock
    var idler: Idler
    let drainBound: DrainBound
    let stopRequested: UnsafeMutablePointer<Atomic<Bool>>
    let counters: CounterBlock<PollingCoreCounter>
    /// When the latest round began, if nothing was to come between it and the next; otherwise 0.
    var previousNanoseconds: UInt64 = 0

    /// A NIC queue of 8,192 descriptors overflows in this time at 8.2 million frames/s.
    static let longRoundNanoseconds: UInt64 = 1_000_000

    /// Polls until a stop is requested, then until a round finds nothing or the drain bound is reached.
    @inline(never) mutating func run() {
        while !stopRequested.pointee.load(ordering: .acquiring) {
            let now = clock.now()
            noteLength(now: now)
            let work = round(now: now)
            switch idler.idle(afterWork: work) {
            case .pollAgain, .pause: previousNanoseconds = now
            case .yield, .sleep: previousNanoseconds = 0
            }
        }
        drain()
    }

    @inline(__always) private func round(now: UInt64) -> Int {
        var work = 0
        for index in 0..<stageCount {
            let stage = stages + index
            work &+= stage.pointee.poll(stage.pointee.context, now)
        }
        counters.add(.rounds)
        if work > 0 {
            counters.add(.busyRounds)
            counters.add(.workItems, UInt64(truncatingIfNeeded: work))
        }
        counters.set(.lastPollNanoseconds, to: now)
        return work
    }

    /// Looks at the time since the round before.
    @inline(__always) private func noteLength(now: UInt64) {
        guard previousNanoseconds > 0, now &- previousNanoseconds > Self.longRoundNanoseconds else { return }
        // The clock is slewed by parts per million, never set; a difference is a time.
        counters.add(.longRounds)
        counters.raise(.longestRoundNanoseconds, to: now &- previousNanoseconds)
    }

    private func drain() {
        let start = clock.now()
        for _ in 0..<max(drainBound.rounds, 0) {
            let now = clock.now()
            if now &- start > drainBound.nanoseconds { break }
            if round(now: now) == 0 { return }
        }
        counters.set(.drainCutShort, to: 1)
    }
}

/// How long a core that was asked to stop may go on finding work.
public struct DrainBound: Sendable, Equatable {
    public var rounds: Int
    public var nanoseconds: UInt64

    /// - Parameters:
    ///   - rounds: 0 stops without another round.
    ///   - nanoseconds: checked before each round.
    public init(rounds: Int = 1_000_000, nanoseconds: UInt64 = 500_000_000) {
        self.rounds = rounds
        self.nanoseconds = nanoseconds
    }
}
