import Journal
import Node
import OrderEntry
import Orders
import Testing

/// Orders with terms: one message, one client command, two records in the log.
@Suite struct TermsTests {
    private func order(_ sequence: UInt64, _ terms: OrderTerms, quantity: UInt32 = 5) -> [UInt8] {
        let command = Command(
            kind: .newOrder, clientSequence: sequence, clientOrderID: sequence,
            originalClientOrderID: OrderTraits(.stop).rawValue, quantity: quantity, session: 1, instrument: 1,
            side: .buy, timeInForce: .day, flags: terms == OrderTerms() ? 0 : Command.hasTerms)
        return message { OrderMessage.encode(command, terms: terms, into: $0) }
    }

    private func message(_ write: (UnsafeMutableRawPointer) -> Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: MessageHeader.maximumMessageLength)
        let length = bytes.withUnsafeMutableBytes { $0.baseAddress.map(write) ?? 0 }
        return Array(bytes[..<length])
    }

    private func establish(_ bench: Bench) {
        let participant = bench.configuration.orderEntry.participants[0]
        let request = EstablishRequest(
            session: 1, participant: participant.id, cancelsOnDisconnect: false, heartbeatMilliseconds: 10_000,
            sessionVersion: 1, nextReportSequence: 1, accessKey: EstablishRequest.InlineKey(participant.accessKey))
        bench.send(message { request.encode(into: $0) }, port: 9_000)
        bench.settle()
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

    private func reports(_ bench: Bench) -> [ExecutionReport] {
        var found: [ExecutionReport] = []
        while let datagram = bench.receive() {
            datagram.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                var framer = MessageFramer(base, length: bytes.count)
                while case .message(let message, _) = framer.next() {
                    if MessageHeader.type(at: message) == .executionReport {
                        found.append(ExecutionReportMessage.decode(message))
                    }
                }
            }
        }
        return found
    }

    @Test func termsStandDirectlyBeforeTheirOrder() throws {
        let bench = try Bench()
        establish(bench)
        let terms = (1...3).map { OrderTerms(triggerPrice: Int64($0) + 10_000) }
        bench.send(terms.enumerated().flatMap { order(UInt64($0) + 1, $1) }, port: 9_000)
        bench.settle()
        let answers = reports(bench).filter { $0.clientSequence != 0 && $0.executionID == 0 }
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
        let bench = try Bench()
        establish(bench)
        for _ in 0..<3 {
            bench.send(order(1, OrderTerms(triggerPrice: 10_001)), port: 9_000)
            bench.settle()
        }
        let answers = reports(bench)
        #expect(Set(answers.filter { $0.clientSequence == 1 }.map(\.sequence)) == [3])
        try bench.node.stop()
        #expect(try log(bench).map(\.kind) == [.terms, .newOrder])
    }

    /// The terms of a refused order are in the log; an order behind it must not get them, live or in a replay.
    @Test func theTermsOfARefusedOrderStickToNothing() throws {
        let bench = try Bench()
        establish(bench)
        bench.send(order(1, OrderTerms(triggerPrice: 10_001), quantity: 10_001), port: 9_000)
        bench.send(order(2, OrderTerms(triggerPrice: 10_002)), port: 9_000)
        bench.settle()
        let answers = reports(bench)
        #expect(answers.first?.kind == .rejected && answers.first?.reason == .quantityAboveMaximum)
        #expect(answers.first?.clientSequence == 1)
        try bench.node.stop()
        #expect(try log(bench).map(\.kind) == [.terms, .newOrder, .terms, .newOrder])
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    @Test func aQuoteTheRiskGateRefusesIsRejected() throws {
        let bench = try Bench()
        establish(bench)
        let quote = Command(
            kind: .quote, clientSequence: 1, clientOrderID: 1, price: 10_000, quantity: 10_001, session: 1,
            instrument: 1, side: .buy, timeInForce: .day)
        bench.send(message { OrderMessage.encode(quote, into: $0) }, port: 9_000)
        bench.settle()
        let answers = reports(bench)
        #expect(answers.map(\.kind) == [.rejected])
        #expect(answers.map(\.reason) == [.quantityAboveMaximum])
        try bench.node.stop()
    }
}
