import Orders
import Testing

@testable import Matching

/// The ring and the tree of a side against a sorted dictionary, while the market goes where it likes.
@Suite struct PriceLadderTests {
    #if DEBUG
        static let steps = 4_000
    #else
        static let steps = 40_000
    #endif
    static let bound = InstrumentSpecification.priceBound

    /// Orders come near the market, go anywhere, and the best level is traded through now and then.
    private func trade(_ model: LadderModel, around middle: Int64, within range: Int, full: Int = 250) {
        let near = middle + Int64(model.pick(range) - range / 4)
        let key = min(max(near, -Self.bound), Self.bound)
        if model.orderCount < full, model.pick(5) > 1 {
            model.append(key)
        } else if model.pick(3) > 0, let any = model.keys.isEmpty ? nil : model.keys[model.pick(model.keys.count)] {
            model.removeAny(of: any)
        } else {
            model.drop(model.best)
        }
    }

    /// The market drifts over millions of ticks; whoever is left behind on the good side is taken.
    @Test(arguments: [8_192, 65_536, 262_144], [Int64(-1), 1])
    func theRingFollowsAMarketThatDrifts(width: Int, direction: Int64) {
        let model = LadderModel(width: width, around: 0, seed: UInt64(width) + UInt64(direction + 1))
        var middle: Int64 = 0
        for _ in 0..<Self.steps {
            middle += direction * Int64(model.pick(300))
            while model.best < middle - 2_000 { model.drop(model.best) }
            trade(model, around: middle, within: 2_000)
        }
        model.checkAll()
        #expect(abs(middle) > Int64(Self.steps) * 100)
        // Falling keys better the market each time, and the ring has to come after them.
        #expect(model.awayCount < Self.steps / 3, "\(model.awayCount) times the best was in the tree")
    }

    /// Far orders stay where they are, before and behind the market, while it walks and jumps.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func farOrdersAndJumps(seed: UInt64) {
        let model = LadderModel(around: 5_000, seed: seed)
        var middle: Int64 = 0
        for number in 0..<Self.steps {
            middle += Int64(model.pick(201)) - 100
            if model.pick(500) == 0 { middle = Int64(model.pick(20_000_001)) - 10_000_000 }
            if model.pick(40) == 0 { model.append(middle + (Int64(model.pick(2_000_001)) - 1_000_000) * 4) }
            trade(model, around: middle, within: 400)
            if number % 1_000 == 0 { model.checkAll() }
        }
        model.checkAll()
    }

    /// Prices at the ends of what is allowed, and market orders that wait for an auction before them all.
    @Test(arguments: [-bound, bound, 0])
    func theEndsOfThePricesAndMarketOrders(end: Int64) {
        let model = LadderModel(around: end, seed: UInt64(bitPattern: end) | 7)
        let market = Book.marketPrice(.sell)
        #expect(market == BookSide.key(Book.marketPrice(.buy), .buy) && market < -Self.bound)
        for number in 0..<Self.steps {
            if model.pick(10) == 0 { model.append(market) }
            if model.pick(30) == 0 { model.append([-Self.bound, Self.bound, 0][model.pick(3)]) }
            if model.pick(2_000) == 0 { while !model.keys.isEmpty { model.drop(model.best) } }
            trade(model, around: end, within: number % 4_000 < 2_000 ? 300 : 60_000)
        }
        model.checkAll()
    }

    /// Every key of the ring once, across its seam, so that each word and unit is empty, full and empty again.
    @Test func everyKeyOfTheRingAcrossItsSeam() {
        let model = LadderModel(around: 4_096 * 3 + 1_900, capacity: 5_000, seed: 3)
        let keys = Int64(model.ladder.low)..<model.ladder.low + Int64(model.ladder.span)
        var last = keys.lowerBound
        for key in stride(from: keys.lowerBound, to: keys.upperBound, by: 61) {
            model.append(key)
            last = key
        }
        #expect(model.ladder.tree.isEmpty)
        #expect(model.ladder.keyAt(model.ladder.place(last)) == last)
        model.checkAll()
        while !model.keys.isEmpty { model.drop(model.keys[model.keys.count / 2]) }
        #expect(model.ladder.words[0] == 0)
    }

    /// A market that jumped is reached by the ring in as many operations as the way has pieces and words with orders.
    @Test(arguments: [Int64(-3_000_000), 3_000_000], [true, false])
    func theRingArrivesAfterAJump(jump: Int64, leavesOrders: Bool) {
        let model = LadderModel(around: 0, seed: 9)
        for number in 0..<50 { model.append(Int64(number) * 30) }
        if !leavesOrders { while !model.keys.isEmpty { model.removeAny(of: model.best) } }
        let pieces = leavesOrders ? Int(jump.magnitude) / 4_096 + 50 : 1
        for number in 0..<pieces {
            model.append(jump + Int64(number % 10))
            // Behind the market the ring stays until those before it are gone.
            if jump > 0 { while model.best < jump { model.drop(model.best) } }
            if model.ladder.isInRing(model.best) { break }
        }
        model.append(jump)
        #expect(model.ladder.isInRing(jump))
    }
}
