import Node
import Orders
import Runtime
import Testing

/// A whole node whose shards are stages of their own.
@Suite struct ShardedNodeTests {
    /// Two instruments in two shards, or more; polled on the test's thread.
    private func bench(shards: Int = 2, ownCores: Bool = true) throws -> Bench {
        try Bench { configuration in
            let first = configuration.instruments[0]
            configuration.instruments = (0..<UInt32(shards)).map { number in
                var own = first
                own.specification.id = number + 1
                own.specification.maximumOrders = 16_384
                return own
            }
            configuration.shards = shards
            let stages = (0..<shards).map { "matching\($0)" }
            if ownCores { configuration.cores.plan = [.init(name: "all", cpu: nil, stages: Bench.stages + stages)] }
        }
    }

    @Test(arguments: [true, false]) func twoInstrumentsTradeAndTheJournalReplaysToTheSameState(ownCores: Bool) throws {
        let bench = try bench(ownCores: ownCores)
        let traders = [
            Trader(bench, session: 1, instrument: 1, seed: 61, orders: 6_000),
            Trader(bench, session: 5, instrument: 2, seed: 62, orders: 6_000),
        ]
        for trader in traders { trader.establish() }
        for _ in 0..<20 { for trader in traders { trader.trade(300, window: 32) } }
        for trader in traders {
            let verdict = trader.model.verify(final: true)
            #expect(verdict.isClean, "\(verdict.lines)")
            #expect(trader.model.statistics.commandsAnswered == 6_000)
            trader.leave()
        }
        bench.settle()
        try bench.node.stop()
        let statistics = bench.node.statistics
        #expect(statistics[EngineCounter.commands] == 12_004)
        #expect(statistics.dropped == 0 && statistics[EngineCounter.sinkOverflow] == 0)
        #expect(statistics.shards.count == 2 && statistics.shards.allSatisfy { $0[.commands] > 6_000 })
        let replay = try Replay.run(configuration: bench.configuration)
        #expect(replay.stateHash == bench.node.stateHash())
        #expect(replay.checkpoints >= 3, "one every \(Limits.commandsPerCheckpoint) commands, and at the end")
    }

    /// A bad link repeats commands whose reports are still on their way.
    @Test func aBadLinkIsAnsweredOnce() throws {
        let bench = try bench()
        let trader = Trader(
            bench, instrument: 2, seed: 63,
            faults: .init(dropShare: 0.01, duplicateShare: 0.05, reorderShare: 0.02), orders: 3_000)
        trader.establish()
        trader.trade(3_000, window: 16)
        let verdict = trader.model.verify(final: true)
        #expect(verdict.isClean, "\(verdict.lines)")
        bench.settle()
        try bench.node.stop()
        #expect(bench.node.statistics[EngineCounter.commands] == 3_001)
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    /// A shard whose core hangs: its ring fills, the node takes no more and loses nothing, and goes on when it does.
    @Test func aStalledShardLosesNothing() throws {
        let bench = try bench()
        let traders = [
            Trader(bench, session: 1, instrument: 1, seed: 64, orders: 8_000),
            Trader(bench, session: 5, instrument: 2, seed: 65, orders: 8_000),
        ]
        for trader in traders {
            trader.establish()
            trader.trade(100)
        }
        bench.stalledShard = 1
        var sent = [100, 100]
        for _ in 0..<4_000 where bench.node.statistics.fill.shards + 4 <= Limits.shardCommandRingCapacity {
            for (number, trader) in traders.enumerated() {
                for _ in 0..<8 where sent[number] < 8_000 && trader.issue() { sent[number] += 1 }
                trader.exchange()
            }
        }
        #expect(bench.node.statistics[EngineCounter.waitsForShards] > 0)
        #expect(bench.node.statistics.fill.shards + 4 > Limits.shardCommandRingCapacity, "the ring was never full")
        let taken = bench.node.statistics[EngineCounter.commands]
        for _ in 0..<50 { for trader in traders { trader.exchange() } }
        #expect(bench.node.statistics[EngineCounter.commands] == taken, "a command was taken without room")

        bench.stalledShard = nil
        for (number, trader) in traders.enumerated() {
            trader.trade(0)
            trader.trade(100)
            let verdict = trader.model.verify(final: true)
            #expect(verdict.isClean, "\(verdict.lines)")
            #expect(trader.model.statistics.commandsAnswered == sent[number] + 100)
        }
        bench.settle()
        try bench.node.stop()
        #expect(bench.node.statistics.dropped == 0)
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    @Test func theVenueIsAnsweredOnceForAllShards() throws {
        let bench = try bench(shards: 4)
        #expect(bench.node.venue.submit(Command(kind: .massCancel)))
        var answer: VenueDesk.Answer?
        for _ in 0..<2_000 where answer == nil {
            bench.settle()
            answer = bench.node.venue.poll()
        }
        #expect(answer?.reports.map(\.kind) == [.massCancelled])
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }
}
