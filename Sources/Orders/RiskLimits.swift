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

    /// The tightest of each; of none: nothing may pass.
    public static func tightest(_ limits: [RiskLimits]) -> RiskLimits {
        RiskLimits(
            maximumQuantity: limits.map(\.maximumQuantity).min() ?? 0,
            maximumNotional: limits.map(\.maximumNotional).min() ?? 0,
            collarTicks: limits.map(\.collarTicks).min() ?? 0)
    }
}
