import NetStack
import Node
import OrderEntry
import Orders
import Testing
import Wire

/// What the priority promise means in the node: who is served first when everything came at once.
@Suite struct PriorityTests {
    /// Puts 12,000 market-data datagrams and then one order on the wire, and counts the rounds until the order's command
    /// was sequenced.
    private func roundsUntilTheOrderIsTaken(_ mode: NodeConfiguration.PriorityMode) throws -> Int {
        let bench = try Bench { $0.priority = mode }
        let trader = Trader(bench, seed: 1, orders: 1)
        trader.establish()
        bench.settle()
        let before = bench.node.statistics[EngineCounter.commands]
        let heartbeat = [UInt8](repeating: 0, count: 40)
        for _ in 0..<12_000 {
            heartbeat.withUnsafeBytes {
                _ = bench.send($0, to: IPv4Address(233, 215, 21, 4), port: 10_378)
            }
        }
        #expect(trader.issue())
        trader.exchange(stepping: false)
        var rounds = 0
        while bench.node.statistics[EngineCounter.commands] == before, rounds < 1_000 {
            bench.step()
            rounds += 1
        }
        bench.settle()
        #expect(bench.node.statistics.feeds[0].packets == 12_000, "market data was dropped")
        try bench.node.stop()
        return rounds
    }

    @Test func anOrderBehindABurstOfMarketDataGoesFirst() throws {
        let strict = try roundsUntilTheOrderIsTaken(.strict)
        let arrival = try roundsUntilTheOrderIsTaken(.arrival)
        // 1,024 frames a round are taken from the device, and the order is behind 12,000.
        #expect(strict == 12)
        // By arrival it waits for the market data before it, of which 64 are taken a round.
        #expect(arrival == 188, "first come, first served cannot be as fast: \(arrival) rounds")
    }

    @Test func theModeCanBeChangedWhilePacketsWait() throws {
        let bench = try Bench()
        let trader = Trader(bench, seed: 3, orders: 300)
        trader.establish()
        for round in 0..<300 {
            bench.node.setPriority(round.isMultiple(of: 2) ? .arrival : .strict)
            _ = trader.issue()
            trader.exchange()
        }
        trader.trade(0)
        #expect(trader.model.verify(final: true).isClean)
        #expect(bench.node.statistics.dropped == 0)
        try bench.node.stop()
        while bench.receive() != nil {}
        #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
    }
}
