import LoadClient
import Orders
import Testing

/// A model with commands already sent, and reports written by hand.
private struct Script {
    var model: OrderModel
    private var sent: [Command] = []

    init(isSoleParticipant: Bool = false) { model = OrderModel(isSoleParticipant: isSoleParticipant) }

    /// Sends a new order; its identifier is its place in the script, from 1.
    mutating func new(_ side: Side, _ quantity: UInt32, at price: Int64, _ timeInForce: TimeInForce = .day) {
        note(Command(kind: .newOrder, price: price, quantity: quantity, side: side, timeInForce: timeInForce))
    }

    mutating func cancel(_ order: UInt64) { note(Command(kind: .cancel, originalClientOrderID: order)) }

    mutating func replace(_ order: UInt64, _ quantity: UInt32, at price: Int64) {
        note(
            Command(
                kind: .replace, originalClientOrderID: order, price: price, quantity: quantity,
                side: sent[Int(order) - 1].side, timeInForce: .day))
    }

    /// The direct answer to a command, as a correct node gives it.
    @discardableResult
    mutating func answer(
        _ number: UInt64, _ kind: ReportKind, leaves: UInt32? = nil, cumulative: UInt32 = 0,
        reason: RejectReason = .none
    ) -> UInt64? {
        let command = sent[Int(number) - 1]
        let original = command.originalClientOrderID
        let side = command.kind == .cancel ? sent[Int(original) - 1].side : command.side
        let rests = kind == .accepted || kind == .replaced
        return model.received(
            ExecutionReport(
                kind: kind, clientSequence: number, clientOrderID: number, originalClientOrderID: original,
                price: command.price, leavesQuantity: leaves ?? (rests ? command.quantity - cumulative : 0),
                cumulativeQuantity: cumulative, instrument: 1, side: side, reason: reason))
    }

    /// A fill of an order.
    mutating func fill(
        _ order: UInt64, _ quantity: UInt32, at price: Int64, leaves: UInt32, cumulative: UInt32, execution: UInt64,
        isAggressor: Bool = false, kind: ReportKind? = nil, side: Side? = nil
    ) {
        _ = model.received(
            ExecutionReport(
                kind: kind ?? (leaves == 0 ? .filled : .partiallyFilled), clientSequence: isAggressor ? order : 0,
                clientOrderID: order, executionID: execution, price: price, lastQuantity: quantity,
                leavesQuantity: leaves, cumulativeQuantity: cumulative, instrument: 1,
                side: side ?? (order <= UInt64(sent.count) ? sent[Int(order) - 1].side : .buy),
                flags: isAggressor ? .aggressor : []))
    }

    /// An end nobody asked for.
    mutating func end(_ order: UInt64, cumulative: UInt32, reason: RejectReason) {
        _ = model.received(
            ExecutionReport(
                kind: .cancelled, clientSequence: order, clientOrderID: order, cumulativeQuantity: cumulative,
                instrument: 1, side: sent[Int(order) - 1].side, reason: reason))
    }

    private mutating func note(_ command: Command) {
        var command = command
        command.clientSequence = UInt64(sent.count) + 1
        command.clientOrderID = command.clientSequence
        command.instrument = 1
        sent.append(command)
        model.sent(command)
    }

    /// Expects exactly one violation, whose line contains `text`.
    func expectViolation(_ text: String, final: Bool = false, _ location: SourceLocation = #_sourceLocation) {
        let verdict = model.verify(final: final)
        #expect(verdict.violationCount == 1, "\(verdict.lines)", sourceLocation: location)
        #expect(verdict.lines.first?.contains(text) == true, "\(verdict.lines)", sourceLocation: location)
    }

    func expectClean(_ location: SourceLocation = #_sourceLocation) {
        let verdict = model.verify(final: true)
        #expect(verdict.isClean, "\(verdict.lines)", sourceLocation: location)
    }
}

@Suite struct OrderModelCorrectNodeTests {
    @Test func oneTradeWithBothSidesOurs() {
        var script = Script(isSoleParticipant: true)
        script.new(.buy, 10, at: 100)
        script.new(.sell, 4, at: 99)
        #expect(script.answer(1, .accepted) == 1)
        #expect(script.answer(2, .accepted) == 2)
        script.fill(2, 4, at: 100, leaves: 0, cumulative: 4, execution: 1, isAggressor: true)
        script.fill(1, 4, at: 100, leaves: 6, cumulative: 4, execution: 1)
        script.expectClean()
        #expect(script.model.tradeCount == 1)
        #expect(script.model.statistics.fills == 2)
        #expect(script.model.statistics.filledLots == 8)
        #expect(script.model.liveOrderCount == 1)
    }

    @Test func replaceKeepsWhatTradedAndCancelEndsIt() {
        var script = Script()
        script.new(.sell, 10, at: 100)
        script.replace(1, 8, at: 101)
        script.cancel(2)
        script.answer(1, .accepted)
        script.fill(1, 3, at: 100, leaves: 7, cumulative: 3, execution: 5)
        #expect(script.answer(2, .replaced, cumulative: 3) == 2)
        script.fill(2, 1, at: 102, leaves: 4, cumulative: 4, execution: 6)
        #expect(script.answer(3, .cancelled, cumulative: 4) == 3)
        script.expectClean()
        #expect(script.model.liveOrderCount == 0)
        #expect(script.model.unansweredCount == 0)
    }

    @Test func remainderOfImmediateOrderIsNoAnswer() {
        var script = Script()
        script.new(.buy, 10, at: 100, .immediateOrCancel)
        script.answer(1, .accepted)
        script.fill(1, 4, at: 99, leaves: 6, cumulative: 4, execution: 1, isAggressor: true)
        script.end(1, cumulative: 4, reason: .immediateOrCancelRemainder)
        script.expectClean()
        #expect(script.model.statistics.cancelledUnasked == 1)
        #expect(script.model.statistics.cancelled == 0)
    }

    @Test func lateCancelsAreRefusedAndRejectsCounted() {
        var script = Script()
        script.new(.buy, 10, at: 100)
        script.new(.buy, 5_000, at: 100)
        script.cancel(1)
        script.replace(1, 5, at: 99)
        script.cancel(4)
        script.answer(1, .accepted)
        #expect(script.answer(2, .rejected, reason: .quantityAboveMaximum) == 2)
        script.fill(1, 10, at: 100, leaves: 0, cumulative: 10, execution: 1)
        #expect(script.answer(3, .cancelRejected, reason: .unknownOrder) == 3)
        #expect(script.answer(4, .cancelRejected, reason: .unknownOrder) == 4)
        #expect(script.answer(5, .cancelRejected, reason: .unknownOrder) == 5)
        script.expectClean()
        #expect(script.model.statistics.rejected(.quantityAboveMaximum) == 1)
        #expect(script.model.statistics.cancelRejected(.unknownOrder) == 3)
    }

    @Test func equalBooksHaveEqualHashes() {
        var one = Script()
        one.new(.buy, 10, at: 100)
        one.answer(1, .accepted)
        var other = one
        #expect(one.model.bookHash == other.model.bookHash)
        other.fill(1, 1, at: 100, leaves: 9, cumulative: 1, execution: 1)
        #expect(one.model.bookHash != other.model.bookHash)
    }
}

@Suite struct OrderModelWrongNodeTests {
    /// An accepted buy of 10 at 100, order 1.
    private func accepted(isSoleParticipant: Bool = false) -> Script {
        var script = Script(isSoleParticipant: isSoleParticipant)
        script.new(.buy, 10, at: 100)
        script.answer(1, .accepted)
        return script
    }

    @Test func missingAnswer() {
        var script = accepted()
        script.cancel(1)
        #expect(script.model.unansweredCount == 1)
        script.expectViolation("command 2 (cancel, order 2) was never answered", final: true)
    }

    @Test func secondAnswer() {
        var script = accepted()
        #expect(script.answer(1, .accepted) == nil)
        script.expectViolation("answered a second time")
    }

    @Test func secondAnswerOfAnotherKind() {
        var script = accepted()
        script.answer(1, .rejected, reason: .bookFull)
        script.expectViolation("answered a second time")
    }

    @Test func answerOfTheWrongKind() {
        var script = accepted()
        script.cancel(1)
        script.answer(2, .accepted, leaves: 0)
        script.expectViolation("which is a cancel")
    }

    @Test func answerToNothing() {
        var script = accepted()
        #expect(
            script.model.received(ExecutionReport(kind: .accepted, clientSequence: 9, clientOrderID: 9)) == nil)
        script.expectViolation("command 9, which was never sent")
    }

    @Test func answerWithAnotherIdentifier() {
        var script = accepted()
        script.new(.buy, 10, at: 100)
        _ = script.model.received(ExecutionReport(kind: .accepted, clientSequence: 2, clientOrderID: 1))
        script.expectViolation("another client order identifier")
    }

    @Test func acceptedWithOtherTerms() {
        var script = Script()
        script.new(.buy, 10, at: 100)
        _ = script.model.received(
            ExecutionReport(
                kind: .accepted, clientSequence: 1, clientOrderID: 1, price: 101, leavesQuantity: 10, instrument: 1,
                side: .buy))
        script.expectViolation("sent was buy @ 100")
    }

    @Test func quantityNotConserved() {
        var script = accepted()
        script.fill(1, 4, at: 100, leaves: 7, cumulative: 4, execution: 1)
        script.expectViolation("traded 4 and left 7 do not sum to 10")
    }

    @Test func fillsDoNotSumToCumulative() {
        var script = accepted()
        script.fill(1, 4, at: 100, leaves: 5, cumulative: 5, execution: 1)
        script.expectViolation("says 5 lots traded, its fills sum to 4")
    }

    @Test func filledMoreThanLeft() {
        var script = accepted()
        script.fill(1, 11, at: 100, leaves: 0, cumulative: 10, execution: 1)
        script.expectViolation("filled 11 lots of an order with 10 left")
    }

    @Test func filledNothing() {
        var script = accepted()
        script.fill(1, 0, at: 100, leaves: 10, cumulative: 0, execution: 1)
        script.expectViolation("filled 0 lots")
    }

    @Test func filledWithLotsLeft() {
        var script = accepted()
        script.fill(1, 4, at: 100, leaves: 6, cumulative: 4, execution: 1, kind: .filled)
        script.expectViolation("says filled with 6 lots left")
    }

    @Test(arguments: [(Side.buy, Int64(101)), (Side.sell, Int64(99))])
    func fillThroughTheLimit(side: Side, price: Int64) {
        var script = Script()
        script.new(side, 10, at: 100)
        script.answer(1, .accepted)
        script.fill(1, 10, at: price, leaves: 0, cumulative: 10, execution: 1)
        script.expectViolation("limited to 100 traded at \(price)")
    }

    @Test func unknownOrder() {
        var script = accepted()
        script.fill(77, 1, at: 100, leaves: 0, cumulative: 1, execution: 1)
        script.expectViolation("order 77 was never sent")
    }

    @Test func fillBeforeAccepted() {
        var script = Script()
        script.new(.buy, 10, at: 100)
        script.fill(1, 1, at: 100, leaves: 9, cumulative: 1, execution: 1)
        script.expectViolation("has not been accepted")
    }

    @Test func reportAfterTheEnd() {
        var script = accepted()
        script.fill(1, 10, at: 100, leaves: 0, cumulative: 10, execution: 1)
        script.fill(1, 1, at: 100, leaves: 0, cumulative: 11, execution: 2)
        script.expectViolation("order 1 has ended before")
    }

    @Test func cancelledAfterTheEnd() {
        var script = accepted()
        script.cancel(1)
        script.fill(1, 10, at: 100, leaves: 0, cumulative: 10, execution: 1)
        script.answer(2, .cancelled, cumulative: 10)
        script.expectViolation("order 1 has ended before")
    }

    @Test func cancelRefusedAlthoughLive() {
        var script = accepted()
        script.cancel(1)
        script.answer(2, .cancelRejected, reason: .unknownOrder)
        script.expectViolation("refused as unknown, but it is live")
    }

    @Test func cancelOfAnotherOrder() {
        var script = accepted()
        script.new(.buy, 1, at: 99)
        script.answer(2, .accepted)
        script.cancel(1)
        _ = script.model.received(
            ExecutionReport(
                kind: .cancelled, clientSequence: 3, clientOrderID: 3, originalClientOrderID: 2, instrument: 1,
                side: .buy))
        script.expectViolation("the cancel was for order 1")
    }

    @Test func cancelledWithOtherCumulative() {
        var script = accepted()
        script.cancel(1)
        script.answer(2, .cancelled, cumulative: 3)
        script.expectViolation("says 3 lots traded")
    }

    @Test func replacedBelowWhatTraded() {
        var script = accepted()
        script.fill(1, 6, at: 100, leaves: 4, cumulative: 6, execution: 1)
        script.replace(1, 6, at: 99)
        script.answer(2, .replaced, cumulative: 6)
        script.expectViolation("replaced to 6 lots with 6 traded")
    }

    @Test func dayOrderEndedAsImmediate() {
        var script = accepted()
        script.end(1, cumulative: 0, reason: .immediateOrCancelRemainder)
        script.expectViolation("a day order ended")
    }

    @Test func immediateOrderStillRests() {
        var script = Script()
        script.new(.buy, 10, at: 100, .immediateOrCancel)
        script.answer(1, .accepted)
        script.expectViolation("still rests with 10 lots", final: true)
    }

    @Test func reportNumberMissing() {
        var script = accepted()
        for number in [UInt64(1), 3] {
            script.new(.buy, 1, at: 1)
            let sequence = script.model.statistics.commandsSent
            _ = script.model.received(
                ExecutionReport(
                    kind: .accepted, reportSequence: number, clientSequence: sequence, clientOrderID: sequence,
                    price: 1, leavesQuantity: 1, instrument: 1, side: .buy))
        }
        script.expectViolation("gapless, the one before was 1")
    }

    @Test func listIsBoundedAndCountIsNot() {
        var script = Script()
        for _ in 0..<50 { script.new(.buy, 10, at: 100) }
        let verdict = script.model.verify(final: true)
        #expect(verdict.violationCount == 50)
        #expect(verdict.lines.count == 20)
        #expect(!verdict.isClean)
    }
}

@Suite struct OrderModelTradePairTests {
    /// Both orders live: a buy of 10 at 100 (1), a sell of 10 at 100 (2).
    private func pair() -> Script {
        var script = Script(isSoleParticipant: true)
        script.new(.buy, 10, at: 100)
        script.new(.sell, 10, at: 100)
        script.answer(1, .accepted)
        script.answer(2, .accepted)
        script.fill(2, 3, at: 100, leaves: 7, cumulative: 3, execution: 1, isAggressor: true)
        return script
    }

    @Test func oneSideMissing() {
        let script = pair()
        script.expectViolation("execution 1 was reported to one side only", final: true)
    }

    @Test func differentQuantities() {
        var script = pair()
        script.fill(1, 2, at: 100, leaves: 8, cumulative: 2, execution: 1)
        script.expectViolation("the two sides of execution 1 differ: 3 @ 100 and 2 @ 100")
    }

    @Test func differentPrices() {
        var script = pair()
        script.fill(1, 3, at: 99, leaves: 7, cumulative: 3, execution: 1)
        script.expectViolation("3 @ 100 and 3 @ 99")
    }

    @Test func twoAggressors() {
        var script = pair()
        script.fill(1, 3, at: 100, leaves: 7, cumulative: 3, execution: 1, isAggressor: true)
        script.expectViolation("marks both sides as the aggressor")
    }

    @Test func sameOrderTwice() {
        var script = pair()
        script.fill(2, 3, at: 100, leaves: 4, cumulative: 6, execution: 1)
        script.expectViolation("both sides of execution 1 are sells")
    }

    @Test func executionUsedAgain() {
        var script = pair()
        script.fill(1, 3, at: 100, leaves: 7, cumulative: 3, execution: 1)
        script.fill(2, 1, at: 100, leaves: 6, cumulative: 4, execution: 1, isAggressor: true)
        script.expectViolation("execution 1 was reported before")
    }

    @Test func executionWithoutIdentifier() {
        var script = pair()
        script.fill(1, 3, at: 100, leaves: 7, cumulative: 3, execution: 0)
        script.expectViolation("without an execution identifier")
    }
}
