/// Messages of IEX DEEP 1.0 (and of TOPS 1.6, which shares the frame): types, lengths, and the offsets of a price level
/// update.
public enum DEEPMessage {
    public static let priceLevelUpdateBuy: UInt8 = 0x38
    public static let priceLevelUpdateSell: UInt8 = 0x35
    public static let tradeReport: UInt8 = 0x54
    /// TOPS: quote update.
    public static let quoteUpdate: UInt8 = 0x51

    // Price level update, 30 bytes: type, event flags, timestamp, symbol, size, price.
    static let timestampOffset = 2
    static let symbolOffset = 10
    static let sizeOffset = 18
    static let priceOffset = 22
    static let priceLevelUpdateLength = 30

    /// Length of a known type, nil for others: S system event, D security directory, H trading status, I retail
    /// liquidity, O operational halt, P short sale price test, E security event, T trade report, B trade break, X official
    /// price, A auction information, Q quote update.
    @inline(__always) static func length(_ type: UInt8) -> Int? {
        switch type {
        case priceLevelUpdateBuy, priceLevelUpdateSell: priceLevelUpdateLength
        case 0x53: 10
        case 0x44: 31
        case 0x48: 22
        case 0x49: 18
        case 0x4F: 18
        case 0x50: 19
        case 0x45: 18
        case tradeReport, 0x42: 38
        case 0x58: 26
        case 0x41: 80
        case quoteUpdate: 42
        default: nil
        }
    }

    @inline(__always) static func isKnown(_ type: UInt8) -> Bool { length(type) != nil }

    /// Whether a message of this type may have this length: known types are as long as specified or longer, because the
    /// specification allows fields to be added at the end; unknown ones are passed over.
    @inline(__always) static func hasRightLength(type: UInt8, length: Int) -> Bool {
        guard let expected = Self.length(type) else { return true }
        return length >= expected
    }
}
