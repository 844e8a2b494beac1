/// One outcome of a command: what the engine emits, a session numbers, and the client receives.
///
/// 96 bytes, little endian, no padding. A command gives at least one report: accepted, rejected, cancelled, replaced,
/// and for each trade one report to the aggressor and one to the owner of the resting order.
@frozen public struct ExecutionReport: BitwiseCopyable, Sendable, Equatable {
    /// Sequence of the command that caused it.
    public var sequence: UInt64
    /// Timestamp of that command, nanoseconds since the Unix epoch.
    public var timestampNanoseconds: UInt64
    /// Number within the session, from 1, without gaps; given by the session, 0 before.
    public var reportSequence: UInt64
    /// The session's number of the command answered; 0 for reports the session did not ask for (a resting order's
    /// fill, a cancel on disconnect).
    public var clientSequence: UInt64
    /// The venue's identifier of the order: the sequence of the command that entered or last replaced it. Of what a custom
    /// rule refused the rule's identifier.
    public var orderID: UInt64
    public var clientOrderID: UInt64
    /// For cancelled and replaced: the identifier of the order before.
    public var originalClientOrderID: UInt64
    /// For fills: number of the trade, shared by both sides, from 1. For what the risk gate refused: the `RiskScope` whose
    /// limit it was. Else 0.
    public var executionID: UInt64
    /// For fills the price of the trade, else the limit price; ticks.
    public var price: Int64
    /// By how much what is open became less, lots: for fills the quantity of this trade, for cancelled what was left, for
    /// restated what was prevented. For replaced what was left before, which `leavesQuantity` takes the place of. Else 0.
    public var lastQuantity: UInt32
    /// What still rests or may still trade; 0 when the order has ended.
    public var leavesQuantity: UInt32
    /// What has traded in all.
    public var cumulativeQuantity: UInt32
    /// The session that owns the order and gets the report.
    public var session: UInt32
    public var instrument: UInt32
    public var kind: ReportKind
    public var side: Side
    public var reason: RejectReason
    public var flags: Flags

    /// Marks of a report.
    @frozen public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        public let rawValue: UInt8
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The order that took liquidity.
        @inlinable public static var aggressor: Flags { Flags(rawValue: 1) }
        /// Sent before, sent again on request.
        @inlinable public static var possibleDuplicate: Flags { Flags(rawValue: 2) }
        /// Released once matched (bits 2–3 = 0), journaled (1) or replicated (2): see `AcknowledgementMode`.
        @inlinable public static var journaled: Flags { Flags(rawValue: 4) }
        @inlinable public static var replicated: Flags { Flags(rawValue: 8) }
        /// A trade of an auction; neither side took liquidity.
        @inlinable public static var auction: Flags { Flags(rawValue: 16) }
    }

    @inlinable public init(
        kind: ReportKind, sequence: UInt64 = 0, timestampNanoseconds: UInt64 = 0, reportSequence: UInt64 = 0,
        clientSequence: UInt64 = 0, orderID: UInt64 = 0, clientOrderID: UInt64 = 0, originalClientOrderID: UInt64 = 0,
        executionID: UInt64 = 0, price: Int64 = 0, lastQuantity: UInt32 = 0, leavesQuantity: UInt32 = 0,
        cumulativeQuantity: UInt32 = 0, session: UInt32 = 0, instrument: UInt32 = 0, side: Side = .none,
        reason: RejectReason = .none, flags: Flags = []
    ) {
        self.sequence = sequence
        self.timestampNanoseconds = timestampNanoseconds
        self.reportSequence = reportSequence
        self.clientSequence = clientSequence
        self.orderID = orderID
        self.clientOrderID = clientOrderID
        self.originalClientOrderID = originalClientOrderID
        self.executionID = executionID
        self.price = price
        self.lastQuantity = lastQuantity
        self.leavesQuantity = leavesQuantity
        self.cumulativeQuantity = cumulativeQuantity
        self.session = session
        self.instrument = instrument
        self.kind = kind
        self.side = side
        self.reason = reason
        self.flags = flags
    }
}

/// What happened to an order (FIX tag 150, ExecType).
@frozen public enum ReportKind: UInt8, CaseIterable, Sendable {
    case none = 0
    /// The order is in the book, or about to trade.
    case accepted = 1
    case rejected = 2
    case partiallyFilled = 3
    case filled = 4
    /// The order has ended with quantity left: by request, IOC remainder, FOK, or cancel on disconnect.
    case cancelled = 5
    case replaced = 6
    /// A cancel or replace was refused; the order, if any, is unchanged.
    case cancelRejected = 7
    /// A mass cancel was carried out; `cumulativeQuantity` orders were cancelled.
    case massCancelled = 8
    /// A stop order was triggered (FIX ExecType L).
    case triggered = 9
    /// The order changed without its owner's request (FIX ExecType D): quantity prevented from trading with itself, or the
    /// price a market-to-limit order took from an auction.
    case restated = 10
    /// Of an instrument, to session 0: it is in the phase `flags` now (`TradingPhase`); with the auction's price and
    /// quantity when one was carried out.
    case phaseChanged = 11
    /// Of an instrument, to session 0: indicative `price`, executable quantity in `orderID`, surplus in `executionID` (two's
    /// complement; positive on the buying side). With nothing executable the price is 0.
    case indicative = 12
    /// A command of the venue was carried out.
    case instrumentSet = 13
    /// A command of the venue was refused.
    case commandRejected = 14
}
