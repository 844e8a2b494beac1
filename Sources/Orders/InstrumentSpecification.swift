/// An instrument as the engine is told of it at set-up.
public struct InstrumentSpecification: Sendable, Equatable {
    /// Identifier in commands and reports; not 0.
    public var id: UInt32
    public var symbol: String
    /// Lowest and highest price of the book, ticks; the window's width is memory.
    public var minimumPrice: Int64
    public var maximumPrice: Int64
    /// Where the price collar is centred until the first trade, ticks.
    public var referencePrice: Int64
    /// Orders that may rest at the same time.
    public var maximumOrders: Int

    public init(
        id: UInt32, symbol: String, minimumPrice: Int64, maximumPrice: Int64, referencePrice: Int64, maximumOrders: Int
    ) {
        self.id = id
        self.symbol = symbol
        self.minimumPrice = minimumPrice
        self.maximumPrice = maximumPrice
        self.referencePrice = referencePrice
        self.maximumOrders = maximumOrders
    }
}

/// What a single order of an instrument may be; the first checks of the pre-trade gate (SEC 15c3-5 (c)(1)(ii),
/// RTS 6 Art. 15 (1)).
public struct RiskLimits: Sendable, Equatable {
    /// Lots.
    public var maximumQuantity: UInt32
    /// |price| × quantity, ticks × lots.
    public var maximumNotional: UInt64
    /// Distance from the reference price, ticks.
    public var collarTicks: UInt64

    public init(maximumQuantity: UInt32, maximumNotional: UInt64, collarTicks: UInt64) {
        self.maximumQuantity = maximumQuantity
        self.maximumNotional = maximumNotional
        self.collarTicks = collarTicks
    }
}

/// When a report may leave the node. Raw values are part of the order-entry protocol.
@frozen public enum AcknowledgementMode: UInt8, CaseIterable, Sendable {
    /// As soon as its command was applied.
    case matched = 0
    /// When its command is durable in the journal.
    case journaled = 1
    /// When a standby has it too.
    case replicated = 2
}
