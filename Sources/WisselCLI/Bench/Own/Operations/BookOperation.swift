/// What the own benchmark measures, one operation of one kind at a time.
package enum BookOperation: String, CaseIterable, Sendable {
    case addAtTop = "add_at_top"
    case addDeep = "add_deep"
    case cancelRecent = "cancel_recent"
    case cancelAny = "cancel_any"
    case reduce
    case replace
    case crossOne = "cross_1"
    case shareLevel = "share_level"
    case sweepTen = "sweep_10_levels"

    var name: String { String(rawValue.map { $0 == "_" ? " " : $0 }) }

    /// What it does, for the table's foot.
    var explanation: String {
        switch self {
        case .addAtTop: "a new limit order at the best price, behind the orders there"
        case .addDeep: "a new limit order at a price drawn from the book's"
        case .cancelRecent: "of the 64 orders entered last, each once, in random order; they lie all over the book"
        case .cancelAny: "of an order drawn from all that rest"
        case .reduce: "replace of such an order by one lot less at its price, which keeps its place"
        case .replace: "of such an order to another price of its side that does not trade"
        case .crossOne: "an order that trades once: FIFO with the whole first order, pro-rata one lot"
        case .shareLevel: "an order that trades one lot with each order of the best level"
        case .sweepTen: "an immediate-or-cancel order that takes ten levels whole"
        }
    }

    /// Operations between two readings of the clock when averages are measured. A sweep leaves a book behind that must be
    /// filled before the next one, so it is measured singly.
    package var blockLength: Int { self == .sweepTen ? 1 : 64 }

    /// Pro-rata levels are shared; in FIFO the operation would be a long sweep.
    func isMeasured(in shape: BookShape) -> Bool { self != .shareLevel || shape.algorithm == .proRata }
}
