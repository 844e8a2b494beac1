import Matching
import Orders
import TestSupport
import Testing

/// Runs scripts through every exchange that has to keep the rules.
enum Rules {
    static func expect(
        _ lines: [(String, [String])], _ instrument: InstrumentSpecification = ScriptedExchange.instrument()
    ) {
        let exchanges = [
            ("naive", ScriptedExchange.naive(instrument)),
            ("engine", Contestant.engine([instrument], maximumInstruments: 2, maximumOrders: 100)),
        ]
        for (name, exchange) in exchanges {
            var script = ScriptedExchange(exchange)
            for (number, line) in lines.enumerated() {
                let reports = script.run(line.0)
                #expect(reports == line.1, "\(name), line \(number + 1): \(line.0)")
            }
        }
    }

    /// What the last line of a script makes, and that all exchanges agree on every line.
    static func last(
        _ lines: [String], _ instrument: InstrumentSpecification = ScriptedExchange.instrument()
    ) -> [String] {
        var naive = ScriptedExchange(ScriptedExchange.naive(instrument))
        let expected = lines.map { ($0, naive.run($0)) }
        expect(expected, instrument)
        return expected.last?.1 ?? []
    }
}

extension Contestant {
    /// The engine with its memory, freed when the run is over.
    private final class Engine {
        var engine: MatchingEngine
        var sink = ReportSink(capacity: 16_384)

        init(_ instruments: [InstrumentSpecification], _ maximumInstruments: Int, _ maximumOrders: Int) {
            engine = MatchingEngine(
                instruments: instruments, maximumInstruments: maximumInstruments, maximumOrders: maximumOrders,
                firms: FlowProfile.firms)
        }

        deinit { sink.deallocate() }

        func apply(_ command: Command) -> [ExecutionReport] {
            sink.removeAll()
            engine.apply(command, into: &sink)
            precondition(sink.overflow == 0, "more reports than the sink of a test holds")
            return Array(UnsafeBufferPointer(start: sink.base, count: sink.count))
        }
    }

    static func engine(
        _ instruments: [InstrumentSpecification], maximumInstruments: Int, maximumOrders: Int
    ) -> Contestant {
        let engine = Engine(instruments, maximumInstruments, maximumOrders)
        return Contestant(
            apply: { engine.apply($0) },
            state: {
                stateWords(
                    live: engine.engine.liveOrderCount,
                    bidsAndAsks: [1, 2].map {
                        (engine.engine.bestBid(instrument: $0), engine.engine.bestAsk(instrument: $0))
                    },
                    deadline: engine.engine.nextDeadlineNanoseconds == .max
                        ? nil : engine.engine.nextDeadlineNanoseconds)
            })
    }

    static func engine(_ profile: FlowProfile) -> Contestant {
        engine(
            profile.instruments, maximumInstruments: FlowProfile.maximumInstruments,
            maximumOrders: FlowProfile.maximumOrders)
    }
}
