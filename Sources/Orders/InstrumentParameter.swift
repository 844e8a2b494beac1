/// What a command of kind `setInstrument` sets; its number stands in `flags`, with bit 7 set for the second book. The
/// value is in `price` unless the table says otherwise.
///
/// | Parameter | Fields |
/// |---|---|
/// | `list` | a new instrument, closed: `quantity` orders may rest; the rest by further commands |
/// | `priceBand` | lowest price `originalClientOrderID`, highest `price`; |price| ≤ 2⁶² |
/// | `tick` | from price `originalClientOrderID` upward a tick of `price`; steps at or above it are forgotten |
/// | `lot`, `maximumOrders`, `referencePrice` | `price` |
/// | `algorithm` | raw value of `MatchingAlgorithm`; its parameters go to their defaults |
/// | `topMinimum` … `leveling` | as in `AllocationRule` |
/// | `marketMaker` | session `clientOrderID` gets `price` hundredths; 0 takes it off the list |
/// | `dynamicRange`, `staticRange` | ticks from the last trade, from the last auction; 0: none |
/// | `interruptionNanoseconds` | how long an interruption lasts; 0: until a command |
@frozen public enum InstrumentParameter: UInt8, CaseIterable, Sendable {
    case none = 0
    case list = 1
    case priceBand = 2
    case tick = 3
    case lot = 4
    case maximumOrders = 5
    case referencePrice = 6
    case algorithm = 7
    case topMinimum = 8
    case topMaximum = 9
    case fifoPercent = 10
    case minimumAllocation = 11
    case leveling = 12
    case marketMaker = 13
    case dynamicRange = 14
    case staticRange = 15
    case interruptionNanoseconds = 16

    /// Bit of `Command.flags` beside the parameter's number: the instrument's second book.
    public static let secondBook: UInt8 = 0x80
}
