import Node
import OrderEntry
import Orders
import Risk
import Testing

/// Limits that the venue changes while orders flow hold from their place in the log on, and a replay repeats them.
@Suite struct RiskCommandTests {
    private func set(
        _ parameter: RiskParameter, _ value: Int64, of scope: RiskScope, instrument: UInt32 = 0, _ bench: Bench
    ) throws -> [ExecutionReport] {
        #expect(
            bench.node.venue.submit(
                Command(
                    kind: .setRisk, clientOrderID: scope.rawValue, price: value, instrument: instrument,
                    flags: parameter.rawValue)))
        for _ in 0..<2_000 {
            if let answer = bench.node.venue.poll() { return answer.reports }
            bench.settle()
        }
        return []
    }

    private func order(_ number: UInt64, _ quantity: UInt32) -> Command {
        Command(
            kind: .newOrder, clientOrderID: number, price: 10_000, quantity: quantity, instrument: 1, side: .buy,
            timeInForce: .day)
    }

    @Test func aLimitHoldsFromItsPlaceInTheLogOn() throws {
        let bench = try Bench()
        let client = PlainClient(bench)
        client.establish()
        client.send(order(1, 60))
        #expect(client.reports().map(\.kind) == [.accepted])
        let account = RiskScope(.account, 1)
        #expect(try set(.maximumPosition, 100, of: account, bench).map(\.kind) == [.instrumentSet])
        client.send(order(2, 41))
        let refused = client.reports()
        #expect(refused.map(\.kind) == [.rejected] && refused.map(\.reason) == [.positionAboveMaximum])
        #expect(refused.first?.executionID == account.rawValue, "whose limit it was")
        client.send(order(3, 40))
        #expect(client.reports().map(\.kind) == [.accepted])
        let unknown = try set(.credit, 1, of: RiskScope(.account, 77), bench)
        #expect(unknown.map(\.kind) == [.commandRejected] && unknown.map(\.reason) == [.unknownScope])
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    @Test func whoIsKilledLosesAllOrders() throws {
        let bench = try Bench()
        let client = PlainClient(bench)
        client.establish()
        for number in 1...3 as ClosedRange<UInt64> { client.send(order(number, 5)) }
        #expect(client.reports().count == 3)
        let answer = try set(.killed, 1, of: RiskScope(.user, 1), bench)
        #expect(answer.map(\.kind) == [.instrumentSet] && answer.map(\.cumulativeQuantity) == [3])
        let ended = client.reports()
        #expect(ended.map(\.kind) == [.cancelled, .cancelled, .cancelled])
        #expect(ended.allSatisfy { $0.reason == .massCancel && $0.lastQuantity == 5 })
        client.send(order(4, 5))
        #expect(client.reports().map(\.reason) == [.killed])
        #expect(try set(.killed, 0, of: RiskScope(.user, 1), bench).map(\.kind) == [.instrumentSet])
        client.send(order(5, 5))
        #expect(client.reports().map(\.kind) == [.accepted])
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    private func put(_ text: String, _ number: UInt32, _ bench: Bench) throws -> [ExecutionReport] {
        let operations = try Rule(parsing: text).program.operations
        var reports: [ExecutionReport] = []
        for (place, operation) in operations.enumerated() {
            let words = withUnsafeBytes(of: operation) {
                ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            let record = RuleRecord(
                .put, number, scopeKind: RuleScope.Kind.account.rawValue, scopeNumber: 1, place: UInt8(place),
                count: UInt8(operations.count), operation: words)
            reports += try ask(Command(record), bench)
        }
        return reports
    }

    private func ask(_ command: Command, _ bench: Bench) throws -> [ExecutionReport] {
        #expect(bench.node.venue.submit(command))
        for _ in 0..<2_000 {
            if let answer = bench.node.venue.poll() { return answer.reports }
            bench.settle()
        }
        return []
    }

    @Test func aCustomRuleHoldsFromItsPlaceInTheLogOn() throws {
        let bench = try Bench()
        let client = PlainClient(bench)
        client.establish()
        client.send(order(1, 60))
        #expect(client.reports().map(\.kind) == [.accepted])
        let text = "position(instrument) + open(buy) + quantity > 100 and side == buy or price * 2 > 30_000 → reject"
        let answers = try put(text, 7, bench)
        #expect(!answers.isEmpty && answers.allSatisfy { $0.kind == .instrumentSet })
        client.send(order(2, 41))
        let refused = client.reports()
        #expect(refused.map(\.reason) == [.customRule] && refused.map(\.orderID) == [7])
        client.send(order(3, 40))
        #expect(client.reports().map(\.kind) == [.accepted])
        #expect(try ask(Command(RuleRecord(.disable, 7)), bench).map(\.kind) == [.instrumentSet])
        client.send(order(4, 41))
        #expect(client.reports().map(\.kind) == [.accepted])
        #expect(try ask(Command(RuleRecord(.remove, 8)), bench).map(\.reason) == [.unknownRule])
        #expect(try put("ordersThisSecond > 5 → reject", 9, bench).last?.reason == .invalidRule)
        #expect(try ask(Command(RuleRecord(.put, 9, place: 3, count: 9)), bench).map(\.reason) == [.invalidRule])
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }
}
