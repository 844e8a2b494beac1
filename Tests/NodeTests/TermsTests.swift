import Journal
import Node
import Orders
import Testing

/// Orders with terms: one message, one client command, two records in the log.
@Suite struct TermsTests {
    private func stop(_ identifier: UInt64, quantity: UInt32 = 5) -> Command {
        Command(
            kind: .newOrder, clientOrderID: identifier, originalClientOrderID: OrderTraits(.stop).rawValue,
            quantity: quantity, instrument: 1, side: .buy, timeInForce: .day)
    }

    /// The journal's records, those of the session's beginning and the last checkpoint left out.
    private func log(_ bench: Bench) throws -> [Command] {
        var reader = try JournalReader(directory: bench.configuration.journal.directory)
        let batch = UnsafeMutablePointer<Command>.allocate(capacity: 64)
        defer { batch.deallocate() }
        var log: [Command] = []
        while case let count = try reader.next(into: batch, maximumCount: 64), count > 0 {
            log += (0..<count).map { batch[$0] }
        }
        return log.filter { $0.kind != .sessionEstablished && $0.kind != .checkpoint }
    }

    private func begin() throws -> (Bench, PlainClient) {
        let bench = try Bench()
        let client = PlainClient(bench)
        client.establish()
        return (bench, client)
    }

    @Test func termsStandDirectlyBeforeTheirOrder() throws {
        let (bench, client) = try begin()
        let terms = (1...3).map { OrderTerms(triggerPrice: Int64($0) + 10_000) }
        for (number, one) in terms.enumerated() { client.send(stop(UInt64(number) + 1), one) }
        let answers = client.reports().filter { $0.clientSequence != 0 && $0.executionID == 0 }
        #expect(answers.map(\.clientSequence) == [1, 2, 3])
        // The session's beginning is the first record; each order is behind its terms.
        #expect(answers.map(\.sequence) == [3, 5, 7])
        #expect(bench.node.statistics[EngineCounter.commands] == 4)
        try bench.node.stop()
        let log = try log(bench)
        #expect(log.map(\.kind) == [.terms, .newOrder, .terms, .newOrder, .terms, .newOrder])
        #expect(log.map(\.clientSequence) == [1, 1, 2, 2, 3, 3])
        #expect(log.filter { $0.kind == .terms }.map { OrderTerms($0) } == terms)
        #expect(log.filter { $0.kind == .newOrder }.allSatisfy { $0.flags == Command.hasTerms })
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    @Test func anOrderSentAgainIsAnsweredAndNotLoggedAgain() throws {
        let (bench, client) = try begin()
        for _ in 0..<3 { client.send(stop(1), OrderTerms(triggerPrice: 10_001), as: 1) }
        #expect(Set(client.reports().filter { $0.clientSequence == 1 }.map(\.sequence)) == [3])
        try bench.node.stop()
        #expect(try log(bench).map(\.kind) == [.terms, .newOrder])
    }

    /// The terms of a refused order are in the log; an order behind it must not get them, live or in a replay.
    @Test func theTermsOfARefusedOrderStickToNothing() throws {
        let (bench, client) = try begin()
        client.send(stop(1, quantity: 10_001), OrderTerms(triggerPrice: 10_001))
        client.send(stop(2), OrderTerms(triggerPrice: 10_002))
        let first = client.reports().first
        #expect(first?.kind == .rejected && first?.reason == .quantityAboveMaximum && first?.clientSequence == 1)
        try bench.node.stop()
        #expect(try log(bench).map(\.kind) == [.terms, .newOrder, .terms, .newOrder])
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    @Test func aQuoteTheRiskGateRefusesIsRejected() throws {
        let (bench, client) = try begin()
        client.send(
            Command(
                kind: .quote, clientOrderID: 1, price: 10_000, quantity: 10_001, instrument: 1, side: .buy,
                timeInForce: .day))
        let answers = client.reports()
        #expect(answers.map(\.kind) == [.rejected])
        #expect(answers.map(\.reason) == [.quantityAboveMaximum])
        try bench.node.stop()
    }
}
