import LoadClient
import Orders
import Testing

/// The model on a session that had nine commands and twenty reports before.
@Suite struct OrderModelContinuationTests {
    private func model() -> OrderModel {
        var model = OrderModel(
            firstClientOrderID: 10, firstClientSequence: 10, firstReportSequence: 21, isSoleParticipant: true)
        model.sent(
            Command(
                kind: .newOrder, clientSequence: 10, clientOrderID: 10, price: 100, quantity: 5, instrument: 1,
                side: .buy, timeInForce: .day))
        return model
    }

    private let accepted = ExecutionReport(
        kind: .accepted, reportSequence: 21, clientSequence: 10, clientOrderID: 10, price: 100, leavesQuantity: 5,
        instrument: 1, side: .buy)

    private func fill(
        _ number: UInt64, order: UInt64, _ side: Side, answering clientSequence: UInt64, leaves: UInt32
    ) -> ExecutionReport {
        ExecutionReport(
            kind: leaves == 0 ? .filled : .partiallyFilled, reportSequence: number, clientSequence: clientSequence,
            clientOrderID: order, executionID: 77, price: 100, lastQuantity: 5, leavesQuantity: leaves,
            cumulativeQuantity: 5, instrument: 1, side: side, flags: clientSequence > 0 ? .aggressor : [])
    }

    @Test func numbersGoOn() {
        var model = model()
        #expect(model.received(accepted) == 10)
        #expect(model.verify(final: true).isClean && model.unansweredCount == 0)
    }

    @Test func tradesWithEarlierOrdersPair() {
        var model = model()
        _ = model.received(accepted)
        _ = model.received(fill(22, order: 10, .buy, answering: 10, leaves: 0))
        #expect(!model.verify(final: true).isClean, "one side is missing")
        _ = model.received(fill(23, order: 3, .sell, answering: 0, leaves: 2))
        #expect(model.verify(final: true).isClean, "\(model.verify(final: true).lines)")
        #expect(model.statistics.earlierOrderReports == 1 && model.tradeCount == 1)
    }

    @Test(arguments: [9, 11, 0, .max] as [UInt64])
    func answersToOtherCommandsAreWrong(clientSequence: UInt64) {
        var model = model()
        var report = accepted
        report.clientSequence = clientSequence
        #expect(model.received(report) == nil && !model.verify(final: false).isClean)
    }

    @Test func unansweredCommandsAreNamedByTheirSequence() {
        #expect(model().verify(final: true).lines.first?.hasPrefix("command 10 ") == true)
    }
}
