/// What an instrument's market is doing. Raw values are part of the journal.
///
/// | Phase | new orders, replaces | cancels | trades |
/// |---|---|---|---|
/// | `closed` | – | ✓ | – |
/// | `preOpen`, `openingAuction`, `volatilityInterruption`, `closingAuction` | ✓ | ✓ | at the end, in one auction |
/// | `continuous` | ✓ | ✓ | ✓ |
/// | `halt` | – | ✓ | – |
/// | `endOfDay` | – | ✓ | – |
@frozen public enum TradingPhase: UInt8, CaseIterable, Sendable {
    case closed = 0
    case preOpen = 1
    case openingAuction = 2
    case continuous = 3
    /// The next trade would have been too far from the reference price: an auction finds the price.
    case volatilityInterruption = 4
    case closingAuction = 5
    case halt = 6
    /// Day orders end.
    case endOfDay = 7

    /// Orders gather without trading, for an auction.
    @inlinable public var isCall: Bool {
        switch self {
        case .preOpen, .openingAuction, .volatilityInterruption, .closingAuction: true
        case .closed, .continuous, .halt, .endOfDay: false
        }
    }

    @inlinable public var takesOrders: Bool { isCall || self == .continuous }
}
