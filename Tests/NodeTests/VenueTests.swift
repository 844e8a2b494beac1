import Node
import Orders
import Testing

/// The venue's commands on their way through the node: sequenced, journaled and answered like any other.
@Suite struct VenueTests {
    private func answer(_ bench: Bench) -> VenueDesk.Answer? {
        for _ in 0..<2_000 {
            if let answer = bench.node.venue.poll() { return answer }
            bench.settle()
        }
        return nil
    }

    @Test func aCommandIsSequencedJournaledAndAnswered() throws {
        let bench = try Bench()
        let trader = Trader(bench, seed: 51, orders: 100)
        trader.establish()
        trader.trade(100)
        let before = bench.node.sequence
        #expect(bench.node.venue.submit(Command(kind: .indicate, session: 9, instrument: 1)))
        #expect(bench.node.venue.poll() == nil, "the engine has not seen it")
        let found = try #require(answer(bench))
        #expect(found.sequence == before + 1)
        #expect(found.reports.allSatisfy { $0.session == 0 && $0.sequence == found.sequence })
        #expect(bench.node.venue.poll() == nil, "an answer comes once")
        #expect(bench.node.statistics.durableSequence >= found.sequence)
        #expect(bench.node.statistics[EngineCounter.venueReportsLost] == 0)
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    @Test func manyAreAnsweredOneByOne() throws {
        let bench = try Bench()
        var last: UInt64 = 0
        for number in 0..<200 {
            let phase = number.isMultiple(of: 2) ? TradingPhase.preOpen : .continuous
            #expect(bench.node.venue.submit(Command(kind: .phase, instrument: 1, flags: phase.rawValue)))
            let found = try #require(answer(bench))
            #expect(found.sequence > last)
            last = found.sequence
        }
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    @Test func anAnswerThatComesTooLateIsNotTheNextOnes() throws {
        let bench = try Bench()
        #expect(bench.node.venue.submit(Command(kind: .indicate, instrument: 1)))
        #expect(bench.node.venue.submit(Command(kind: .indicate, instrument: 2)))
        let found = try #require(answer(bench))
        #expect(found.sequence == 2)
        #expect(found.reports.allSatisfy { $0.sequence == 2 })
        try bench.node.stop()
    }

    @Test func onlyTheVenuesKindsAreTaken() throws {
        let bench = try Bench()
        let taken = CommandKind.allCases.filter { VenueDesk.takes($0) }
        #expect(taken == [.massCancel, .phase, .setInstrument, .indicate, .setRisk, .rule])
        for kind in CommandKind.allCases where !taken.contains(kind) {
            #expect(!bench.node.venue.submit(Command(kind: kind)))
        }
        bench.settle()
        try bench.node.stop()
        #expect(bench.node.sequence == 1, "the checkpoint at the end, and nothing else")
    }

    @Test func aFullRingTakesNoMore() throws {
        let bench = try Bench()
        let command = Command(kind: .indicate, instrument: 1)
        for _ in 0..<Limits.venueCommandRingCapacity { #expect(bench.node.venue.submit(command)) }
        #expect(!bench.node.venue.submit(command))
        let found = try #require(answer(bench))
        #expect(found.sequence == UInt64(Limits.venueCommandRingCapacity))
        try bench.node.stop()
    }
}
