import LoadClient
import Orders
import Testing

/// The flow, the toy book and the model against each other, without a network between.
@Suite struct ToyExchangeTests {
    private func run(
        _ misbehaviour: ToyExchange.Misbehaviour, commands: Int = 20_000
    ) -> (verdict: OrderModel.Verdict, model: OrderModel) {
        var flow = OrderFlow(options: OrderFlowOptions(targetLiveOrders: 200), seed: 11)
        var model = OrderModel(expectedCommandCount: commands, isSoleParticipant: true)
        var exchange = ToyExchange(misbehaviour)
        for _ in 0..<commands {
            let command = flow.next()
            model.sent(command)
            for report in exchange.apply(command) { _ = model.received(report) }
        }
        return (model.verify(final: true), model)
    }

    @Test func honestBookPasses() {
        let (verdict, model) = run(.none)
        #expect(verdict.isClean, "\(verdict.lines)")
        #expect(model.tradeCount > 2_000)
        #expect(model.statistics.cancelRejected > 100)
        #expect(model.liveOrderCount <= 200)
        #expect(model.statistics.commandsAnswered == 20_000)
    }

    @Test(arguments: [
        (ToyExchange.Misbehaviour.fillsTwice, "fill"), (.inventsQuantity, "lots traded, its fills sum to"),
        (.staysSilent, "was never answered"),
    ])
    func dishonestBookFails(misbehaviour: ToyExchange.Misbehaviour, text: String) {
        let (verdict, _) = run(misbehaviour)
        #expect(!verdict.isClean)
        #expect(verdict.lines.contains { $0.contains(text) }, "\(verdict.lines)")
    }
}
