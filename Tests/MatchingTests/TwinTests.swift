import Matching
import Orders
import Testing

/// The engine against the naive exchange: the same reports in the same order, command by command.
@Suite struct TwinTests {
    static let instruments = [
        InstrumentSpecification(
            id: 1, symbol: "ONE", minimumPrice: -10, maximumPrice: 10, referencePrice: 0, maximumOrders: 60),
        InstrumentSpecification(
            id: 2, symbol: "TWO", minimumPrice: -12, maximumPrice: 11, referencePrice: 0, maximumOrders: 25),
    ]

    /// Commands of each seed. The twin is slow, and slower without optimisation.
    static var commandCount: Int {
        #if DEBUG
            25_000
        #else
            250_000
        #endif
    }

    @Test("The same as the naive exchange, over a million commands", arguments: [1, 2, 3, 4] as [UInt64])
    func sameReports(seed: UInt64) {
        var engine = MatchingEngine(instruments: Self.instruments)
        var naive = NaiveExchange(Self.instruments)
        var flow = CommandFlow(seed: seed)
        var sink = ReportSink(capacity: 1_024)
        defer { sink.deallocate() }
        var seen = [Int](repeating: 0, count: 64)
        for number in 1...Self.commandCount {
            let command = flow.next()
            sink.removeAll()
            engine.apply(command, into: &sink)
            let reports = Array(UnsafeBufferPointer(start: sink.base, count: sink.count))
            let expected = naive.apply(command)
            guard reports == expected else {
                Issue.record("command \(number), \(command): \(reports), and not \(expected)")
                return
            }
            for report in reports { seen[Int(report.reason.rawValue)] += 1 }
            let live = engine.liveOrderCount
            guard live == naive.orders.count else {
                Issue.record("command \(number): \(live) orders live, and not \(naive.orders.count)")
                return
            }
            guard number.isMultiple(of: 64) else { continue }
            for instrument in [1, 2] as [UInt32] {
                let (bid, ask) = (engine.bestBid(instrument: instrument), engine.bestAsk(instrument: instrument))
                #expect(bid == naive.best(instrument, .buy) && ask == naive.best(instrument, .sell))
                if let bid, let ask { #expect(bid < ask, "a crossed book") }
            }
        }
        #expect(naive.trades > UInt64(Self.commandCount / 10))
        // What the risk gate refuses never reaches the engine; everything else must have come up.
        for reason in RejectReason.allCases where !(16...18).contains(reason.rawValue) {
            #expect(seen[Int(reason.rawValue)] > 0, "\(reason) never happened")
        }
    }

    @Test func theStateHashDependsOnTheLogAloneAndOnAllOfIt() {
        func hash(_ seed: UInt64, count: Int, skipping skipped: Int? = nil) -> UInt64 {
            var engine = MatchingEngine(instruments: Self.instruments)
            var flow = CommandFlow(seed: seed)
            var sink = ReportSink(capacity: 1_024)
            defer { sink.deallocate() }
            for number in 0..<count {
                let command = flow.next()
                sink.removeAll()
                if number != skipped { engine.apply(command, into: &sink) }
            }
            var hash = StateHash()
            engine.combine(into: &hash)
            return hash.value
        }
        #expect(hash(5, count: 5_000) == hash(5, count: 5_000))
        #expect(hash(5, count: 5_000) != hash(6, count: 5_000))
        #expect(hash(5, count: 5_000) != hash(5, count: 5_001, skipping: 17))
    }
}
