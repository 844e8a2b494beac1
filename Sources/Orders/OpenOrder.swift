/// What a gate before the book must know of a live order.
@frozen public struct OpenOrder: BitwiseCopyable, Sendable, Equatable {
    public var instrument: UInt32
    public var side: Side
    /// Lots that may still trade; of an iceberg all of them.
    public var leavesQuantity: UInt32
    public var cumulativeQuantity: UInt32

    @inlinable public init(instrument: UInt32, side: Side, leavesQuantity: UInt32, cumulativeQuantity: UInt32) {
        self.instrument = instrument
        self.side = side
        self.leavesQuantity = leavesQuantity
        self.cumulativeQuantity = cumulativeQuantity
    }
}

/// The best prices shown in an instrument's first book, ticks; nil: there is none.
@frozen public struct Market: BitwiseCopyable, Sendable, Equatable {
    public var bid: Int64?
    public var ask: Int64?

    @inlinable public init(bid: Int64? = nil, ask: Int64? = nil) {
        self.bid = bid
        self.ask = ask
    }
}
