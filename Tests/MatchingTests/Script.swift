import Matching
import Orders

/// A few commands as a person writes them, and the reports as a person reads them.
///
/// `"1 buy 5@100"`: session 1 enters a new order; orders are numbered from 1 in the order of the script. Behind it
/// `ioc` or `fok`. `"1 cancel 2"`, `"1 replace 2 7@101"` (the replaced order gets the line's own number), `"1 leaves"`.
struct Script: ~Copyable {
    private var engine: MatchingEngine
    private var sink = ReportSink(capacity: 256)
    private var line: UInt64 = 0

    init(maximumOrders: Int = 100) {
        engine = MatchingEngine(instruments: [
            InstrumentSpecification(
                id: 1, symbol: "XYZ", minimumPrice: 1, maximumPrice: 1_000, referencePrice: 100,
                maximumOrders: maximumOrders)
        ])
    }

    deinit { sink.deallocate() }

    /// Runs a line; each report as `session order kind [quantity@price] [left N] [reason]`.
    mutating func run(_ text: String) -> [String] {
        line += 1
        let words = text.split(separator: " ").map(String.init)
        var command = Command(
            kind: .newOrder, sequence: line, clientSequence: line, clientOrderID: line, session: UInt32(words[0])!,
            instrument: 1, timeInForce: .day)
        switch words[1] {
        case "buy", "sell":
            command.side = words[1] == "buy" ? .buy : .sell
            read(words[2], &command)
            if words.count > 3 { command.timeInForce = words[3] == "ioc" ? .immediateOrCancel : .fillOrKill }
        case "cancel", "replace":
            command.kind = words[1] == "cancel" ? .cancel : .replace
            command.originalClientOrderID = UInt64(words[2])!
            if words.count > 3 { read(words[3], &command) }
        default:
            command.kind = .sessionTerminated
            command.flags = 0x80
        }
        sink.removeAll()
        engine.apply(command, into: &sink)
        return UnsafeBufferPointer(start: sink.base, count: sink.count).map(Self.words)
    }

    private func read(_ text: String, _ command: inout Command) {
        let parts = text.split(separator: "@")
        command.quantity = UInt32(parts[0])!
        command.price = Int64(parts[1])!
    }

    private static func words(_ report: ExecutionReport) -> String {
        var text = "\(report.session) \(report.clientOrderID) \(report.kind)"
        if report.lastQuantity > 0 { text += " \(report.lastQuantity)@\(report.price)" }
        if report.leavesQuantity > 0 { text += " left \(report.leavesQuantity)" }
        if report.reason != .none { text += " \(report.reason)" }
        return text
    }
}
