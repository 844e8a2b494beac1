/// What a command of kind `setRisk` sets; its number stands in `flags`, the `RiskScope` it is for in `clientOrderID`, the value
/// in `price`.
///
/// Money is in ticks × lots × the instrument's `tickValue`. A limit of 0 allows nothing but what makes a risk smaller; `Int64.max`
/// takes the limit off. Parameters "of an instrument" need one in `instrument`; those that may have one hold for all
/// instruments without it.
///
/// | Parameter | Scope | Value |
/// |---|---|---|
/// | `maximumQuantity` | any; or of an instrument, for the venue | lots of one order |
/// | `maximumNotional` | any; or of an instrument, for the venue | money of one order |
/// | `collarTicks`, `staticCollarTicks` | of an instrument, for the venue | ticks from the last trade; from the reference price |
/// | `fatFingerLast`, `fatFingerMid` | of an instrument, for the venue | per mille beyond the last trade; beyond the middle of the market |
/// | `marginPerLot`, `markPrice` | of an instrument, for the venue | money; ticks |
/// | `maximumPosition` | any with positions; may have an instrument | lots, long or short, with all open orders |
/// | `maximumGrossPosition` | any with positions | lots over all instruments, each with its open orders |
/// | `credit` | any with positions | money |
/// | `maximumOpenOrders` | any | orders |
/// | `maximumDrawdown`, `maximumDayLoss` | any with positions | money |
/// | `rearmNanoseconds` | any with positions | after which a drawdown no longer binds; 0: until `rearm` |
/// | `rearm` | any with positions | any: what was tripped binds no longer |
/// | `orderRate`, `messageRate` | any | per second; as many more at once as `quantity` says; 0: no limit |
/// | `cancelRatio` | any | cancels and replaces per trade and day, at most; the first `quantity` are free; 0: no limit |
/// | `duplicateNanoseconds` | any | how long the same order is not taken again; 0: it is |
/// | `reduceOnly`, `killed` | any; `reduceOnly` with positions | 1 or 0 |
/// | `selfTrade` | any | raw value of the `SelfTradePrevention` of orders that ask for none; + 128: by firm |
/// | `restricted`, `noShortSale`, `entitled` | any with positions, of an instrument | 1 or 0 |
/// | `entitlementNeeded` | any with positions | 1: only in instruments in which it is `entitled` |
/// | `locate` | any with positions, of an instrument | lots that may be short in spite of `noShortSale` |
/// | `newDay` | venue | any: profit and counts of the day start from here |
@frozen public enum RiskParameter: UInt8, CaseIterable, Sendable {
    case none = 0
    case maximumQuantity = 1
    case maximumNotional = 2
    case collarTicks = 3
    case staticCollarTicks = 4
    case fatFingerLast = 5
    case fatFingerMid = 6
    case marginPerLot = 7
    case markPrice = 8
    case maximumPosition = 9
    case maximumGrossPosition = 10
    case credit = 11
    case maximumOpenOrders = 12
    case maximumDrawdown = 13
    case maximumDayLoss = 14
    case rearmNanoseconds = 15
    case rearm = 16
    case orderRate = 17
    case messageRate = 18
    case cancelRatio = 19
    case duplicateNanoseconds = 20
    case reduceOnly = 21
    case killed = 22
    case selfTrade = 23
    case restricted = 24
    case noShortSale = 25
    case entitled = 26
    case entitlementNeeded = 27
    case locate = 28
    case newDay = 29
}
