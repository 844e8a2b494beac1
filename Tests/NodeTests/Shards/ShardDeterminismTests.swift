import Node
import OrderEntry
import Orders
import Runtime
import TestSupport
import Testing

/// The same log gives the same events whatever cores the shards run on.
@Suite struct ShardDeterminismTests {
    #if DEBUG
        private static let commands = 8_000
    #else
        private static let commands = 200_000
    #endif

    private struct Outcome: Equatable {
        var state: UInt64
        var events: UInt64
        var reports: UInt64
    }

    private func core(_ profile: FlowProfile, shards: Int) throws -> EngineCore {
        EngineCore(
            configuration: try ShardedLog.configuration(profile: profile, shards: shards),
            authenticator: AccessKeyAuthenticator())
    }

    private func inline(_ log: ShardedLog, shards: Int) throws -> Outcome {
        var log = log
        var core = try core(log.profile, shards: shards)
        for _ in 0..<Self.commands { core.apply(log.next()) }
        return Outcome(state: core.stateHash(), events: core.events.value, reports: core.reportCount)
    }

    private func threaded(_ log: ShardedLog, shards: Int, threads: Int) throws -> Outcome {
        var log = log
        var reports: UInt64 = 0
        var run = try ShardRun(
            core: core(log.profile, shards: shards), threads: threads,
            clock: Clock.calibrated(durationNanoseconds: 1_000_000)
        ) { _ in reports += 1 }
        for _ in 0..<Self.commands { run.apply(log.next()) }
        let (state, events) = run.finish()
        return Outcome(state: state, events: events, reports: reports)
    }

    private static let profiles: [FlowProfile] = [
        .plain, [.icebergs, .stops, .auctions, .time], [.quotes, .selfTrade], .everything,
    ]

    @Test(arguments: profiles)
    func coresMakeNoDifference(_ profile: FlowProfile) throws {
        let log = ShardedLog(seed: 7, profile: profile)
        let expected = try inline(log, shards: 4)
        #expect(expected.reports > UInt64(Self.commands) / 2)
        for threads in [1, 2, 4] {
            #expect(try threaded(log, shards: 4, threads: threads) == expected, "\(profile) on \(threads) cores")
        }
        #expect(try inline(log, shards: 4) == expected)
    }

    /// One shard on a core of its own does what it does on the engine's, and sixteen are no different from four.
    @Test(arguments: [1, 3, 8]) func soDoesTheNumberOfShards(_ shards: Int) throws {
        let log = ShardedLog(seed: 8, profile: .everything)
        #expect(try threaded(log, shards: shards, threads: 2) == inline(log, shards: shards))
    }

    /// What concerns one instrument is the same in any number of shards: reports, their order, the numbers of trades.
    @Test func shardsDoNotShowInTheEventsOfOneInstrument() throws {
        func events(_ shards: Int) throws -> (UInt64, UInt64) {
            var core = try core(.plain, shards: shards)
            var log = ShardedLog(seed: 9, profile: .plain)
            for _ in 0..<Self.commands {
                var command = log.nextWithOwnIdentifiers()
                // The orders of a session that ends go shard by shard.
                if command.kind == .sessionTerminated { command.flags = 0 }
                core.apply(command)
            }
            return (core.events.value, core.tradeCount)
        }
        let one = try events(1)
        #expect(one.1 > UInt64(Self.commands) / 20)
        for shards in [2, 4, 8] { #expect(try events(shards) == one, "\(shards) shards") }
    }
}
