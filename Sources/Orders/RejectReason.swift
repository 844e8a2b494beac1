/// Why a command was refused. Raw values are part of the order-entry protocol and of the journal: never renumber.
@frozen public enum RejectReason: UInt8, CaseIterable, Sendable {
    case none = 0
    // The command itself
    case unknownInstrument = 1
    case invalidSide = 2
    case invalidTimeInForce = 3
    case invalidQuantity = 4
    case invalidClientOrderID = 5
    case duplicateClientOrderID = 6
    case unknownOrder = 7
    case priceOffTick = 8
    case quantityOffLot = 9
    case invalidOrderType = 10
    /// Conditions that exclude one another, or that this type of order cannot have.
    case invalidCombination = 11
    /// The order says that terms precede it, and they do not.
    case termsMissing = 12
    case invalidExpireTime = 13
    case invalidParameter = 14
    /// The order's terms: trigger, offset, display quantity or minimum quantity out of range.
    case invalidTerms = 15
    // The risk gate
    case quantityAboveMaximum = 16
    case notionalAboveMaximum = 17
    case priceOutsideCollar = 18
    // The book
    case priceOutsideBook = 32
    case bookFull = 33
    /// Fill-or-kill without enough on the other side.
    case notFillable = 34
    /// The instrument's phase does not allow it.
    case notInThisPhase = 35
    /// Post-only, and it would trade.
    case wouldTakeLiquidity = 36
    case minimumQuantityNotMet = 37
    /// A market-to-limit order met an empty side.
    case noLiquidity = 38
    // Why an accepted order ended without its owner's request
    case immediateOrCancelRemainder = 48
    case cancelOnDisconnect = 49
    /// Its time came: good till date, end of the auction it was for.
    case expired = 50
    case selfTradePrevention = 51
    case massCancel = 52
    /// What a market order could not trade.
    case marketOrderRemainder = 53
    case endOfDay = 54
    // Why something changed without its owner's request
    /// The next trade would have been too far from the reference price.
    case volatility = 64
    /// The time of an interruption was up.
    case interruptionOver = 65
}
