import Orders

/// Ticks, bands, prices of pegs and limits of execution.
extension NaiveBook {
    /// The step a price belongs to; nil: every price is valid.
    private func step(_ price: Int64) -> InstrumentSpecification.TickStep? {
        tickSteps.last { $0.fromPrice <= price } ?? tickSteps.first
    }

    func isOnTick(_ price: Int64) -> Bool { price % (step(price)?.tick ?? 1) == 0 }

    func isInBand(_ price: Int64) -> Bool { price >= lowestPrice && price <= highestPrice }

    /// Why a price cannot be, as checks 9 say it.
    func refusal(_ price: Int64) -> RejectReason {
        !isInBand(price) ? .priceOutsideBook : !isOnTick(price) ? .priceOffTick : .none
    }

    /// The greatest valid price not above this one, or the smallest not below.
    func validPrice(_ price: Int64, up: Bool) -> Int64 {
        var price = price
        while let step = step(price) {
            let remainder = ((price % step.tick) + step.tick) % step.tick
            let rounded = remainder == 0 ? price : up ? price + (step.tick - remainder) : price - remainder
            if self.step(rounded)?.fromPrice == step.fromPrice { return rounded }
            // It lies in another step, so none of this one will do: on from that step's edge.
            price = up ? tickSteps.first { $0.fromPrice > price }?.fromPrice ?? rounded : step.fromPrice - 1
        }
        return price
    }

    /// What a peg is worth now, if the prices it needs are there.
    func effectivePrice(_ peg: NaiveOrder) -> Int64? {
        let buys = peg.side == .buy
        let (own, other) = (best(peg.side), best(peg.side.opposite))
        var price: Int64
        switch peg.type {
        case .pegPrimary:
            guard let own else { return nil }
            price = own
        case .pegMarket:
            guard let other else { return nil }
            price = other
        default:
            guard let own, let other else { return nil }
            let sum = Int128(own) + Int128(other)
            price = Int64(buys ? sum >> 1 : (sum + 1) >> 1)
        }
        price = validPrice(price + peg.terms.offset, up: !buys)
        return buys ? min(price, peg.price) : max(price, peg.price)
    }

    /// How far an order of this side may trade before trading is interrupted.
    func volatilityLimit(_ side: Side) -> Int128? {
        var limits: [Int128] = []
        let sign: Int128 = side == .buy ? 1 : -1
        if dynamicRange > 0 { limits.append(Int128(lastPrice) + sign * Int128(dynamicRange)) }
        if staticRange > 0 { limits.append(Int128(staticReference) + sign * Int128(staticRange)) }
        return side == .buy ? limits.min() : limits.max()
    }

    /// Whether a price is no worse for the side than a limit; without one every price is.
    static func isWithin(_ price: Int64, _ limit: Int128?, _ side: Side) -> Bool {
        guard let limit else { return true }
        return side == .buy ? Int128(price) <= limit : Int128(price) >= limit
    }
}
