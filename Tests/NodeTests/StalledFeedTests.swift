import Node
import Testing
import Wire

/// The core that reads market data hangs: its ring fills, then its lane, then packets are dropped and counted; orders are
/// answered all the while, and when the core is back so is everything.
@Suite struct StalledFeedTests {
    private func flood(_ bench: Bench, _ count: Int) {
        let heartbeat = [UInt8](repeating: 0, count: 40)
        for index in 0..<count {
            heartbeat.withUnsafeBytes { _ = bench.send($0, to: IPv4Address(233, 215, 21, 4), port: 10_378) }
            if index % 64 == 63 { bench.step() }
        }
    }

    @Test(arguments: [NodeConfiguration.PriorityMode.strict, .arrival])
    func aFullRingStopsNothingButTheFeed(priority: NodeConfiguration.PriorityMode) throws {
        let bench = try Bench(bufferCount: 32_768) { $0.priority = priority }
        let trader = Trader(bench, seed: 6, orders: 500)
        trader.establish()
        trader.trade(100)

        bench.marketDataStalls = true
        let inStrictOrder = priority == .strict
        // By arrival what waits for the full ring holds up the orders behind it: there the flood must fit.
        flood(bench, inStrictOrder ? 24_000 : 4_000)
        bench.settle()
        let stalled = bench.node.statistics
        #expect(stalled.feeds[0].packets == 0)
        #expect(stalled.fill.marketData == (inStrictOrder ? Limits.marketDataRingCapacity : 4_000))
        let room = Limits.marketDataRingCapacity + Limits.marketDataLaneCapacity
        #expect(stalled[.marketDataLaneFull] == (inStrictOrder ? UInt64(24_000 - room) : 0))
        trader.trade(200)
        #expect(trader.model.statistics.commandsAnswered == 300, "orders were not answered while the feed's core hung")

        bench.marketDataStalls = false
        bench.settle()
        flood(bench, 1_000)
        trader.trade(200)
        bench.settle()
        let after = bench.node.statistics
        #expect(after.feeds[0].packets + after[.marketDataLaneFull] == (inStrictOrder ? 25_000 : 5_000))
        #expect(after[.marketDataLaneFull] == stalled[.marketDataLaneFull], "dropped after it had recovered")
        #expect(trader.model.verify(final: true).isClean)
        try bench.node.stop()
        while bench.receive() != nil {}
        #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
    }
}
