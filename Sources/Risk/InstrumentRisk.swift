import Orders

/// What the gate knows of an instrument.
struct InstrumentRisk: BitwiseCopyable {
    var id: UInt32
    /// Rows of this instrument, linked by `PositionRow.next`.
    var firstRow = PositionRow.none
    var maximumQuantity: UInt32
    /// Per mille; 0: no limit.
    var fatFingerLast: UInt32
    var fatFingerMid: UInt32
    var tickValue: UInt32
    var maximumNotional: UInt64
    var collarTicks: UInt64
    var staticCollarTicks: UInt64
    /// The last trade, before the first one the price the venue set.
    var lastPrice: Int64
    /// The price the venue set.
    var staticPrice: Int64
    /// The mark price times the value of a tick.
    var markValue: Int64
    var marginPerLot: Int64

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
    }

    /// The first checks of every order: what it is by itself.
    /// - Parameter price: the price that bounds what it can cost; nil when its type has none.
    @inline(__always) func check(_ command: Command, price: Int64?, side: Side, _ market: Market) -> RejectReason {
        if command.quantity > maximumQuantity { return .quantityAboveMaximum }
        let notional = (price ?? lastPrice).magnitude.multipliedReportingOverflow(by: UInt64(command.quantity))
        if notional.overflow || notional.partialValue > maximumNotional { return .notionalAboveMaximum }
        guard let price else { return .none }
        if Self.isFarther(price, from: lastPrice, than: collarTicks) { return .priceOutsideCollar }
        if Self.isFarther(price, from: staticPrice, than: staticCollarTicks) { return .priceOutsideStaticCollar }
        return fatFingerLast | fatFingerMid == 0 ? .none : checkFingers(price, side, market)
    }

    @inline(__always) private static func isFarther(_ price: Int64, from reference: Int64, than ticks: UInt64) -> Bool {
        let distance = price.subtractingReportingOverflow(reference)
        return distance.overflow ? ticks != .max : distance.partialValue.magnitude > ticks
    }

    /// A price that is better for its owner than the market is no slip: only the other direction counts.
    private func checkFingers(_ price: Int64, _ side: Side, _ market: Market) -> RejectReason {
        if fatFingerLast != 0, Self.isSlip(Int128(price), Int128(lastPrice), side, fatFingerLast) {
            return .fatFingerLast
        }
        if fatFingerMid != 0, let bid = market.bid, let ask = market.ask,
            Self.isSlip(2 * Int128(price), Int128(bid) + Int128(ask), side, fatFingerMid)
        {
            return .fatFingerMid
        }
        return .none
    }

    private static func isSlip(_ price: Int128, _ reference: Int128, _ side: Side, _ perMille: UInt32) -> Bool {
        let worse = side == .buy ? price - reference : reference - price
        return worse * 1_000 > Int128(reference.magnitude) * Int128(perMille)
    }

    func combine(into hash: inout StateHash) {
        hash.combine(UInt64(id) | UInt64(maximumQuantity) << 32)
        hash.combine(UInt64(fatFingerLast) | UInt64(fatFingerMid) << 32)
        for word in [maximumNotional, collarTicks, staticCollarTicks] { hash.combine(word) }
        for word in [lastPrice, staticPrice, markValue, marginPerLot] { hash.combine(word) }
    }
}
