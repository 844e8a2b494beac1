/// An instrument as the engine is told of it at set-up.
public struct InstrumentSpecification: Sendable, Equatable {
    /// Identifier in commands and reports; not 0.
    public var id: UInt32
    public var symbol: String
    /// Lowest and highest price an order may have, ticks; within ±2⁶².
    public var minimumPrice: Int64
    public var maximumPrice: Int64
    /// The last price before the first trade, ticks: centre of the collars, reference of the first auction.
    public var referencePrice: Int64
    /// Orders that may rest at the same time.
    public var maximumOrders: Int
    /// How a price level is shared out.
    public var allocation = AllocationRule()
    /// Of a second book in which the same instrument trades by another rule; nil: there is none.
    public var secondAllocation: AllocationRule?
    /// Quantities are multiples of this.
    public var lotSize: UInt32 = 1
    /// Ascending; empty: every price is valid. At most `maximumTickSteps`.
    public var tickSteps: [TickStep] = []
    public var marketMakers: [MarketMaker] = []
    /// A trade further than this from the last one interrupts trading, ticks; 0: never.
    public var dynamicRange: Int64 = 0
    /// The same from the price of the last auction (before the first: `referencePrice`).
    public var staticRange: Int64 = 0
    /// How long such an interruption lasts; 0: until the venue ends it.
    public var interruptionNanoseconds: UInt64 = 0
    public var phase = TradingPhase.continuous
    /// Prices held in the array of each side, the others being in a tree: a power of two, 8,192…262,144.
    public var windowTicks = 8_192

    public static let maximumTickSteps = 16
    public static let maximumMarketMakers = 16
    /// |price| may not exceed this.
    public static let priceBound: Int64 = 1 << 62

    /// From `fromPrice` up to the next step, prices are multiples of `tick`.
    public struct TickStep: Sendable, Equatable {
        public var fromPrice: Int64
        public var tick: Int64
        public init(fromPrice: Int64, tick: Int64) {
            self.fromPrice = fromPrice
            self.tick = tick
        }
    }

    /// A session that has duties, and its share of each trade.
    public struct MarketMaker: Sendable, Equatable {
        public var session: UInt32
        /// 1…100.
        public var percent: UInt8
        public init(session: UInt32, percent: UInt8) {
            self.session = session
            self.percent = percent
        }
    }

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
