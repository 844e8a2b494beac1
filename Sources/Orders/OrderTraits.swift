/// What kind of order a new order is, in the eight bytes a command has for it. Zero is a plain limit order.
///
/// | Bits | Field |
/// |---|---|
/// | 0–7 | `OrderType` |
/// | 8–15 | `Conditions` |
/// | 16–23 | `SelfTradePrevention`; bit 23: by firm instead of by session |
/// | 24–31 | 0 |
/// | 32–63 | display quantity, lots; 0: all of it |
@frozen public struct OrderTraits: RawRepresentable, BitwiseCopyable, Sendable, Equatable {
    public var rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

    @inlinable public init(
        _ type: OrderType = .limit, _ conditions: Conditions = [], selfTrade: SelfTradePrevention = .none,
        byFirm: Bool = false, displayQuantity: UInt32 = 0
    ) {
        rawValue =
            UInt64(type.rawValue) | UInt64(conditions.rawValue) << 8 | UInt64(selfTrade.rawValue) << 16
            | (byFirm ? 1 << 23 : 0) | UInt64(displayQuantity) << 32
    }

    /// nil for a number that is no type.
    @inlinable public var type: OrderType? { OrderType(rawValue: UInt8(truncatingIfNeeded: rawValue)) }
    @inlinable public var conditions: Conditions { Conditions(rawValue: UInt8(truncatingIfNeeded: rawValue >> 8)) }
    @inlinable public var selfTrade: SelfTradePrevention? {
        SelfTradePrevention(rawValue: UInt8(truncatingIfNeeded: rawValue >> 16) & 0x7F)
    }
    @inlinable public var byFirm: Bool { rawValue & 1 << 23 != 0 }
    @inlinable public var displayQuantity: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
    /// Bits that mean nothing yet must be zero.
    @inlinable public var hasUnknownBits: Bool { rawValue & 0xFF00_0000 != 0 || conditions.rawValue & 0xC0 != 0 }

    @frozen public struct Conditions: OptionSet, BitwiseCopyable, Sendable {
        public let rawValue: UInt8
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Rests without being shown, behind the shown orders of its price.
        @inlinable public static var hidden: Conditions { Conditions(rawValue: 1) }
        /// Trades its whole quantity at once or rests, not shown.
        @inlinable public static var allOrNone: Conditions { Conditions(rawValue: 2) }
        /// Refused if it would trade.
        @inlinable public static var postOnly: Conditions { Conditions(rawValue: 4) }
        /// With `postOnly`: moved to the nearest price at which it does not trade, instead of being refused.
        @inlinable public static var slide: Conditions { Conditions(rawValue: 8) }
        /// An iceberg's new peak is drawn between the display quantity and that plus the range in its terms.
        @inlinable public static var randomPeak: Conditions { Conditions(rawValue: 16) }
        /// For the instrument's second book.
        @inlinable public static var secondBook: Conditions { Conditions(rawValue: 32) }
    }
}

/// How an order gets its price (FIX tags 40 and 1094).
@frozen public enum OrderType: UInt8, CaseIterable, Sendable {
    case limit = 0
    /// Trades at any price; what is left is cancelled.
    case market = 1
    /// Trades at the best price of the other side; what is left rests there.
    case marketToLimit = 2
    /// Becomes a market order when the last trade reaches the trigger.
    case stop = 3
    /// Becomes a limit order then.
    case stopLimit = 4
    /// A stop whose trigger follows the last trade at a distance in ticks.
    case trailingStop = 5
    /// The same at a distance in thousandths of the best price seen.
    case trailingStopPerMille = 6
    /// Priced at the best shown price of its own side, plus an offset, within its limit.
    case pegPrimary = 7
    /// Priced at the middle between the best shown prices.
    case pegMidpoint = 8
    /// Priced at the best shown price of the other side.
    case pegMarket = 9
}

/// What happens when an order would trade with another of the same session or firm (FIX tag 2964). The incoming order's
/// word counts.
@frozen public enum SelfTradePrevention: UInt8, CaseIterable, Sendable {
    case none = 0
    /// What is left of the incoming order is cancelled.
    case cancelNewest = 1
    /// The resting order is cancelled, and the incoming one goes on.
    case cancelOldest = 2
    case cancelBoth = 3
    /// Both lose the smaller of the two quantities without a trade; what has none left is cancelled.
    case decrement = 4
}
