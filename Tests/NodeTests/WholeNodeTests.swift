import Foundation
import LoadClient
import MarketData
import NetStack
import Node
import OrderEntry
import Orders
import TestSupport
import Testing
import Wire

/// The whole node, from frame to frame, on one thread and by seed.
@Suite struct WholeNodeTests {
    @Test func ordersGoThroughAndTheJournalReplaysToTheSameState() throws {
        let bench = try Bench()
        let trader = Trader(bench, seed: 11, orders: 3_000)
        trader.establish()
        trader.trade(3_000)
        let verdict = trader.model.verify(final: true)
        #expect(verdict.isClean, "\(verdict.lines)")
        #expect(trader.model.statistics.commandsAnswered == 3_000)
        #expect(trader.model.tradeCount > 100)
        trader.leave()
        bench.settle()
        try bench.node.stop()
        let statistics = bench.node.statistics
        // Each command once, and nothing else but the session's two and the checkpoint at the end.
        #expect(statistics[EngineCounter.commands] == 3_002)
        #expect(statistics.durableSequence == bench.node.sequence)
        #expect(statistics.dropped == 0)
        #expect(statistics[EngineCounter.sinkOverflow] == 0)
        while bench.receive() != nil {}
        #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
        let replay = try Replay.run(configuration: bench.configuration)
        #expect(replay.stateHash == bench.node.stateHash())
        #expect(replay.lastSequence == bench.node.sequence)
        #expect(replay.checkpoints >= 1)
    }

    /// Losing, doubling and reordering datagrams both ways changes nothing but the time it takes.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func aBadLinkEndsWithTheSameBook(seed: UInt64) throws {
        func run(_ faults: LinkFaultOptions) throws -> (trader: Trader, commands: UInt64, live: Int) {
            let bench = try Bench()
            let trader = Trader(bench, seed: seed, faults: faults, orders: 2_000)
            trader.establish()
            // Few commands in a datagram, so that the link has many to spoil.
            trader.trade(2_000, window: 4)
            let verdict = trader.model.verify(final: true)
            #expect(verdict.isClean, "seed \(seed): \(verdict.lines)")
            bench.settle()
            try bench.node.stop()
            while bench.receive() != nil {}
            #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
            let replay = try Replay.run(configuration: bench.configuration)
            #expect(replay.stateHash == bench.node.stateHash())
            return (trader, bench.node.statistics[EngineCounter.commands], replay.liveOrders)
        }
        let calm = try run(.none)
        let rough = try run(LinkFaultOptions(dropShare: 0.01, duplicateShare: 0.01, reorderShare: 0.01))
        #expect(rough.trader.streamHash == calm.trader.streamHash)
        #expect(rough.trader.model.bookHash == calm.trader.model.bookHash)
        #expect(rough.trader.model.tradeCount == calm.trader.model.tradeCount)
        #expect(rough.commands == calm.commands, "a command was executed twice or lost")
        #expect(rough.live == calm.live)
        #expect(rough.trader.resends > 0, "the link lost nothing: the test proves nothing")
    }

    /// Two participants in one book: each sees its own reports only, and together they are what the engine did.
    @Test func twoParticipantsTradeWithEachOther() throws {
        let bench = try Bench()
        let traders = [
            Trader(bench, session: 1, seed: 21, orders: 1_000), Trader(bench, session: 5, seed: 22, orders: 1_000),
        ]
        for trader in traders { trader.establish() }
        for _ in 0..<10 { for trader in traders { trader.trade(100, window: 8) } }
        for trader in traders {
            let verdict = trader.model.verify(final: true)
            #expect(verdict.isClean, "\(verdict.lines)")
            #expect(trader.model.statistics.commandsAnswered == 1_000)
        }
        bench.settle()
        try bench.node.stop()
        #expect(bench.node.statistics.dropped == 0)
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    /// A restarted node stands where it stood: same state, and the session goes on with its next number.
    @Test func aRestartedNodeContinuesItsJournal() throws {
        let folder = try TemporaryFolder()
        var hash: UInt64 = 0
        do {
            let bench = try Bench(folder: folder)
            let trader = Trader(bench, seed: 31, orders: 500)
            trader.establish()
            trader.trade(500)
            try bench.node.stop()
            hash = bench.node.stateHash()
        }
        let second = try Bench(folder: folder)
        #expect(second.node.recovery?.stateHash == hash)
        #expect(second.node.stateHash() == hash)
        let trader = Trader(second, session: 2, seed: 32, orders: 200)
        trader.establish()
        trader.trade(200)
        #expect(trader.model.statistics.commandsAnswered == 200)
        try second.node.stop()
        #expect(try Replay.run(configuration: second.configuration).stateHash == second.node.stateHash())
    }

    @Test func marketDataIsSeenWholeWhileOrdersAreAnswered() throws {
        let bench = try Bench()
        let trader = Trader(bench, seed: 41, orders: 400)
        trader.establish()
        var generator = DEEPGenerator(seed: 5)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 8)
        defer { buffer.deallocate() }
        var datagrams: UInt64 = 0
        for _ in 0..<400 {
            for _ in 0..<20 {
                let length = generator.next(into: buffer.baseAddress!, capacity: buffer.count)
                bench.send(
                    UnsafeRawBufferPointer(rebasing: buffer[..<length]), to: IPv4Address(233, 215, 21, 4), port: 10_378)
                datagrams += 1
            }
            _ = trader.issue()
            trader.exchange()
        }
        trader.trade(0)
        bench.settle()
        let feed = bench.node.statistics.feeds[0]
        #expect(feed.packets == datagrams)
        #expect(feed.messages == generator.messageCount)
        #expect(feed.missing == 0)
        #expect(feed.malformed == 0)
        #expect(trader.model.verify(final: true).isClean)
        try bench.node.stop()
        while bench.receive() != nil {}
        #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
    }
}
