/// One sequenced input of the node: the only thing that changes state, and the record the journal keeps.
///
/// 64 bytes, one cache line, little endian, no padding; the byte offsets below are the journal's format and are
/// checked by `CommandTests`. A command gets `sequence` and `timestampNanoseconds` once, at the sequencer; afterwards
/// the result depends on the log alone.
///
/// | Offset | Field | new order, quote | cancel | replace | mass cancel |
/// |---|---|---|---|---|---|
/// | 0 | `sequence` | ✓ | ✓ | ✓ | ✓ |
/// | 8 | `timestampNanoseconds` | ✓ | ✓ | ✓ | ✓ |
/// | 16 | `clientSequence` | ✓ | ✓ | ✓ | ✓ |
/// | 24 | `clientOrderID` | ✓ | ✓ of the request | ✓ new identifier | ✓ of the request; of an operator: session, 0 for all |
/// | 32 | `originalClientOrderID` | `OrderTraits` | ✓ order to cancel | ✓ order to replace | lowest price, with `flags` bit 0 |
/// | 40 | `price` | ✓ | – | ✓ | highest price, with `flags` bit 0 |
/// | 48 | `quantity` | ✓ | – | ✓ | – |
/// | 52 | `session` | ✓ | ✓ | ✓ | ✓; 0: an operator |
/// | 56 | `instrument` | ✓ | ✓ | ✓ | ✓; 0: all |
/// | 60 | `kind`, 61 `side`, 62 `timeInForce`, 63 `flags` | ✓ | ✓ | ✓ | side none: both |
///
/// What the other kinds carry stands at their cases; the layout of `terms` in `OrderTerms`.
@frozen public struct Command: BitwiseCopyable, Sendable, Equatable {
    /// Position in the node's log, from 1, without gaps.
    public var sequence: UInt64
    /// Time of sequencing, nanoseconds since the Unix epoch; never decreases along the log.
    public var timestampNanoseconds: UInt64
    /// The session's own number of this command, from 1, without gaps; 0 for commands the node made itself.
    public var clientSequence: UInt64
    /// Identifier the client chose for the order, unique among the session's live orders; not 0.
    public var clientOrderID: UInt64
    public var originalClientOrderID: UInt64
    /// Limit price in ticks of the instrument; may be zero or negative (spreads).
    public var price: Int64
    /// Total quantity in lots.
    public var quantity: UInt32
    /// Session identifier from the configuration, 1…`Limits.maximumSessions`.
    public var session: UInt32
    /// Instrument identifier from the configuration.
    public var instrument: UInt32
    public var kind: CommandKind
    public var side: Side
    public var timeInForce: TimeInForce
    public var flags: UInt8

    @inlinable public init(
        kind: CommandKind, sequence: UInt64 = 0, timestampNanoseconds: UInt64 = 0, clientSequence: UInt64 = 0,
        clientOrderID: UInt64 = 0, originalClientOrderID: UInt64 = 0, price: Int64 = 0, quantity: UInt32 = 0,
        session: UInt32 = 0, instrument: UInt32 = 0, side: Side = .none, timeInForce: TimeInForce = .none,
        flags: UInt8 = 0
    ) {
        self.sequence = sequence
        self.timestampNanoseconds = timestampNanoseconds
        self.clientSequence = clientSequence
        self.clientOrderID = clientOrderID
        self.originalClientOrderID = originalClientOrderID
        self.price = price
        self.quantity = quantity
        self.session = session
        self.instrument = instrument
        self.kind = kind
        self.side = side
        self.timeInForce = timeInForce
        self.flags = flags
    }
}

/// What a command asks for. A raw byte from outside becomes a `CommandKind` only through the failable initialiser.
///
/// Raw values count up from 0 without gaps, here and in `Side` and `TimeInForce`: Swift keeps such an enumeration in
/// memory as the number of its case, and the journal writes a command as it lies in memory (checked by `CommandTests`).
@frozen public enum CommandKind: UInt8, CaseIterable, Sendable {
    /// No command; the filler of an unfinished block.
    case none = 0
    case newOrder = 1
    case cancel = 2
    case replace = 3
    /// A client authenticated; `clientOrderID` carries the session version it chose, `flags` bit 0 cancel on disconnect.
    case sessionEstablished = 4
    /// A session ended; `flags` carries the `TerminationReason`. With cancel on disconnect its orders are cancelled.
    case sessionTerminated = 5
    /// Not a command: `clientOrderID` carries the hash of all events up to `sequence`, checked during replay.
    case checkpoint = 6
    /// Conditions of the order in the next record of the same session (see `OrderTerms`); makes no report.
    case terms = 7
    /// One side of a quote: enters the order of this identifier, or changes it; with quantity 0 withdraws it.
    case quote = 8
    /// Cancels all orders that match; see the columns above.
    case massCancel = 9
    /// The venue's: puts an instrument into the `TradingPhase` in `flags`.
    case phase = 10
    /// The venue's: sets the `InstrumentParameter` in `flags`; which fields it reads stands there.
    case setInstrument = 11
    /// The venue's clock: what is due at `timestampNanoseconds` happens.
    case timer = 12
    /// The venue's: asks for the indicative price and volume of an instrument in an auction.
    case indicate = 13
    /// The venue's: sets the `RiskParameter` in `flags`; which fields it reads stands there.
    case setRisk = 14
    /// The venue's: a part of a custom rule, or a word on one; see `RuleRecord`.
    case rule = 15
}

extension Command {
    /// Bits of `flags` of a new order and of a replace.
    @inlinable public static var hasTerms: UInt8 { 1 }
    /// Replace: `quantity` is what shall be left to trade, not the total with what has traded (CME iLink: in-flight
    /// mitigation off).
    @inlinable public static var quantityIsLeaves: UInt8 { 2 }
    /// Mass cancel: only orders priced from `originalClientOrderID` to `price`.
    @inlinable public static var hasPriceRange: UInt8 { 1 }

    /// What kind of order a new order or quote is.
    @inlinable public var traits: OrderTraits {
        get { OrderTraits(rawValue: originalClientOrderID) }
        set { originalClientOrderID = newValue.rawValue }
    }
}

@frozen public enum Side: UInt8, CaseIterable, Sendable {
    case none = 0
    case buy = 1
    case sell = 2

    @inlinable public var opposite: Side {
        switch self {
        case .none: .none
        case .buy: .sell
        case .sell: .buy
        }
    }
}

/// How long an order stays (FIX tag 59).
@frozen public enum TimeInForce: UInt8, CaseIterable, Sendable {
    case none = 0
    /// Rests until the end of the trading day.
    case day = 1
    /// Executes what it can at once; the rest is cancelled.
    case immediateOrCancel = 2
    /// Executes wholly at once or not at all.
    case fillOrKill = 3
    /// Rests until it is cancelled.
    case goodTillCancel = 4
    /// Rests until `OrderTerms.expireTimeNanoseconds`.
    case goodTillDate = 5
    /// Takes part in the opening auction and ends with it.
    case atOpen = 6
    /// Waits for the closing auction and ends with it.
    case atClose = 7
}
