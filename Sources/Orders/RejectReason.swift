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
    // The risk gate
    case quantityAboveMaximum = 16
    case notionalAboveMaximum = 17
    case priceOutsideCollar = 18
    // The book
    case priceOutsideBook = 32
    case bookFull = 33
    /// Fill-or-kill without enough on the other side.
    case notFillable = 34
    // Why an accepted order ended without its owner's request
    case immediateOrCancelRemainder = 48
    case cancelOnDisconnect = 49
}
