import Orders
import Risk
import Testing

@Suite struct RiskGateTests {
    private func gate(
        quantity: UInt32 = 1_000, notional: UInt64 = 1_000_000, collar: UInt64 = 50, reference: Int64 = 10_000
    ) -> HeldGate {
        HeldGate(
            RiskGate(instruments: [
                (
                    InstrumentSpecification(
                        id: 7, symbol: "XYZ", minimumPrice: 0, maximumPrice: 100_000, referencePrice: reference,
                        maximumOrders: 10),
                    RiskLimits(maximumQuantity: quantity, maximumNotional: notional, collarTicks: collar)
                )
            ]))
    }

    private func order(
        _ price: Int64, _ quantity: UInt32, kind: CommandKind = .newOrder, instrument: UInt32 = 7
    ) -> Command {
        Command(kind: kind, price: price, quantity: quantity, instrument: instrument, side: .buy, timeInForce: .day)
    }

    @Test(
        "Each limit lets its own value pass and refuses the next", arguments: [CommandKind.newOrder, .replace, .quote])
    func limits(kind: CommandKind) {
        let quantity = gate(notional: .max)
        #expect(quantity.check(order(10_000, 1_000, kind: kind)) == .none)
        #expect(quantity.check(order(10_000, 1_001, kind: kind)) == .quantityAboveMaximum)
        let notional = gate()
        #expect(notional.check(order(10_000, 100, kind: kind)) == .none)
        #expect(notional.check(order(10_000, 101, kind: kind)) == .notionalAboveMaximum)
        #expect(notional.check(order(10_001, 100, kind: kind)) == .notionalAboveMaximum)
        let collar = gate(notional: .max)
        #expect(collar.check(order(10_050, 1, kind: kind)) == .none)
        #expect(collar.check(order(10_051, 1, kind: kind)) == .priceOutsideCollar)
        #expect(collar.check(order(9_950, 1, kind: kind)) == .none)
        #expect(collar.check(order(9_949, 1, kind: kind)) == .priceOutsideCollar)
    }

    @Test func negativePricesCountByTheirSize() {
        let gate = gate(notional: 1_000, reference: 0)
        #expect(gate.check(order(-50, 20)) == .none)
        #expect(gate.check(order(-50, 21)) == .notionalAboveMaximum)
        #expect(gate.check(order(-51, 1)) == .priceOutsideCollar)
    }

    @Test("Numbers at the end of their range are refused, not trapped on", arguments: [Int64.min, .min + 1, .max])
    func extremes(price: Int64) {
        #expect(gate().check(order(price, .max)) == .quantityAboveMaximum)
        let open = gate(quantity: .max, notional: .max, collar: .max)
        #expect(open.check(order(price, .max)) == .notionalAboveMaximum)
        #expect(gate(quantity: .max, notional: .max, collar: 1).check(order(price, 1)) == .priceOutsideCollar)
    }

    @Test func cancelsPassAndUnknownInstrumentsDoNot() {
        let gate = gate()
        #expect(gate.check(order(.max, .max, kind: .cancel)) == .none)
        for kind in [CommandKind.newOrder, .cancel, .replace] {
            #expect(gate.check(order(10_000, 1, kind: kind, instrument: 8)) == .unknownInstrument)
        }
        for kind in [
            CommandKind.none, .sessionEstablished, .sessionTerminated, .checkpoint, .terms, .massCancel, .phase,
            .setInstrument, .timer, .indicate, .setRisk, .rule,
        ] {
            #expect(gate.check(order(.max, .max, kind: kind, instrument: 8)) == .none)
        }
    }

    private func order(_ type: OrderType, _ price: Int64, _ quantity: UInt32, side: Side = .buy) -> Command {
        Command(
            kind: .newOrder, originalClientOrderID: OrderTraits(type).rawValue, price: price, quantity: quantity,
            instrument: 7, side: side, timeInForce: .day)
    }

    @Test(arguments: [OrderType.market, .marketToLimit, .stop, .trailingStop, .trailingStopPerMille])
    func withoutAPriceTheReferencePriceCounts(_ type: OrderType) {
        #expect(gate().check(order(type, 0, 100)) == .none)
        #expect(gate().check(order(type, 0, 101)) == .notionalAboveMaximum)
        #expect(gate().check(order(type, .max, 100)) == .none, "the price of such an order is not read")
        #expect(gate().check(order(type, 0, 1_001)) == .quantityAboveMaximum)
    }

    @Test(arguments: [OrderType.stopLimit, .pegPrimary, .pegMidpoint, .pegMarket])
    func theLimitPriceCounts(_ type: OrderType) {
        #expect(gate().check(order(type, 10_050, 99)) == .none)
        #expect(gate().check(order(type, 10_051, 99)) == .priceOutsideCollar)
        #expect(gate().check(order(type, 10_001, 100)) == .notionalAboveMaximum)
    }

    @Test func aPegWithoutALimitHasNoCollar() {
        for (side, price) in [(Side.buy, Int64.max), (.sell, .min)] {
            #expect(gate().check(order(.pegMidpoint, price, 100, side: side)) == .none)
            #expect(gate().check(order(.pegMidpoint, price, 101, side: side)) == .notionalAboveMaximum)
            #expect(gate().check(order(.limit, price, 1, side: side)) == .notionalAboveMaximum)
        }
        #expect(gate().check(order(.pegMidpoint, .min, 1, side: .buy)) == .notionalAboveMaximum)
    }

    @Test func aReplacePricesByItsPriceWhateverItNames() {
        var replace = order(.limit, 10_051, 1)
        replace.kind = .replace
        replace.originalClientOrderID = UInt64(OrderType.market.rawValue)
        #expect(gate().check(replace) == .priceOutsideCollar)
    }

    @Test func aWithdrawnQuotePasses() {
        #expect(gate().check(order(.max, 0, kind: .quote)) == .none)
        #expect(gate().check(order(10_051, 1, kind: .quote)) == .priceOutsideCollar)
    }

    @Test func theCollarFollowsTheLastTrade() {
        let gate = gate(notional: .max)
        gate.observe(ExecutionReport(kind: .accepted, price: 10_500, instrument: 7))
        #expect(gate.check(order(10_100, 1)) == .priceOutsideCollar)
        gate.observe(ExecutionReport(kind: .filled, executionID: 1, price: 10_060, lastQuantity: 1, instrument: 7))
        #expect(gate.check(order(10_100, 1)) == .none)
        #expect(gate.check(order(10_009, 1)) == .priceOutsideCollar)
        gate.observe(ExecutionReport(kind: .filled, executionID: 2, price: 20_000, lastQuantity: 1, instrument: 8))
        #expect(gate.check(order(10_100, 1)) == .none)
    }

    private func set(_ parameter: InstrumentParameter, _ instrument: UInt32, _ price: Int64 = 0) -> Command {
        Command(kind: .setInstrument, price: price, instrument: instrument, flags: parameter.rawValue)
    }

    @Test func theVenuesReferencePriceMovesTheCollar() {
        let gate = gate(notional: .max)
        gate.carriedOut(set(.referencePrice, 7, 20_000))
        #expect(gate.check(order(10_000, 1)) == .priceOutsideCollar)
        #expect(gate.check(order(20_050, 1)) == .none)
        gate.carriedOut(set(.referencePrice, 8, 1))
        gate.carriedOut(set(.tick, 7, 1))
        #expect(gate.check(order(20_050, 1)) == .none)
    }

    @Test func aListedInstrumentGetsTheTightestLimits() {
        func specification(_ id: UInt32) -> InstrumentSpecification {
            InstrumentSpecification(
                id: id, symbol: "\(id)", minimumPrice: 0, maximumPrice: 9, referencePrice: 5, maximumOrders: 16)
        }
        let gate = HeldGate(
            RiskGate(
                instruments: [
                    (specification(1), RiskLimits(maximumQuantity: 10, maximumNotional: 900, collarTicks: 3)),
                    (specification(2), RiskLimits(maximumQuantity: 20, maximumNotional: 800, collarTicks: 2)),
                ], spareInstruments: 1))
        #expect(gate.check(order(0, 1, instrument: 8)) == .unknownInstrument)
        gate.carriedOut(set(.list, 8))
        gate.carriedOut(set(.list, 9))
        #expect(gate.check(order(0, 1, instrument: 9)) == .unknownInstrument, "there was room for one")
        gate.carriedOut(set(.referencePrice, 8, 100))
        #expect(gate.check(order(100, 11, instrument: 8)) == .quantityAboveMaximum)
        #expect(gate.check(order(100, 9, instrument: 8)) == .notionalAboveMaximum)
        #expect(gate.check(order(103, 1, instrument: 8)) == .priceOutsideCollar)
        #expect(gate.check(order(102, 1, instrument: 8)) == .none)
    }

    @Test func theVenuesReportsAreNoTrades() {
        let gate = gate(notional: .max)
        gate.observe(ExecutionReport(kind: .indicative, executionID: 5, price: 20_000, instrument: 7))
        gate.observe(ExecutionReport(kind: .phaseChanged, executionID: 5, price: 20_000, instrument: 7))
        #expect(gate.check(order(10_050, 1)) == .none)
    }

    @Test func theStateHashKnowsTheReferencePrice() {
        let one = gate()
        let other = gate()
        #expect(one.hash == other.hash)
        one.observe(ExecutionReport(kind: .filled, executionID: 1, price: 10_001, lastQuantity: 1, instrument: 7))
        #expect(one.hash != other.hash)
    }
}
