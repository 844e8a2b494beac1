/// Conditions of an order that do not fit its command: a record of their own, kind `terms`, directly before the new order
/// with `Command.hasTerms` that they belong to, with its session and client sequence.
///
/// | Offset | Field of the record | Term |
/// |---|---|---|
/// | 24 | `clientOrderID` | `triggerPrice` |
/// | 32 | `originalClientOrderID` | `offset` |
/// | 40 | `price` | `expireTimeNanoseconds` |
/// | 48 | `quantity` | `minimumQuantity` |
/// | 56 | `instrument` | `peakRange` |
@frozen public struct OrderTerms: BitwiseCopyable, Sendable, Equatable {
    /// Stop and stop-limit orders: the last trade that triggers it, ticks.
    public var triggerPrice: Int64
    /// Trailing stops: distance, ticks or thousandths, from 1. Pegged orders: added to the reference, ticks; against the
    /// order's own interest when negative for a buy, positive for a sell.
    public var offset: Int64
    /// Good till date: nanoseconds since the Unix epoch; the order is gone at this instant.
    public var expireTimeNanoseconds: UInt64
    /// Lots that must trade at once on entry, else the order is refused; 0: none.
    public var minimumQuantity: UInt32
    /// Icebergs with a random peak: lots a new peak may have above the display quantity.
    public var peakRange: UInt32

    @inlinable public init(
        triggerPrice: Int64 = 0, offset: Int64 = 0, expireTimeNanoseconds: UInt64 = 0, minimumQuantity: UInt32 = 0,
        peakRange: UInt32 = 0
    ) {
        self.triggerPrice = triggerPrice
        self.offset = offset
        self.expireTimeNanoseconds = expireTimeNanoseconds
        self.minimumQuantity = minimumQuantity
        self.peakRange = peakRange
    }

    /// The terms in a record of kind `terms`.
    @inlinable public init(_ command: Command) {
        triggerPrice = Int64(bitPattern: command.clientOrderID)
        offset = Int64(bitPattern: command.originalClientOrderID)
        expireTimeNanoseconds = UInt64(bitPattern: command.price)
        minimumQuantity = command.quantity
        peakRange = command.instrument
    }
}

extension Command {
    /// The record that carries the terms of an order of this session and client sequence.
    @inlinable public init(terms: OrderTerms, session: UInt32, clientSequence: UInt64) {
        self.init(
            kind: .terms, clientSequence: clientSequence, clientOrderID: UInt64(bitPattern: terms.triggerPrice),
            originalClientOrderID: UInt64(bitPattern: terms.offset),
            price: Int64(bitPattern: terms.expireTimeNanoseconds), quantity: terms.minimumQuantity, session: session,
            instrument: terms.peakRange)
    }
}
