import LoadClient
import Orders
import Testing

@Suite struct OrderFlowTests {
    private func commands(_ count: Int, seed: UInt64 = 1, _ options: OrderFlowOptions = .init()) -> [Command] {
        var flow = OrderFlow(options: options, seed: seed)
        return (0..<count).map { _ in flow.next() }
    }

    @Test func equalSeedsSendEqualCommands() {
        #expect(commands(5_000, seed: 7) == commands(5_000, seed: 7))
        #expect(commands(100, seed: 7) != commands(100, seed: 8))
    }

    /// The streams of this seed must stay what they are, or recorded runs cannot be repeated.
    @Test func streamOfSeedOne() {
        var flow = OrderFlow(options: OrderFlowOptions(), seed: 1)
        for _ in 0..<10_000 { _ = flow.next() }
        #expect(flow.count == 10_000)
        #expect(flow.streamHash.value == 10_732_234_380_265_995_462)
    }

    @Test func numbersFollowTheRule() {
        var flow = OrderFlow(options: OrderFlowOptions(instrument: 9), seed: 3, firstClientOrderID: 1_000)
        for number in UInt64(1)...500 {
            let command = flow.next()
            #expect(command.clientSequence == number)
            #expect(command.clientOrderID == 999 + number)
            #expect(command.instrument == 9)
            #expect(command.originalClientOrderID < command.clientOrderID)
            #expect((command.originalClientOrderID == 0) == (command.kind == .newOrder))
        }
    }

    @Test func mixIsAsWeighted() {
        let options = OrderFlowOptions(
            newOrderWeight: 30, cancelWeight: 30, replaceWeight: 20, crossWeight: 20, immediateOrCancelPercent: 25,
            targetLiveOrders: 100_000)
        let sent = commands(100_000, options)
        func share(_ isCounted: (Command) -> Bool) -> Double {
            Double(sent.count(where: isCounted)) / Double(sent.count)
        }
        let crosses = { (command: Command) in
            command.kind == .newOrder && (command.side == .buy) == (command.price > options.midPriceTicks)
        }
        #expect(abs(share { $0.kind == .newOrder } - 0.5) < 0.01)
        #expect(abs(share { $0.kind == .cancel } - 0.3) < 0.01)
        #expect(abs(share { $0.kind == .replace } - 0.2) < 0.01)
        #expect(abs(share(crosses) - 0.2) < 0.01)
        #expect(abs(share { $0.timeInForce == .immediateOrCancel } - 0.05) < 0.005)
        #expect(abs(share { $0.kind == .newOrder && $0.side == .buy } - 0.25) < 0.01)
    }

    @Test func pricesAndQuantitiesStayInRange() {
        let options = OrderFlowOptions(
            midPriceTicks: -50, nearestTicks: 2, farthestTicks: 5, smallestQuantityLots: 3, largestQuantityLots: 4)
        for command in commands(5_000, options) where command.kind != .cancel {
            #expect((2...5).contains(abs(command.price - options.midPriceTicks)))
            #expect((3...4).contains(command.quantity))
        }
    }

    @Test func bookStaysBounded() {
        let options = OrderFlowOptions(cancelWeight: 0, replaceWeight: 5, targetLiveOrders: 20)
        var flow = OrderFlow(options: options, seed: 5)
        var live: Set<UInt64> = []
        for _ in 0..<5_000 {
            let command = flow.next()
            if command.originalClientOrderID != 0 { #expect(live.remove(command.originalClientOrderID) != nil) }
            if command.kind != .cancel && command.timeInForce == .day { live.insert(command.clientOrderID) }
            #expect(live.count <= 20)
            #expect(live.count == flow.believedLiveOrders)
        }
        #expect(live.count >= 18)
    }

    @Test(arguments: [
        OrderFlowOptions(nearestTicks: 5, farthestTicks: 4), OrderFlowOptions(nearestTicks: -1),
        OrderFlowOptions(farthestTicks: 2_000_000), OrderFlowOptions(smallestQuantityLots: 0),
        OrderFlowOptions(smallestQuantityLots: 9, largestQuantityLots: 8),
        OrderFlowOptions(newOrderWeight: 0, crossWeight: 0), OrderFlowOptions(immediateOrCancelPercent: 101),
        OrderFlowOptions(targetLiveOrders: 0), OrderFlowOptions(midPriceTicks: .max),
    ])
    func wrongOptionsSayWhatToWrite(options: OrderFlowOptions) {
        #expect(options.problem?.contains("give") == true)
        #expect(OrderFlowOptions().problem == nil)
    }
}
