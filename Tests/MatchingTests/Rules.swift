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
