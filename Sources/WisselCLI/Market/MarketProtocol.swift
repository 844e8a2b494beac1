import Orders

/// What `wissel market` and a running node say to one another over the node's control socket: one line of JSON each way,
/// then the node closes. Both are the same program on the same machine; `build` tells when they are not.
enum MarketProtocol {
    /// Bumped with every change below.
    static let build = 1

    /// A command of the venue, as far as the client knows it.
    struct Request: Codable, Equatable {
        var build = MarketProtocol.build
        /// Raw values of the command's enumerations, and its fields.
        var kind: UInt8
        var flags: UInt8 = 0
        var side: UInt8 = 0
        /// Symbol or number; empty: all.
        var instrument = ""
        var clientOrderID: UInt64 = 0
        var originalClientOrderID: UInt64 = 0
        var price: Int64 = 0
        var quantity: UInt32 = 0
    }

    struct Reply: Codable, Equatable {
        /// Why the command did not reach the engine; nil when it did.
        var refusal: String?
        /// Position in the node's log.
        var sequence: UInt64 = 0
        var reports: [MarketReport] = []
    }
}

/// A report to the venue, for the terminal and as JSON.
struct MarketReport: Codable, Equatable {
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
    /// Mass cancelled: orders.
    var cancelled: UInt32?

    init(_ report: ExecutionReport, symbol: String) {
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
        default: break
        }
    }

    /// Whether the engine refused the command.
    var isRefusal: Bool { kind == "\(ReportKind.commandRejected)" || kind == "\(ReportKind.cancelRejected)" }

    /// For a person, one line.
    var text: String {
        let name = symbol.isEmpty ? "instrument \(instrument)" : symbol
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
        case "\(ReportKind.instrumentSet)": return "\(name): set"
        case "\(ReportKind.massCancelled)": return "\(grouped(cancelled ?? 0)) orders cancelled"
        default: return isRefusal ? "\(name): refused: \(reason)" : "\(name): \(kind)"
        }
    }
}
