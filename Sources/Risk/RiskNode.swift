import Orders

/// Limits and state of one scope: 256 bytes, four cache lines. Where a limit is not set it is as wide as its type.
struct RiskNode: BitwiseCopyable {
    static let none = UInt32.max

    var scope: RiskScope
    /// The next wider scope; `none` for the venue.
    var parent: UInt32
    var flags: Flags = []
    /// What a self-trade is to come to when the order does not say; as in `OrderTraits`.
    var selfTrade: UInt8 = 0

    // Each order
    var maximumQuantity = UInt32.max
    var maximumNotional = Int64.max
    var maximumOpenOrders = UInt32.max
    var openOrders: UInt32 = 0
    var orders = Pace()
    var messages = Pace()

    // Positions and money
    /// Of each instrument, lots.
    var maximumPosition = Int64.max
    var maximumGross = Int64.max
    /// Over all instruments: the larger of what would be long if all open buys traded and short if all open sells did.
    var gross: Int64 = 0
    var credit = Int64.max
    /// The same, each instrument times its margin.
    var margin: Int64 = 0
    var realised: Int64 = 0
    var unrealised: Int64 = 0
    /// Highest profit since the start, or since the last time a drawdown was forgotten.
    var peak: Int64 = 0
    var profitAtDayStart: Int64 = 0
    var maximumDrawdown = Int64.max
    var maximumDayLoss = Int64.max
    var rearmNanoseconds: UInt64 = 0
    var trippedNanoseconds: UInt64 = 0

    // The day
    var cancelsToday: UInt32 = 0
    var tradesToday: UInt32 = 0
    var cancelRatio: UInt32 = 0
    var freeCancels: UInt32 = 0
    var duplicateNanoseconds: UInt64 = 0

    var messagesToday: UInt32 = 0
    var ordersToday: UInt32 = 0
    var rejectsToday: UInt32 = 0
    /// Bought and sold.
    var lotsToday: Int64 = 0
    /// Up to 256 bytes, so that every node begins on a line.
    private var padding: (UInt64, UInt64) = (0, 0)

    struct Flags: OptionSet, BitwiseCopyable {
        let rawValue: UInt8
        /// Has positions of its own; else those of a wider scope are the ones that count.
        static var hasPositions: Flags { Flags(rawValue: 1) }
        static var killed: Flags { Flags(rawValue: 2) }
        static var reduceOnly: Flags { Flags(rawValue: 4) }
        static var drawdown: Flags { Flags(rawValue: 8) }
        static var dayLoss: Flags { Flags(rawValue: 16) }
        static var entitlementNeeded: Flags { Flags(rawValue: 32) }
        /// A sum of money could not be told any more; nothing but what makes positions smaller.
        static var overflow: Flags { Flags(rawValue: 64) }

        /// Those that leave only what makes positions smaller.
        static var reducing: Flags { Flags(rawValue: 4 | 8 | 16 | 64) }
    }

    init(_ scope: RiskScope, parent: UInt32, hasPositions: Bool) {
        self.scope = scope
        self.parent = parent
        if hasPositions { flags = .hasPositions }
    }

    /// Realised and unrealised; nothing when it cannot be told, which `Flags.overflow` says.
    var profit: Int64 { realised &+ unrealised }

    /// Takes the profit as it is now into account.
    /// - Parameter now: log time.
    mutating func reckon(_ now: UInt64) {
        let (profit, overflow) = realised.addingReportingOverflow(unrealised)
        if overflow || profit.magnitude > UInt64(Money.bound) {
            flags.insert(.overflow)
            return
        }
        peak = max(peak, profit)
        // Without overflow: each is within 2⁶⁰.
        if peak &- profit > maximumDrawdown, !flags.contains(.drawdown) {
            flags.insert(.drawdown)
            trippedNanoseconds = now
        }
        if profitAtDayStart &- profit > maximumDayLoss { flags.insert(.dayLoss) }
    }

    /// What was tripped binds no longer; the next drawdown counts from here.
    mutating func rearm() {
        flags.remove([.drawdown, .dayLoss])
        peak = profit
        profitAtDayStart = profit
    }

    mutating func beginDay() {
        flags.remove(.dayLoss)
        profitAtDayStart = profit
        cancelsToday = 0
        tradesToday = 0
        messagesToday = 0
        ordersToday = 0
        rejectsToday = 0
        lotsToday = 0
    }

    func combine(into hash: inout StateHash) {
        hash.combine(scope.rawValue)
        hash.combine(UInt64(flags.rawValue) | UInt64(selfTrade) << 8 | UInt64(maximumQuantity) << 32)
        hash.combine(maximumNotional)
        hash.combine(UInt64(maximumOpenOrders) | UInt64(openOrders) << 32)
        orders.combine(into: &hash)
        messages.combine(into: &hash)
        for word in [
            maximumPosition, maximumGross, gross, credit, margin, realised, unrealised, peak, profitAtDayStart,
            maximumDrawdown, maximumDayLoss,
        ] { hash.combine(word) }
        for word in [rearmNanoseconds, trippedNanoseconds, duplicateNanoseconds] { hash.combine(word) }
        hash.combine(UInt64(cancelsToday) | UInt64(tradesToday) << 32)
        hash.combine(UInt64(cancelRatio) | UInt64(freeCancels) << 32)
        hash.combine(UInt64(messagesToday) | UInt64(ordersToday) << 32)
        hash.combine(UInt64(rejectsToday))
        hash.combine(lotsToday)
    }
}

/// Sums of money stay within this, so that two of them can always be added.
enum Money {
    static var bound: Int64 { 1 << 60 }
}
