import Matching
import Orders

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

    /// The engine with these instruments.
    public static func engine(
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

    /// The engine with what a profile's commands name.
    public static func engine(_ profile: FlowProfile) -> Contestant {
        engine(
            profile.instruments, maximumInstruments: FlowProfile.maximumInstruments,
            maximumOrders: FlowProfile.maximumOrders)
    }
}
