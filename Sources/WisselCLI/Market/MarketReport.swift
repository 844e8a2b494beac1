import Orders

/// A report to the venue, for the terminal and as JSON.
package struct MarketReport: Codable, Equatable {
    /// Name of the `ReportKind`, of the `RejectReason`.
    var kind: String
    var reason: String
    var instrument: UInt32
    /// Empty for what the configuration does not name.
    var symbol: String
    /// Phase changed: the new phase.
    var phase: String?
    /// Phase changed: of the auction, 0 when none was carried out. Indicative: 0 when nothing could trade.
    var price: Int64?
    /// Lots executed in the auction, or executable.
    var quantity: UInt64?
    /// Indicative: lots left over, positive on the buying side.
    var surplus: Int64?
    /// Mass cancelled, or killed: orders.
    var cancelled: UInt32?

    package init(_ report: ExecutionReport, symbol: String) {
        kind = "\(report.kind)"
        reason = "\(report.reason)"
        instrument = report.instrument
        self.symbol = symbol
        switch report.kind {
        case .phaseChanged:
            phase = TradingPhase(rawValue: report.flags.rawValue).map { "\($0)" }
            price = report.price
            quantity = report.orderID
        case .indicative:
            price = report.price
            quantity = report.orderID
            surplus = Int64(bitPattern: report.executionID)
        case .massCancelled: cancelled = report.cumulativeQuantity
        case .instrumentSet where report.cumulativeQuantity > 0: cancelled = report.cumulativeQuantity
        default: break
        }
    }

    /// Whether the engine refused the command.
    package var isRefusal: Bool { kind == "\(ReportKind.commandRejected)" || kind == "\(ReportKind.cancelRejected)" }

    /// For a person, one line.
    package var text: String {
        let name = !symbol.isEmpty ? symbol : instrument == 0 ? "venue" : "instrument \(instrument)"
        switch kind {
        case "\(ReportKind.phaseChanged)":
            let auction = (quantity ?? 0) > 0 ? ", \(grouped(quantity ?? 0)) lots at \(price ?? 0) in the auction" : ""
            let why = reason == "\(RejectReason.none)" ? "" : " (\(reason))"
            return "\(name): \(phase ?? "a phase without a name")\(auction)\(why)"
        case "\(ReportKind.indicative)":
            guard let quantity, quantity > 0 else { return "\(name): nothing would trade" }
            let left = surplus ?? 0
            let side = left > 0 ? "buying" : "selling"
            let rest = left == 0 ? "" : ", \(grouped(left.magnitude)) more on the \(side) side"
            return "\(name): \(grouped(quantity)) lots would trade at \(price ?? 0)\(rest)"
        case "\(ReportKind.instrumentSet)":
            return "\(name): set" + (cancelled.map { ", \(grouped($0)) orders cancelled" } ?? "")
        case "\(ReportKind.massCancelled)": return "\(grouped(cancelled ?? 0)) orders cancelled"
        default: return isRefusal ? "\(name): refused: \(reason)" : "\(name): \(kind)"
        }
    }
}
