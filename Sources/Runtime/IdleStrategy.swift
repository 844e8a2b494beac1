import CPlatform
import Glibc

/// What a core does after a round in which no stage found work.
public enum IdleStrategy: Sendable, Equatable {
    /// Poll again at once: lowest latency, for a CPU that belongs to this core alone.
    case busy
    /// Offer the CPU to other threads (`sched_yield`) after each empty round.
    case yield
    /// First `spins` empty rounds with a PAUSE, then `yields` with `sched_yield`, then sleeps that double from 1 µs
    /// to `maximumSleepNanoseconds`; the first work starts over. For shared CPUs.
    case backoff(spins: Int, yields: Int, maximumSleepNanoseconds: Int)

    /// A backoff for a machine shared with others: reacts within about 0.1 ms and costs little when nothing happens.
    public static let shared = IdleStrategy.backoff(spins: 100, yields: 20, maximumSleepNanoseconds: 100_000)
}

/// The state of an idle strategy on one core: two words, decided from work counts alone.
public struct Idler: Sendable {
    /// What to do after one round.
    public enum Action: Sendable, Equatable {
        case pollAgain
        case pause
        case yield
        case sleep(nanoseconds: Int)
    }

    static let shortestSleepNanoseconds = 1_000

    let strategy: IdleStrategy
    var emptyRounds = 0
    var nextSleepNanoseconds = 0

    /// - Parameter strategy: negative counts are taken as 0; the longest sleep is kept within 1 µs … 1 s.
    public init(_ strategy: IdleStrategy) { self.strategy = strategy }

    /// Takes the work count of a round and says what to do next. Pure but for the idler's own state.
    public mutating func action(afterWork workCount: Int) -> Action {
        if workCount > 0 {
            emptyRounds = 0
            nextSleepNanoseconds = Self.shortestSleepNanoseconds
            return .pollAgain
        }
        switch strategy {
        case .busy: return .pollAgain
        case .yield: return .yield
        case .backoff(let spins, let yields, let maximumSleepNanoseconds):
            if emptyRounds < spins {
                emptyRounds &+= 1
                return .pause
            }
            if emptyRounds &- max(spins, 0) < yields {
                emptyRounds &+= 1
                return .yield
            }
            let longest = min(max(maximumSleepNanoseconds, Self.shortestSleepNanoseconds), 1_000_000_000)
            let sleep = min(max(nextSleepNanoseconds, Self.shortestSleepNanoseconds), longest)
            nextSleepNanoseconds = min(sleep &* 2, longest)
            return .sleep(nanoseconds: sleep)
        }
    }

    /// Does what `action(afterWork:)` says, on the calling thread, and tells what that was.
    @discardableResult public mutating func idle(afterWork workCount: Int) -> Action {
        let action = action(afterWork: workCount)
        switch action {
        case .pollAgain: break
        case .pause: cplatform_pause()
        case .yield: sched_yield()
        case .sleep(let nanoseconds):
            var time = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
            nanosleep(&time, nil)
        }
        return action
    }
}
