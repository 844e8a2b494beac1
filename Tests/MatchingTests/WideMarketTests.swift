import Orders
import TestSupport
import Testing

@testable import Matching

/// The engine against the naive exchange where prices go far, so that levels change all the time between array and tree.
@Suite struct WideMarketTests {
    static let profiles: [FlowProfile] = [
        .plain, [.icebergs, .stops], [.pegs, .selfTrade, .time], [.sharing, .icebergs], [.auctions, .interruptions],
        .everything,
    ]

    #if DEBUG
        static let commandCount = 1_500
    #else
        static let commandCount = 10_000
    #endif

    @Test("The same as the naive exchange, over a hundred thousand commands", arguments: profiles)
    func sameReports(profile: FlowProfile) {
        let instruments = WideMarket.instruments(profile)
        var run = TwinRun(
            engine: {
                .engine(
                    instruments, maximumInstruments: FlowProfile.maximumInstruments,
                    maximumOrders: WideMarket.maximumOrders)
            }, judge: { .naive(instruments, maximumOrders: WideMarket.maximumOrders) })
        for seed in 1...2 as ClosedRange<UInt64> {
            var market = WideMarket(seed: seed, profile: profile)
            let commands = AnyIterator { market.next() }.prefix(Self.commandCount)
            if let difference = run.run(commands, named: "wide market, seed \(seed), \(profile)") {
                Issue.record("\(difference)")
                return
            }
        }
        #expect(run.kinds[.filled, default: 0] + run.kinds[.partiallyFilled, default: 0] > Self.commandCount / 10)
    }

    /// What the comparison is worth: the arrays move, and there are orders in trees.
    @Test func theArraysMove() {
        var engine = MatchingEngine(
            instruments: WideMarket.instruments(.plain), maximumInstruments: FlowProfile.maximumInstruments,
            maximumOrders: WideMarket.maximumOrders)
        var market = WideMarket(seed: 1, profile: .plain)
        var (moves, inTrees) = (0, 0)
        var lows = [Int64](repeating: 0, count: 4)
        for _ in 0..<Self.commandCount {
            _ = engine.applySilently(market.next())
            for place in 0..<4 {
                let lit = engine.books[place / 2].sides[place % 2].lit
                if lit.low != lows[place] { moves += 1 }
                lows[place] = lit.low
                inTrees += lit.tree.count
            }
        }
        #expect(moves > Self.commandCount / 20, "\(moves) moves")
        #expect(inTrees > 10 * Self.commandCount, "\(inTrees / Self.commandCount) levels in trees")
    }
}
