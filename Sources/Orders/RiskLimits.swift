/// What a single order of an instrument may be, and what the instrument is worth; the first checks of the pre-trade gate
/// (SEC 15c3-5 (c)(1)(ii), RTS 6 Art. 15 (1)).
public struct RiskLimits: Sendable, Equatable {
    /// Lots.
    public var maximumQuantity: UInt32
    /// |price| × quantity, ticks × lots.
    public var maximumNotional: UInt64
    /// Distance from the last trade, ticks.
    public var collarTicks: UInt64
    /// Distance from the price the venue set, ticks.
    public var staticCollarTicks = UInt64.max
    /// How much worse for its owner a price may be than the last trade, per mille; 0: no limit.
    public var fatFingerLast: UInt32 = 0
    /// The same, than the middle between the best prices; not checked while a side is empty.
    public var fatFingerMid: UInt32 = 0
    /// Money that one tick of one lot is worth, 1…1,000,000.
    public var tickValue: UInt32 = 1
    /// Money a lot takes of its owner's credit; nil: its value at the reference price.
    public var marginPerLot: UInt64?

    public init(maximumQuantity: UInt32, maximumNotional: UInt64, collarTicks: UInt64) {
        self.maximumQuantity = maximumQuantity
        self.maximumNotional = maximumNotional
        self.collarTicks = collarTicks
    }

    /// The tightest of each, for an instrument of which nothing else is known; of none: nothing may pass.
    public static func tightest(_ limits: [RiskLimits]) -> RiskLimits {
        RiskLimits(
            maximumQuantity: limits.map(\.maximumQuantity).min() ?? 0,
            maximumNotional: limits.map(\.maximumNotional).min() ?? 0,
            collarTicks: limits.map(\.collarTicks).min() ?? 0)
    }
}
