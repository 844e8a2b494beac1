import Orders
import Runtime
import TestSupport
import Testing

@testable import Matching

/// Ticks against a search price by price.
@Suite struct TickTableTests {
    private func make(_ steps: [(Int64, Int64)]) -> TickTable {
        TickTable(steps.map { InstrumentSpecification.TickStep(fromPrice: $0.0, tick: $0.1) })
    }

    /// As the rules say it: the last step at or below the price, else the first.
    private func isValid(_ price: Int64, _ steps: [(Int64, Int64)]) -> Bool {
        guard let first = steps.first else { return true }
        return price % (steps.last { $0.0 <= price } ?? first).1 == 0
    }

    private func check(_ table: TickTable, _ steps: [(Int64, Int64)], _ prices: some Sequence<Int64>, reach: Int64) {
        for price in prices {
            #expect(table.isValid(price) == isValid(price, steps), "\(price) in \(steps)")
            let below = sequence(first: price) { $0 - 1 }.prefix(Int(reach)).first { isValid($0, steps) }
            let above = sequence(first: price) { $0 + 1 }.prefix(Int(reach)).first { isValid($0, steps) }
            #expect(table.roundedDown(price) == below, "\(price) down in \(steps)")
            #expect(table.roundedUp(price) == above, "\(price) up in \(steps)")
            #expect(table.rounded(price, passiveFor: .buy) == below && table.rounded(price, passiveFor: .sell) == above)
        }
    }

    /// Steps that begin at prices that are no multiples, above and below zero, with ticks that have nothing in common.
    @Test func stepsAcrossZero() {
        let steps: [(Int64, Int64)] = [(-50, 7), (-20, 5), (-3, 1), (4, 3), (19, 10), (22, 25), (60, 2)]
        let table = make(steps)
        defer { table.deallocate() }
        #expect(!table.isTrivial)
        check(table, steps, -120...120, reach: 200)
    }

    /// Steps so short that no price of theirs is valid: rounding goes across them.
    @Test func stepsWithoutAValidPrice() {
        let steps: [(Int64, Int64)] = [(-11, 100), (1, 10), (3, 50), (7, 9), (8, 1_000), (9, 4)]
        let table = make(steps)
        defer { table.deallocate() }
        check(table, steps, -350...60, reach: 1_200)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func randomSteps(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var steps: [(Int64, Int64)] = []
        var table = make([])
        defer { table.deallocate() }
        #expect(table.isTrivial)
        for _ in 0..<12 {
            // A step set again forgets those at or above it.
            let step = (Int64(random.next(below: 200)) - 100, Int64(1 + random.next(below: 12)))
            steps.removeAll { $0.0 >= step.0 }
            steps.append(step)
            let isSet = table.append(step.0, step.1)
            #expect(isSet)
            #expect(table.count == steps.count)
            #expect(table.isTrivial == (steps.count == 1 && steps[0].1 == 1))
            check(table, steps, (0..<40).map { _ in Int64(random.next(below: 300)) - 150 }, reach: 100)
        }
    }

    @Test func theLargestPricesAndTicks() {
        let bound = InstrumentSpecification.priceBound
        let tick = Int64(1) << 32
        let table = make([(-bound, tick), (1, tick - 1)])
        defer { table.deallocate() }
        #expect(table.isValid(-bound) && table.roundedDown(-bound) == -bound && table.roundedUp(-bound) == -bound)
        #expect(table.roundedDown(-bound + 1) == -bound && table.roundedUp(-bound + 1) == -bound + tick)
        let highest = bound / (tick - 1) * (tick - 1)
        #expect(table.roundedDown(bound) == highest && table.isValid(highest))
        #expect(table.roundedDown(1) == 0 && table.roundedUp(1) == tick - 1)
        #expect(table.roundedDown(-1) == -tick && table.roundedUp(-1) == 0)
    }

    @Test func whatATableRefuses() {
        var table = make((0..<16).map { (Int64($0), 1) })
        defer { table.deallocate() }
        func appends(_ fromPrice: Int64, _ tick: Int64) -> Bool { table.append(fromPrice, tick) }
        #expect(!appends(16, 2) && table.count == 16)
        #expect(!appends(3, 0) && !appends(3, -1) && !appends(3, 1 << 32 + 1))
        #expect(appends(15, 1 << 32) && table.count == 16)
        #expect(appends(3, 2) && table.count == 4)
    }
}
