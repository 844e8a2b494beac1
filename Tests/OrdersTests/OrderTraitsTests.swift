import Orders
import Testing

/// Traits are part of the order-entry protocol and of the journal.
@Suite struct OrderTraitsTests {
    @Test func aPlainLimitOrderIsZero() {
        #expect(OrderTraits().rawValue == 0)
        #expect(Command(kind: .newOrder).traits == OrderTraits())
    }

    @Test func bitsAreWhereTheyAre() {
        let traits = OrderTraits(
            .pegMarket, [.postOnly, .secondBook], selfTrade: .decrement, byFirm: true, displayQuantity: 0x0102_0304)
        #expect(traits.rawValue == 0x0102_0304_0084_2409)
        #expect(traits.type == .pegMarket)
        #expect(traits.conditions == [.postOnly, .secondBook])
        #expect(traits.selfTrade == .decrement)
        #expect(traits.byFirm)
        #expect(traits.displayQuantity == 0x0102_0304)
        #expect(!traits.hasUnknownBits)
    }

    @Test func conditionsAreSeparateBits() {
        let all: [OrderTraits.Conditions] = [.hidden, .allOrNone, .postOnly, .slide, .randomPeak, .secondBook]
        #expect(all.map(\.rawValue) == [1, 2, 4, 8, 16, 32])
    }

    @Test func numbersWithoutAMeaningAreSeen() {
        #expect(OrderTraits(rawValue: 10).type == nil)
        #expect(OrderTraits(rawValue: 5 << 16).selfTrade == nil)
        #expect(OrderTraits(rawValue: 0x84 << 16).selfTrade == .decrement)
        for bit in 24...31 as ClosedRange<UInt64> { #expect(OrderTraits(rawValue: 1 << bit).hasUnknownBits) }
        for bit in 14...15 as ClosedRange<UInt64> { #expect(OrderTraits(rawValue: 1 << bit).hasUnknownBits) }
    }

    @Test func enumerationsAreTheProtocols() {
        #expect(OrderType.allCases.map(\.rawValue) == Array(0...9))
        #expect(SelfTradePrevention.allCases.map(\.rawValue) == Array(0...4))
        #expect(TradingPhase.allCases.map(\.rawValue) == Array(0...7))
        #expect(InstrumentParameter.allCases.map(\.rawValue) == Array(0...16))
    }

    @Test func theTraitsOfACommandAreItsField() {
        var command = Command(kind: .newOrder)
        command.traits = OrderTraits(.stop, displayQuantity: 9)
        #expect(command.originalClientOrderID == 0x0000_0009_0000_0003)
        #expect(command.traits.type == .stop)
    }
}
