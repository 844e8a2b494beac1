import Orders
import Risk
import Testing

/// Each limit of a scope: at it, one below, one above, for both sides, with fills and replaces.
@Suite struct ScopeLimitTests {
    private static let account = RiskScope(.account, 3)
    private static let firm = RiskScope(.firm, 5)
    private static let user = RiskScope(.user, 1)

    /// Sessions 1 and 2 trade for account 3, session 4 for account 4; both are of firm 5.
    private func gate(margin: UInt64 = 10, tickValue: UInt32 = 1) -> HeldGate {
        func instrument(_ id: UInt32) -> (InstrumentSpecification, RiskLimits) {
            var limits = RiskLimits(maximumQuantity: .max, maximumNotional: .max, collarTicks: .max)
            limits.marginPerLot = margin
            limits.tickValue = tickValue
            let specification = InstrumentSpecification(
                id: id, symbol: "\(id)", minimumPrice: 0, maximumPrice: 1_000, referencePrice: 100, maximumOrders: 64)
            return (specification, limits)
        }
        return HeldGate(
            RiskGate(
                instruments: [instrument(7), instrument(8)],
                members: [
                    RiskMembership(session: 1, account: 3, firm: 5), RiskMembership(session: 2, account: 3, firm: 5),
                    RiskMembership(session: 4, account: 4, firm: 5),
                ]))
    }

    private func order(
        _ side: Side, _ quantity: UInt32, price: Int64 = 100, session: UInt32 = 1, instrument: UInt32 = 7,
        at now: UInt64 = 0, kind: CommandKind = .newOrder
    ) -> Command {
        Command(
            kind: kind, timestampNanoseconds: now, price: price, quantity: quantity, session: session,
            instrument: instrument, side: side, timeInForce: .day)
    }

    /// What the engine would say of an order it takes.
    private func accept(_ order: Command, _ gate: HeldGate) {
        gate.observe(
            ExecutionReport(
                kind: .accepted, timestampNanoseconds: order.timestampNanoseconds, leavesQuantity: order.quantity,
                session: order.session, instrument: order.instrument, side: order.side))
    }

    private func report(
        _ kind: ReportKind, _ order: Command, _ lots: UInt32, leaves: UInt32, price: Int64 = 100
    ) -> ExecutionReport {
        ExecutionReport(
            kind: kind, timestampNanoseconds: order.timestampNanoseconds, executionID: kind == .filled ? 1 : 0,
            price: price, lastQuantity: lots, leavesQuantity: leaves, session: order.session,
            instrument: order.instrument, side: order.side)
    }

    /// An order that was taken and traded at once.
    private func trade(_ order: Command, _ gate: HeldGate, price: Int64 = 100) {
        accept(order, gate)
        gate.observe(report(.filled, order, order.quantity, leaves: 0, price: price))
    }

    private func set(
        _ parameter: RiskParameter, _ value: Int64, of scope: RiskScope = account, instrument: UInt32 = 0,
        quantity: UInt32 = 0, at now: UInt64 = 0, _ gate: HeldGate
    ) -> RejectReason {
        gate.set(
            Command(
                kind: .setRisk, timestampNanoseconds: now, clientOrderID: scope.rawValue, price: value,
                quantity: quantity, instrument: instrument, flags: parameter.rawValue))
    }

    // MARK: Positions

    @Test(arguments: [Side.buy, .sell]) func positionWithAllOpenOrders(side: Side) {
        let gate = gate()
        #expect(set(.maximumPosition, 100, gate) == .none)
        #expect(gate.check(order(side, 101)) == .positionAboveMaximum)
        #expect(gate.refusingScope == Self.account)
        #expect(gate.check(order(side, 100)) == .none)
        let first = order(side, 60)
        accept(first, gate)
        #expect(gate.check(order(side, 40, session: 2)) == .none)
        #expect(gate.check(order(side, 41, session: 2)) == .positionAboveMaximum, "another session, the same account")
        #expect(gate.check(order(side, 100, session: 4)) == .none, "another account")
        gate.observe(report(.partiallyFilled, first, 20, leaves: 40))
        #expect(gate.check(order(side, 40)) == .none)
        #expect(gate.check(order(side, 41)) == .positionAboveMaximum, "what has traded counts as before")
        gate.observe(report(.cancelled, first, 40, leaves: 0))
        #expect(gate.check(order(side, 80)) == .none)
        #expect(gate.check(order(side, 81)) == .positionAboveMaximum)
        #expect(gate.check(order(side.opposite, 120)) == .none, "through zero to the other limit")
        #expect(gate.check(order(side.opposite, 121)) == .positionAboveMaximum)
    }

    @Test func theTightestWinsAndIsNamed() {
        let gate = gate()
        #expect(set(.maximumPosition, 50, of: Self.firm, gate) == .none)
        #expect(set(.maximumPosition, 70, of: Self.account, gate) == .none)
        #expect(gate.check(order(.buy, 51)) == .positionAboveMaximum)
        #expect(gate.refusingScope == Self.firm)
        #expect(gate.check(order(.buy, 71)) == .positionAboveMaximum)
        #expect(gate.refusingScope == Self.account, "the narrowest scope is asked first")
        accept(order(.buy, 30, session: 4), gate)
        #expect(gate.check(order(.buy, 20)) == .none)
        #expect(gate.check(order(.buy, 21)) == .positionAboveMaximum, "the firm's other account")
        #expect(set(.maximumPosition, 10, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 11)) == .positionAboveMaximum)
        #expect(gate.check(order(.buy, 50, instrument: 8)) == .none)
    }

    @Test(arguments: [Side.buy, .sell]) func aReplaceCountsByWhatItAdds(side: Side) {
        let gate = gate()
        #expect(set(.maximumPosition, 100, gate) == .none)
        let first = order(side, 60)
        accept(first, gate)
        let open = OpenOrder(instrument: 7, side: side, leavesQuantity: 60, cumulativeQuantity: 0)
        #expect(gate.check(order(side, 100, kind: .replace), resting: open) == .none)
        #expect(gate.check(order(side, 101, kind: .replace), resting: open) == .positionAboveMaximum)
        gate.observe(report(.replaced, first, 60, leaves: 100))
        #expect(gate.check(order(side, 1)) == .positionAboveMaximum)
        gate.observe(report(.partiallyFilled, first, 30, leaves: 70))
        let rest = OpenOrder(instrument: 7, side: side, leavesQuantity: 70, cumulativeQuantity: 30)
        #expect(gate.check(order(side, 100, kind: .replace), resting: rest) == .none, "the total is what it was")
        #expect(gate.check(order(side, 101, kind: .replace), resting: rest) == .positionAboveMaximum)
        var leaves = order(side, 71, kind: .replace)
        leaves.flags = Command.quantityIsLeaves
        #expect(gate.check(leaves, resting: rest) == .positionAboveMaximum)
        #expect(set(.maximumPosition, 10, gate) == .none)
        #expect(gate.check(order(side, 90, kind: .replace), resting: rest) == .none, "less is always taken")
    }

    @Test func grossCountsEachInstrumentByItsWorseSide() {
        let gate = gate()
        #expect(set(.maximumGrossPosition, 100, gate) == .none)
        accept(order(.buy, 40), gate)
        accept(order(.sell, 30), gate)
        #expect(gate.standing(Self.account)?.grossPosition == 40)
        #expect(gate.check(order(.sell, 10)) == .none, "the smaller side may grow to the larger")
        #expect(gate.check(order(.buy, 60, instrument: 8)) == .none)
        #expect(gate.check(order(.buy, 61, instrument: 8)) == .grossPositionAboveMaximum)
        #expect(gate.check(order(.sell, 70)) == .none)
        #expect(gate.check(order(.sell, 71)) == .grossPositionAboveMaximum)
    }

    // MARK: Money

    @Test func creditIsReservedByOpenOrdersAndMovedByProfit() {
        let gate = gate(margin: 10)
        #expect(set(.credit, 1_000, gate) == .none)
        #expect(gate.check(order(.buy, 100)) == .none)
        #expect(gate.check(order(.buy, 101)) == .creditExceeded)
        let bought = order(.buy, 60)
        accept(bought, gate)
        #expect(gate.check(order(.buy, 41)) == .creditExceeded)
        #expect(gate.check(order(.sell, 100)) == .none, "only one side can become a position")
        gate.observe(report(.filled, bought, 60, leaves: 0, price: 100))
        #expect(gate.standing(Self.account)?.margin == 600)
        #expect(set(.markPrice, 99, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.standing(Self.account)?.unrealisedProfit == -60)
        #expect(gate.check(order(.buy, 34)) == .none)
        #expect(gate.check(order(.buy, 35)) == .creditExceeded, "a loss of 60 is less credit")
        #expect(gate.check(order(.sell, 60)) == .none)
        trade(order(.sell, 60), gate, price: 105)
        #expect(gate.standing(Self.account)?.realisedProfit == 300)
        #expect(gate.standing(Self.account)?.margin == 0)
        #expect(gate.check(order(.buy, 130)) == .none)
        #expect(gate.check(order(.buy, 131)) == .creditExceeded)
    }

    @Test func profitIsRealisedAtTheAverageCost() {
        let gate = gate(tickValue: 5)
        trade(order(.buy, 3), gate, price: 100)
        trade(order(.buy, 1), gate, price: 105)
        trade(order(.sell, 2), gate, price: 110)
        let standing = gate.standing(Self.account, instrument: 7)
        // Cost 5 × (300 + 105) = 2,025; half of it, towards zero, 1,012; proceeds 1,100.
        #expect(standing?.realisedProfit == 88)
        #expect(standing?.cost == 1_013)
        #expect(standing?.position == 2)
        // At the mark of 100: 2 × 500 − 1,013.
        #expect(standing?.unrealisedProfit == -13)
        trade(order(.sell, 5), gate, price: 100)
        let short = gate.standing(Self.account, instrument: 7)
        #expect(short?.realisedProfit == 75, "88, and 1,000 for what cost 1,013")
        #expect(short?.position == -3 && short?.cost == -1_500 && short?.unrealisedProfit == 0)
    }

    @Test func aDrawdownLeavesOnlyWhatMakesPositionsSmaller() {
        let gate = gate()
        #expect(set(.maximumDrawdown, 50, gate) == .none)
        trade(order(.buy, 10), gate, price: 100)
        #expect(set(.markPrice, 108, of: .venue, instrument: 7, gate) == .none)
        #expect(set(.markPrice, 103, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .none, "80 to 30 is 50")
        accept(order(.buy, 1), gate)
        gate.observe(report(.cancelled, order(.buy, 1), 1, leaves: 0))
        #expect(set(.markPrice, 102, of: .venue, instrument: 7, at: 1_000, gate) == .none)
        #expect(gate.check(order(.buy, 1, at: 1_000)) == .drawdown)
        #expect(gate.refusingScope == Self.account)
        #expect(gate.check(order(.sell, 10, at: 1_000)) == .none)
        #expect(gate.check(order(.sell, 11, at: 1_000)) == .drawdown, "through zero is a new position")
        #expect(gate.check(order(.buy, 1, session: 4, at: 1_000)) == .none, "another account")
        #expect(set(.markPrice, 120, of: .venue, instrument: 7, at: 1_100, gate) == .none)
        #expect(gate.check(order(.buy, 1, at: 1_100)) == .drawdown, "a profit does not take it off")
        #expect(set(.rearmNanoseconds, 500, at: 1_100, gate) == .none)
        #expect(gate.check(order(.buy, 1, at: 1_499)) == .drawdown)
        #expect(gate.check(order(.buy, 1, at: 1_500)) == .none)
    }

    @Test func aDrawdownIsForgottenWhenSomebodySaysSo() {
        let gate = gate()
        #expect(set(.maximumDrawdown, 50, gate) == .none)
        trade(order(.buy, 10), gate, price: 100)
        #expect(set(.markPrice, 94, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .drawdown)
        #expect(set(.rearm, 0, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .none)
        #expect(set(.markPrice, 89, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .none, "50 from where it was forgotten")
        #expect(set(.markPrice, 88, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .drawdown)
    }

    @Test func aDayLossLastsUntilTheNextDay() {
        let gate = gate()
        #expect(set(.maximumDayLoss, 50, gate) == .none)
        trade(order(.sell, 10), gate, price: 100)
        #expect(set(.markPrice, 105, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.check(order(.sell, 1)) == .none)
        #expect(set(.markPrice, 106, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.check(order(.sell, 1)) == .dayLoss)
        #expect(gate.check(order(.buy, 10)) == .none)
        #expect(set(.markPrice, 90, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.check(order(.sell, 1)) == .dayLoss)
        #expect(set(.newDay, 0, of: .venue, gate) == .none)
        #expect(gate.check(order(.sell, 1)) == .none)
    }

    // MARK: Counts and rates

    @Test func openOrdersAreCountedForEachScope() {
        let gate = gate()
        #expect(set(.maximumOpenOrders, 2, of: Self.user, gate) == .none)
        accept(order(.buy, 1), gate)
        #expect(gate.check(order(.buy, 1)) == .none)
        let last = order(.sell, 5)
        accept(last, gate)
        #expect(gate.check(order(.buy, 1)) == .tooManyOpenOrders)
        #expect(gate.refusingScope == Self.user)
        #expect(gate.check(order(.buy, 1, session: 2)) == .none, "another user of the account")
        let open = OpenOrder(instrument: 7, side: .sell, leavesQuantity: 5, cumulativeQuantity: 0)
        #expect(gate.check(order(.sell, 6, kind: .replace), resting: open) == .none, "a replace opens none")
        gate.observe(report(.partiallyFilled, last, 2, leaves: 3))
        #expect(gate.check(order(.buy, 1)) == .tooManyOpenOrders)
        gate.observe(report(.filled, last, 3, leaves: 0))
        #expect(gate.check(order(.buy, 1)) == .none)
    }

    @Test func orderRate() {
        let gate = gate()
        #expect(set(.orderRate, 1_000, quantity: 3, gate) == .none)
        for _ in 1...3 { #expect(gate.check(order(.buy, 1, at: 5_000_000)) == .none) }
        #expect(gate.check(order(.buy, 1, session: 2, at: 5_000_000)) == .orderRateExceeded)
        #expect(gate.check(order(.buy, 1, session: 4, at: 5_000_000)) == .none)
        #expect(gate.check(order(.buy, 1, at: 5_999_999)) == .orderRateExceeded)
        #expect(gate.check(order(.buy, 1, at: 6_000_000)) == .none, "one more after a millisecond")
        #expect(gate.check(order(.buy, 1, at: 6_000_000)) == .orderRateExceeded)
        for _ in 1...3 { #expect(gate.check(order(.buy, 1, at: 90_000_000)) == .none) }
        #expect(gate.check(order(.buy, 1, at: 90_000_000)) == .orderRateExceeded, "never more than the burst")
        #expect(set(.orderRate, 0, gate) == .none)
        #expect(gate.check(order(.buy, 1, at: 90_000_000)) == .none)
    }

    @Test func cancelsAreMessagesAndNeverRefused() {
        let gate = gate()
        #expect(set(.messageRate, 1_000, quantity: 2, gate) == .none)
        for _ in 1...5 { #expect(gate.check(order(.none, 0, at: 7, kind: .cancel)) == .none) }
        #expect(gate.check(order(.buy, 1, at: 7)) == .messageRateExceeded)
        #expect(gate.check(order(.buy, 1, at: 4_000_006)) == .messageRateExceeded)
        #expect(gate.check(order(.buy, 1, at: 4_000_007)) == .none)
    }

    @Test func cancelsPerTrade() {
        let gate = gate()
        #expect(set(.cancelRatio, 2, quantity: 4, gate) == .none)
        for _ in 1...4 { #expect(gate.check(order(.none, 0, kind: .cancel)) == .none) }
        #expect(gate.check(order(.buy, 1)) == .none, "the first four are free")
        #expect(gate.check(order(.none, 0, kind: .cancel)) == .none)
        #expect(gate.check(order(.buy, 1)) == .cancelRatioExceeded)
        for _ in 1...2 { trade(order(.buy, 1), gate) }
        #expect(gate.check(order(.buy, 1)) == .cancelRatioExceeded, "five for two trades")
        trade(order(.buy, 1), gate)
        #expect(gate.check(order(.buy, 1)) == .none)
        #expect(gate.check(order(.none, 0, kind: .cancel)) == .none)
        #expect(gate.check(order(.buy, 1)) == .none, "six for three")
        #expect(set(.newDay, 0, of: .venue, gate) == .none)
        #expect(gate.standing(Self.account)?.cancelsToday == 0)
    }

    @Test func theSameOrderTwice() {
        let gate = gate()
        #expect(set(.duplicateNanoseconds, 1_000, of: Self.user, gate) == .none)
        #expect(gate.check(order(.buy, 5, at: 100)) == .none)
        #expect(gate.check(order(.buy, 5, at: 1_099)) == .duplicateOrder)
        #expect(gate.check(order(.buy, 5, at: 1_100)) == .none, "the refused one did not begin the time anew")
        for other in [
            order(.sell, 5, at: 1_101), order(.buy, 6, at: 1_101), order(.buy, 5, price: 101, at: 1_101),
            order(.buy, 5, instrument: 8, at: 1_101), order(.buy, 5, session: 2, at: 1_101),
        ] { #expect(gate.check(other) == .none) }
        #expect(gate.check(order(.buy, 5, session: 2, at: 1_102)) == .none, "session 2 has no such limit")
    }

    // MARK: Lists and switches

    @Test func restrictedAndEntitled() {
        let gate = gate()
        #expect(set(.restricted, 1, of: Self.firm, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .restricted)
        #expect(gate.refusingScope == Self.firm)
        #expect(gate.check(order(.buy, 1, instrument: 8)) == .none)
        #expect(set(.restricted, 0, of: Self.firm, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .none)
        #expect(set(.entitlementNeeded, 1, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .notEntitled)
        #expect(set(.entitled, 1, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .none)
        #expect(gate.check(order(.buy, 1, instrument: 8)) == .notEntitled)
    }

    @Test func shortSalesAndLocates() {
        let gate = gate()
        #expect(set(.noShortSale, 1, instrument: 7, gate) == .none)
        #expect(gate.check(order(.sell, 1)) == .noShortSale)
        trade(order(.buy, 10), gate)
        accept(order(.sell, 4), gate)
        #expect(gate.check(order(.sell, 6)) == .none)
        #expect(gate.check(order(.sell, 7)) == .noShortSale)
        #expect(set(.locate, 5, instrument: 7, gate) == .none)
        #expect(gate.check(order(.sell, 11)) == .none)
        #expect(gate.check(order(.sell, 12)) == .noShortSale)
    }

    @Test(arguments: [RiskScope.venue, firm, account, user]) func killed(scope: RiskScope) {
        let gate = gate()
        #expect(set(.killed, 1, of: scope, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .killed)
        #expect(gate.refusingScope == scope)
        #expect(gate.check(order(.none, 0, kind: .cancel)) == .none)
        #expect(gate.check(order(.buy, 1, session: 4)) == (scope == .venue || scope == Self.firm ? .killed : .none))
        #expect(set(.killed, 0, of: scope, gate) == .none)
        #expect(gate.check(order(.buy, 1)) == .none)
    }

    @Test func reduceOnly() {
        let gate = gate()
        trade(order(.sell, 10), gate)
        #expect(set(.reduceOnly, 1, gate) == .none)
        #expect(gate.check(order(.sell, 1)) == .reduceOnly)
        #expect(gate.check(order(.buy, 11)) == .reduceOnly)
        #expect(gate.check(order(.buy, 10)) == .none)
        accept(order(.buy, 4), gate)
        #expect(gate.check(order(.buy, 6)) == .none)
        #expect(gate.check(order(.buy, 7)) == .reduceOnly, "with all open orders")
    }

    @Test func theWordOnSelfTradesIsHandedOn() {
        let gate = gate()
        #expect(gate.handedOn(order(.buy, 1)) == order(.buy, 1))
        #expect(
            set(.selfTrade, Int64(SelfTradePrevention.cancelBoth.rawValue) | 128, of: Self.firm, gate) == .none)
        let handed = gate.handedOn(order(.buy, 1))
        #expect(handed.traits == OrderTraits(selfTrade: .cancelBoth, byFirm: true))
        var own = order(.buy, 1)
        own.traits = OrderTraits(selfTrade: .cancelOldest)
        #expect(gate.handedOn(own) == own, "the order's own word counts")
        #expect(set(.selfTrade, Int64(SelfTradePrevention.cancelNewest.rawValue), gate) == .none)
        #expect(gate.handedOn(order(.buy, 1)).traits.selfTrade == .cancelNewest, "the narrowest scope's word")
    }

    // MARK: One order

    @Test func quantityAndValueOfOneOrder() {
        let gate = gate(tickValue: 2)
        #expect(set(.maximumQuantity, 50, of: Self.user, gate) == .none)
        #expect(gate.check(order(.buy, 50)) == .none)
        #expect(gate.check(order(.buy, 51)) == .quantityAboveMaximum)
        #expect(gate.refusingScope == Self.user)
        #expect(set(.maximumNotional, 2_000, of: Self.firm, gate) == .none)
        #expect(gate.check(order(.sell, 10)) == .none)
        #expect(gate.check(order(.sell, 10, price: 101)) == .notionalAboveMaximum)
        #expect(gate.refusingScope == Self.firm)
    }

    @Test func aSlipOfTheFinger() {
        let gate = gate()
        #expect(set(.fatFingerLast, 50, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.check(order(.buy, 1, price: 105)) == .none)
        #expect(gate.check(order(.buy, 1, price: 106)) == .fatFingerLast)
        #expect(gate.check(order(.buy, 1, price: 1)) == .none, "a price too good is no slip")
        #expect(gate.check(order(.sell, 1, price: 95)) == .none)
        #expect(gate.check(order(.sell, 1, price: 94)) == .fatFingerLast)
        #expect(set(.fatFingerLast, 0, of: .venue, instrument: 7, gate) == .none)
        #expect(!gate.wantsMarket)
        #expect(set(.fatFingerMid, 100, of: .venue, instrument: 7, gate) == .none)
        #expect(gate.wantsMarket)
        let market = Market(bid: 110, ask: 115)
        #expect(gate.check(order(.buy, 1, price: 123), market: market) == .none, "112.5 and a tenth is 123.75")
        #expect(gate.check(order(.buy, 1, price: 124), market: market) == .fatFingerMid)
        #expect(gate.check(order(.sell, 1, price: 102), market: market) == .none)
        #expect(gate.check(order(.sell, 1, price: 101), market: market) == .fatFingerMid)
        #expect(gate.check(order(.sell, 1, price: 1), market: Market(bid: 110)) == .none, "no middle with one side")
    }

    @Test func theStaticCollarStaysWhereItIs() {
        let gate = gate()
        #expect(set(.staticCollarTicks, 20, of: .venue, instrument: 7, gate) == .none)
        trade(order(.buy, 1), gate, price: 115)
        #expect(gate.check(order(.buy, 1, price: 120)) == .none)
        #expect(gate.check(order(.buy, 1, price: 121)) == .priceOutsideStaticCollar)
        #expect(gate.check(order(.sell, 1, price: 80)) == .none)
        #expect(gate.check(order(.sell, 1, price: 79)) == .priceOutsideStaticCollar)
    }
}
