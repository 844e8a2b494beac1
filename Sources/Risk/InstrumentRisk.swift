import Orders

/// What the gate knows of an instrument.
struct InstrumentRisk: BitwiseCopyable {
    var id: UInt32
    /// Rows of this instrument, linked by `PositionRow.next`.
    var firstRow = PositionRow.none
    var maximumQuantity: UInt32
    /// Per mille; 0: no limit.
    var fatFingerLast: UInt32 { didSet { bound() } }
    var fatFingerMid: UInt32
    var tickValue: UInt32
    var maximumNotional: UInt64
    var collarTicks: UInt64 { didSet { bound() } }
    var staticCollarTicks: UInt64 { didSet { bound() } }
    /// The last trade, before the first one the price the venue set.
    var lastPrice: Int64 { didSet { bound() } }
    /// The price the venue set.
    var staticPrice: Int64 { didSet { bound() } }
    /// The mark price times the value of a tick.
    var markValue: Int64
    var marginPerLot: Int64
    /// Prices that both collars and the limit on slips allow, for a buy and for a sell; made anew when one of them changes.
    private(set) var lowest = SIMD2<Int64>(repeating: .min)
    private(set) var highest = SIMD2<Int64>(repeating: .max)

    init(id: UInt32, _ limits: RiskLimits, referencePrice: Int64) {
        self.id = id
        maximumQuantity = limits.maximumQuantity
        maximumNotional = limits.maximumNotional
        collarTicks = limits.collarTicks
        staticCollarTicks = limits.staticCollarTicks
        fatFingerLast = limits.fatFingerLast
        fatFingerMid = limits.fatFingerMid
        tickValue = limits.tickValue
        lastPrice = referencePrice
        staticPrice = referencePrice
        let value = referencePrice.multipliedReportingOverflow(by: Int64(limits.tickValue))
        // A price that no mark could have is none: profit counts from the first mark or not at all.
        let isKnown = !value.overflow && value.partialValue.magnitude <= UInt64(Money.bound)
        markValue = isKnown ? value.partialValue : 0
        let margin = Int64(clamping: limits.marginPerLot ?? UInt64(markValue.magnitude))
        marginPerLot = min(margin, Money.bound)
        bound()
    }

    /// The first checks of every order: what it is by itself.
    /// - Parameter price: the price that bounds what it can cost; nil when its type has none.
    @inline(__always) func check(_ command: Command, price: Int64?, side: Side, _ market: Market) -> RejectReason {
        if command.quantity > maximumQuantity { return .quantityAboveMaximum }
        let notional = (price ?? lastPrice).magnitude.multipliedReportingOverflow(by: UInt64(command.quantity))
        if notional.overflow || notional.partialValue > maximumNotional { return .notionalAboveMaximum }
        guard let price else { return .none }
        let isSell = side == .sell
        if price < (isSell ? lowest[1] : lowest[0]) || price > (isSell ? highest[1] : highest[0]) {
            return reason(price, side)
        }
        return fatFingerMid == 0 ? .none : checkMid(price, side, market)
    }

    /// Which of the limits a price breaks.
    @inline(never) private func reason(_ price: Int64, _ side: Side) -> RejectReason {
        if Self.isFarther(price, from: lastPrice, than: collarTicks) { return .priceOutsideCollar }
        if Self.isFarther(price, from: staticPrice, than: staticCollarTicks) { return .priceOutsideStaticCollar }
        return .fatFingerLast
    }

    private static func isFarther(_ price: Int64, from reference: Int64, than ticks: UInt64) -> Bool {
        let distance = price.subtractingReportingOverflow(reference)
        return distance.overflow ? ticks != .max : distance.partialValue.magnitude > ticks
    }

    /// A price that is better for its owner than the market is no slip: only the other direction counts.
    private mutating func bound() {
        func range(_ reference: Int64, _ ticks: UInt64) -> (low: Int64, high: Int64) {
            if ticks == .max { return (.min, .max) }
            let (low, high) = (Int128(reference) - Int128(ticks), Int128(reference) + Int128(ticks))
            return (Int64(clamping: low), Int64(clamping: high))
        }
        let collar = range(lastPrice, collarTicks)
        let fixed = range(staticPrice, staticCollarTicks)
        let finger = range(lastPrice, slip)
        let (low, high) = (max(collar.low, fixed.low), min(collar.high, fixed.high))
        lowest = SIMD2(low, max(low, finger.low))
        highest = SIMD2(min(high, finger.high), high)
    }

    /// How much worse than the last trade a price may be, ticks, rounded down.
    private var slip: UInt64 {
        if fatFingerLast == 0 { return .max }
        let product = lastPrice.magnitude.multipliedFullWidth(by: UInt64(fatFingerLast))
        if product.high == 0 { return product.low / 1_000 }
        return UInt64(clamping: UInt128(lastPrice.magnitude) * UInt128(fatFingerLast) / 1_000)
    }

    private func checkMid(_ price: Int64, _ side: Side, _ market: Market) -> RejectReason {
        guard let bid = market.bid, let ask = market.ask else { return .none }
        // Twice the middle and twice the price, so that nothing is rounded. Ticks are far below 2⁴⁰ nearly always.
        if max(price.magnitude, bid.magnitude, ask.magnitude) < 1 << 40 {
            let (middle, twice) = (bid &+ ask, price &* 2)
            let worse = side == .buy ? twice &- middle : middle &- twice
            return worse &* 1_000 > Int64(middle.magnitude) &* Int64(min(fatFingerMid, 1 << 20))
                && fatFingerMid < 1 << 20 ? .fatFingerMid : .none
        }
        let (middle, twice) = (Int128(bid) + Int128(ask), 2 * Int128(price))
        let worse = side == .buy ? twice - middle : middle - twice
        return worse * 1_000 > Int128(middle.magnitude) * Int128(fatFingerMid) ? .fatFingerMid : .none
    }

    func combine(into hash: inout StateHash) {
        hash.combine(UInt64(id) | UInt64(maximumQuantity) << 32)
        hash.combine(UInt64(fatFingerLast) | UInt64(fatFingerMid) << 32)
        for word in [maximumNotional, collarTicks, staticCollarTicks] { hash.combine(word) }
        for word in [lastPrice, staticPrice, markValue, marginPerLot] { hash.combine(word) }
    }
}
