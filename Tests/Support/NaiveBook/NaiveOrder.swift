import Orders

/// A live order, or one that is about to trade, as the naive exchange keeps it: everything about it in one object.
final class NaiveOrder {
    /// Where it rests; `none` while it trades.
    enum Place { case none, lit, dark, pegs, stops, triggered, waiting }

    let session: UInt32
    let instrument: UInt32
    let side: Side
    let conditions: OrderTraits.Conditions
    let selfTrade: SelfTradePrevention
    let byFirm: Bool
    let timeInForce: TimeInForce
    let terms: OrderTerms
    var clientOrderID: UInt64
    var orderID: UInt64
    /// A stop that was triggered and a market-to-limit order that has its price become what they are from then on.
    var type: OrderType
    /// The limit price as reports give it; 0 for types without one.
    var price: Int64
    /// Of an iceberg; 0: all is shown.
    var display: UInt32
    var leaves: UInt32
    var traded: UInt32 = 0
    /// What can trade at its place in the queue: the peak of an iceberg, all of another.
    var visible: UInt32
    var place = Place.none
    /// When it got its place in its queue.
    var queued: UInt64 = 0
    /// When a trailing stop was entered.
    var entered: UInt64 = 0
    var trigger: Int64
    /// The best price a trailing stop has seen.
    var bestSeen: Int64 = 0
    var isTop = false

    init(_ command: Command, _ traits: OrderTraits, _ type: OrderType, _ terms: OrderTerms) {
        session = command.session
        instrument = command.instrument
        side = command.side
        conditions = traits.conditions
        selfTrade = traits.selfTrade ?? .none
        byFirm = traits.byFirm
        timeInForce = command.timeInForce
        self.terms = terms
        clientOrderID = command.clientOrderID
        orderID = command.sequence
        self.type = type
        price = type.hasPrice ? command.price : 0
        display = traits.displayQuantity
        leaves = command.quantity
        visible = command.quantity
        trigger = terms.triggerPrice
    }

    var isAllOrNone: Bool { conditions.contains(.allOrNone) }
    var isDark: Bool { isAllOrNone || conditions.contains(.hidden) }
    var isUnpriced: Bool { type == .market || type == .marketToLimit }

    /// Price in its queue: unpriced orders come before all others.
    var rank: Int64 {
        let beyond = InstrumentSpecification.priceBound + 1
        return !isUnpriced ? price : side == .buy ? beyond : -beyond
    }

    /// Whether a limit price is there that a range of prices can hold or not.
    var hasLimit: Bool {
        type.hasPrice && !(type.isPeg && price == (side == .buy ? Int64.max : Int64.min))
    }

    /// Makes an iceberg's peak anew, or shows all.
    func showPeak(lot: UInt32) {
        var peak = UInt64(display)
        if conditions.contains(.randomPeak) {
            let drawn = Self.finalised(orderID &* 2_654_435_761 &+ UInt64(traded) &+ 0x9E37_79B9_7F4A_7C15)
            peak += drawn % (UInt64(terms.peakRange) + 1)
            peak = max(peak / UInt64(lot) * UInt64(lot), UInt64(lot))
        }
        visible = display == 0 ? leaves : UInt32(min(UInt64(leaves), peak))
    }

    private static func finalised(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension OrderType {
    var isPeg: Bool { self == .pegPrimary || self == .pegMidpoint || self == .pegMarket }
    var isTrailing: Bool { self == .trailingStop || self == .trailingStopPerMille }
    var isStop: Bool { self == .stop || self == .stopLimit || isTrailing }
    var hasTrigger: Bool { self == .stop || self == .stopLimit }
    var hasPrice: Bool { self == .limit || self == .stopLimit || isPeg }
}

extension TimeInForce {
    /// What can rest for longer than a phase.
    var rests: Bool { self == .day || self == .goodTillCancel || self == .goodTillDate }
}
