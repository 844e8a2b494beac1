import LoadClient
import Orders
import Testing

/// What the venue and other clients can do to plain orders.
@Suite struct OrderModelVenueTests {
    /// A model with two live orders: 1, a buy of 10 at 100, and 2, a sell of 10 at 100.
    private func resting() -> OrderModel {
        var model = OrderModel(isSoleParticipant: false)
        for (number, side) in [(1, .buy), (2, .sell)] as [(UInt64, Side)] {
            model.sent(
                Command(
                    kind: .newOrder, clientSequence: number, clientOrderID: number, price: 100, quantity: 10,
                    instrument: 1, side: side, timeInForce: .day))
            _ = model.received(report(.accepted, number, side, leaves: 10, answers: number))
        }
        return model
    }

    private func report(
        _ kind: ReportKind, _ order: UInt64, _ side: Side, leaves: UInt32 = 0, cumulative: UInt32 = 0,
        answers: UInt64 = 0, reason: RejectReason = .none
    ) -> ExecutionReport {
        ExecutionReport(
            kind: kind, clientSequence: answers, clientOrderID: order, price: 100, leavesQuantity: leaves,
            cumulativeQuantity: cumulative, instrument: 1, side: side, reason: reason)
    }

    private func fill(_ order: UInt64, _ side: Side, _ flags: ExecutionReport.Flags) -> ExecutionReport {
        var fill = report(.filled, order, side, cumulative: 10)
        fill.executionID = 1
        fill.lastQuantity = 10
        fill.flags = flags
        return fill
    }

    private func lines(_ model: OrderModel) -> [String] { model.verify(final: true).lines }

    @Test func anAuctionHasNoAggressor() {
        var model = resting()
        _ = model.received(fill(1, .buy, .auction))
        _ = model.received(fill(2, .sell, .auction))
        #expect(model.verify(final: true).isClean, "\(lines(model))")
        #expect(model.tradeCount == 1)
        var continuous = resting()
        _ = continuous.received(fill(1, .buy, []))
        _ = continuous.received(fill(2, .sell, []))
        #expect(lines(continuous).contains { $0.contains("marks no side as the aggressor") })
        var mixed = resting()
        _ = mixed.received(fill(1, .buy, .auction))
        _ = mixed.received(fill(2, .sell, []))
        #expect(lines(mixed).contains { $0.contains("one side as an auction's") })
    }

    @Test func aRestatedOrderIsSmaller() {
        var model = resting()
        _ = model.received(report(.restated, 1, .buy, leaves: 6, reason: .selfTradePrevention))
        _ = model.received(report(.cancelled, 1, .buy, reason: .massCancel))
        #expect(model.verify(final: true).isClean, "\(lines(model))")
        #expect(model.liveOrderCount == 1)
        for leaves in [0, 10, 11] as [UInt32] {
            var wrong = resting()
            _ = wrong.received(report(.restated, 1, .buy, leaves: leaves, reason: .selfTradePrevention))
            #expect(lines(wrong).contains { $0.contains("restated to \(leaves) lots") })
        }
    }

    @Test(arguments: [RejectReason.massCancel, .endOfDay, .expired, .selfTradePrevention])
    func ordersEndWithoutARequest(_ reason: RejectReason) {
        var model = resting()
        _ = model.received(report(.cancelled, 1, .buy, reason: reason))
        #expect(model.verify(final: true).isClean, "\(lines(model))")
        #expect(model.liveOrderCount == 1)
    }

    @Test(arguments: [
        ReportKind.massCancelled, .triggered, .phaseChanged, .indicative, .instrumentSet, .commandRejected,
    ])
    func whatPlainOrdersDoNotGetIsAViolation(_ kind: ReportKind) {
        var model = resting()
        _ = model.received(report(kind, 1, .buy))
        #expect(lines(model).contains { $0.contains("a report of kind \(kind)") })
    }
}
