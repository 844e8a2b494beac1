/// What a flow of orders is made of. Prices in ticks, quantities in lots; weights are relative, not percent.
public struct OrderFlowOptions: Sendable, Equatable, Codable {
    public var instrument: UInt32
    /// Passive buys go below it, passive sells above it.
    public var midPriceTicks: Int64
    /// Nearest and farthest distance of a limit price from the mid price, 0…1,000,000.
    public var nearestTicks: Int64
    public var farthestTicks: Int64
    /// Smallest and largest quantity of an order, both at least 1.
    public var smallestQuantityLots: UInt32
    public var largestQuantityLots: UInt32
    public var newOrderWeight: UInt32
    public var cancelWeight: UInt32
    public var replaceWeight: UInt32
    /// Orders priced through the mid, which trade with what rests on the other side.
    public var crossWeight: UInt32
    /// Share of the crossing orders sent as immediate-or-cancel, 0…100; the others rest with what they did not trade.
    public var immediateOrCancelPercent: UInt32
    /// Orders the flow leaves in the book at most: with so many out, a new order becomes a cancel. At least 1.
    public var targetLiveOrders: Int

    public init(
        instrument: UInt32 = 1, midPriceTicks: Int64 = 10_000, nearestTicks: Int64 = 1, farthestTicks: Int64 = 20,
        smallestQuantityLots: UInt32 = 1, largestQuantityLots: UInt32 = 100, newOrderWeight: UInt32 = 50,
        cancelWeight: UInt32 = 25, replaceWeight: UInt32 = 15, crossWeight: UInt32 = 10,
        immediateOrCancelPercent: UInt32 = 50, targetLiveOrders: Int = 1_000
    ) {
        self.instrument = instrument
        self.midPriceTicks = midPriceTicks
        self.nearestTicks = nearestTicks
        self.farthestTicks = farthestTicks
        self.smallestQuantityLots = smallestQuantityLots
        self.largestQuantityLots = largestQuantityLots
        self.newOrderWeight = newOrderWeight
        self.cancelWeight = cancelWeight
        self.replaceWeight = replaceWeight
        self.crossWeight = crossWeight
        self.immediateOrCancelPercent = immediateOrCancelPercent
        self.targetLiveOrders = targetLiveOrders
    }

    /// Says in one line what is wrong and what to write instead; nil when the options make a flow.
    public var problem: String? {
        if nearestTicks < 0 || farthestTicks < nearestTicks || farthestTicks > 1_000_000 {
            return "distance from mid \(nearestTicks)…\(farthestTicks) ticks: give 0 ≤ nearest ≤ farthest ≤ 1000000"
        }
        if midPriceTicks < -(1 << 48) || midPriceTicks > 1 << 48 {
            return "mid price \(midPriceTicks) ticks: give a value within ±2⁴⁸"
        }
        if smallestQuantityLots == 0 || largestQuantityLots < smallestQuantityLots {
            return "quantity \(smallestQuantityLots)…\(largestQuantityLots) lots: give 1 ≤ smallest ≤ largest"
        }
        if immediateOrCancelPercent > 100 {
            return "immediate-or-cancel share \(immediateOrCancelPercent): give a percentage from 0 to 100"
        }
        if targetLiveOrders < 1 { return "target of \(targetLiveOrders) live orders: give at least 1" }
        if newOrderWeight == 0 && crossWeight == 0 {
            return "weights of new and crossing orders are both 0: give at least one, or nothing can be sent"
        }
        return nil
    }
}
