import Orders

/// An exchange driven by lines a person writes, which answers in lines a person reads; for tests of the rules, of the naive
/// exchange and of the engine alike.
///
/// Commands are numbered from 1; an order goes by the number of the line that entered it. Lines:
/// - `1 buy 5@100 ioc hidden`: session, side, quantity and price (`5@market`, `5@mtl`, `5@stop:98`, `5@101:stop:98`,
///   `5@trail:3`, `5@permille:50`, `5@primary`, `5@mid`, `5@peg`: the market), then `ioc`, `shows:5`, `limit:99` and the like;
/// - `1 cancel 3`, `1 replace 3 7@101` (`left`: the quantity is what is left), `1 quote 3 buy 5@100`, `1 mass buy`, `1 leaves`;
/// - `phase closingAuction`, `set lot 5`, `indicate`, `clock 500`: time goes on to 500 and a timer says so.
public struct ScriptedExchange {
    private let exchange: Contestant
    private var line: UInt64 = 0
    private var time: UInt64 = 0

    public init(_ exchange: Contestant) { self.exchange = exchange }

    /// An instrument to write scripts about.
    public static func instrument(
        _ rule: AllocationRule = AllocationRule(), reference: Int64 = 100, phase: TradingPhase = .continuous
    ) -> InstrumentSpecification {
        var instrument = InstrumentSpecification(
            id: 1, symbol: "XYZ", minimumPrice: 1, maximumPrice: 100_000, referencePrice: reference, maximumOrders: 100)
        instrument.allocation = rule
        instrument.phase = phase
        return instrument
    }

    /// The naive exchange of one instrument.
    public static func naive(_ instrument: InstrumentSpecification) -> Contestant {
        var exchange = NaiveExchange(
            instruments: [instrument], maximumInstruments: 2, maximumOrders: 100, firms: FlowProfile.firms)
        return Contestant { exchange.apply($0) }
    }

    /// Runs a line; each report as `session order kind [quantity@price] [left N] [reason]`, those of the venue as
    /// `kind words`.
    public mutating func run(_ text: String) -> [String] {
        line += 1
        var commands = Self.commands(text, line)
        if text.hasPrefix("clock "), let now = UInt64(text.dropFirst(6)) { time = now }
        var reports: [ExecutionReport] = []
        for place in commands.indices {
            commands[place].sequence = line
            commands[place].timestampNanoseconds = time
            reports += exchange.apply(commands[place])
        }
        return reports.map(Self.words)
    }

    private static func words(_ report: ExecutionReport) -> String {
        switch report.kind {
        case .phaseChanged:
            var words = "phaseChanged \(TradingPhase(rawValue: report.flags.rawValue).map { "\($0)" } ?? "?")"
            if report.orderID > 0 { words += " \(report.orderID)@\(report.price)" }
            return report.reason == .none ? words : words + " \(report.reason)"
        case .indicative:
            return "indicative \(report.orderID)@\(report.price) surplus \(Int64(bitPattern: report.executionID))"
        case .instrumentSet, .commandRejected:
            return report.reason == .none ? "\(report.kind)" : "\(report.kind) \(report.reason)"
        case .massCancelled: return "\(report.session) massCancelled \(report.cumulativeQuantity)"
        default: break
        }
        var text = "\(report.session) \(report.clientOrderID) \(report.kind)"
        if report.executionID > 0 {
            text += " \(report.lastQuantity)@\(report.price)"
        } else if report.kind == .restated {
            text += " @\(report.price)"
        }
        if report.leavesQuantity > 0 { text += " left \(report.leavesQuantity)" }
        if report.reason != .none { text += " \(report.reason)" }
        return text
    }
}
