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
    /// Too far from the last trade.
    case priceOutsideCollar = 18
    /// Too far from the reference price.
    case priceOutsideStaticCollar = 19
    /// So much worse for its owner than the last trade that it looks like a slip.
    case fatFingerLast = 20
    /// The same, than the middle of the market.
    case fatFingerMid = 21
    case positionAboveMaximum = 22
    case grossPositionAboveMaximum = 23
    case creditExceeded = 24
    case tooManyOpenOrders = 25
    /// Nothing but what makes positions smaller: so decided, or a limit on loss was reached.
    case reduceOnly = 26
    case drawdown = 27
    case dayLoss = 28
    case orderRateExceeded = 29
    case messageRateExceeded = 30
    /// The same order was taken a moment ago.
    case duplicateOrder = 31
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
    // The risk gate again
    case cancelRatioExceeded = 56
    /// The instrument is on a list of those not to be traded.
    case restricted = 57
    case noShortSale = 58
    case notEntitled = 59
    case killed = 60
    case customRule = 61
    /// A sum would pass what can be counted.
    case riskOverflow = 62
    /// There are as many positions as the gate has room for.
    case riskTableFull = 63
    // Why something changed without its owner's request
    /// The next trade would have been too far from the reference price.
    case volatility = 64
    /// The time of an interruption was up.
    case interruptionOver = 65
    // The venue's commands
    case unknownScope = 72
    /// A custom rule that is not well-formed, or asks for what the gate does not know.
    case invalidRule = 73
    case unknownRule = 74
    case rulesFull = 75
    /// The rules that one order could meet would take longer than allowed.
    case rulesTooCostly = 76
}
