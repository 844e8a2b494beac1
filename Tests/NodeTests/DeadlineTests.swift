import Node
import OrderEntry
import Orders
import Testing

/// What is due by time happens without anybody asking, and a replay repeats it.
@Suite struct DeadlineTests {
    @Test func anOrderGoodTillDateExpires() throws {
        let bench = try Bench()
        let client = PlainClient(bench)
        client.establish()
        let expiry = bench.now + 1_000_000_000
        client.send(
            Command(
                kind: .newOrder, clientOrderID: 1, originalClientOrderID: OrderTraits(.limit, .hidden).rawValue,
                price: 10_000, quantity: 5, instrument: 1, side: .buy, timeInForce: .goodTillDate),
            OrderTerms(expireTimeNanoseconds: expiry))
        #expect(client.reports().map(\.kind) == [.accepted])
        bench.pass(nanoseconds: 900_000_000)
        bench.settle()
        #expect(client.reports().isEmpty)
        bench.pass(nanoseconds: 200_000_000)
        bench.settle()
        let ended = client.reports()
        #expect(ended.map(\.kind) == [.cancelled] && ended.map(\.reason) == [.expired])
        #expect(ended.first?.timestampNanoseconds ?? 0 >= expiry)
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    @Test func phasesAndRefusalsAreReportedToTheVenue() throws {
        let bench = try Bench()
        func ask(_ command: Command) throws -> [ExecutionReport] {
            #expect(bench.node.venue.submit(command))
            for _ in 0..<2_000 {
                if let answer = bench.node.venue.poll() { return answer.reports }
                bench.settle()
            }
            return []
        }
        let phase = try ask(Command(kind: .phase, instrument: 1, flags: TradingPhase.preOpen.rawValue))
        #expect(phase.map(\.kind) == [.phaseChanged])
        #expect(try ask(Command(kind: .indicate, instrument: 1)).map(\.kind) == [.indicative])
        let unknown = try ask(Command(kind: .phase, instrument: 99, flags: 0))
        #expect(unknown.map(\.kind) == [.commandRejected] && unknown.map(\.reason) == [.unknownInstrument])
        let lot = try ask(
            Command(kind: .setInstrument, price: 10, instrument: 1, flags: InstrumentParameter.lot.rawValue))
        #expect(lot.map(\.kind) == [.instrumentSet])
        let cancelled = try ask(Command(kind: .massCancel))
        #expect(cancelled.map(\.kind) == [.massCancelled])
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }
}
