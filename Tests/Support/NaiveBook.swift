import Orders

/// One book of an instrument as the rules read: an array of orders, looked through from end to end for everything.
///
/// Part of `NaiveExchange`, the judge of the matching engine: it shares none of its structures, and is slow.
final class NaiveBook {
    let instrument: UInt32
    var rule: AllocationRule
    var lowestPrice: Int64
    var highestPrice: Int64
    var lot: UInt32
    var maximumOrders: Int
    var tickSteps: [InstrumentSpecification.TickStep]
    var marketMakers: [InstrumentSpecification.MarketMaker]
    var reference: Int64
    var staticReference: Int64
    var dynamicRange: Int64
    var staticRange: Int64
    var interruptionNanoseconds: UInt64
    var phase: TradingPhase
    var interruptionEnd: UInt64?
    var lastTrade: Int64?
    /// Every live order of the book, in no order that matters.
    var orders: [NaiveOrder] = []

    init(_ specification: InstrumentSpecification, _ rule: AllocationRule) {
        instrument = specification.id
        self.rule = rule
        lowestPrice = specification.minimumPrice
        highestPrice = specification.maximumPrice
        lot = specification.lotSize
        maximumOrders = specification.maximumOrders
        tickSteps = specification.tickSteps
        marketMakers = specification.marketMakers
        reference = specification.referencePrice
        staticReference = specification.referencePrice
        dynamicRange = specification.dynamicRange
        staticRange = specification.staticRange
        interruptionNanoseconds = specification.interruptionNanoseconds
        phase = specification.phase
    }

    /// The last trade's price, before the first the reference.
    var lastPrice: Int64 { lastTrade ?? reference }

    /// The orders of one place and side: best price first where prices count, then in order of time.
    func queue(_ place: NaiveOrder.Place, _ side: Side) -> [NaiveOrder] {
        let found = orders.filter { $0.place == place && $0.side == side }
        return found.sorted { one, other in
            if place == .lit || place == .dark, one.rank != other.rank {
                return one.rank.isBetter(than: other.rank, side)
            }
            return one.queued < other.queued
        }
    }

    func best(_ side: Side) -> Int64? {
        var best: Int64?
        for order in orders where order.place == .lit && order.side == side && !order.isUnpriced {
            if let known = best, !order.price.isBetter(than: known, side) { continue }
            best = order.price
        }
        return best
    }

    /// Whom an order of the other side can meet, in the order it would at equal prices, with the price of each.
    ///
    /// - Parameter left: what the incoming order has left; nil leaves all-or-none orders out.
    func counterparties(_ side: Side, left: UInt32?) -> [(order: NaiveOrder, price: Int64)] {
        var found: [(order: NaiveOrder, price: Int64)] = []
        for order in queue(.lit, side) { found.append((order, order.rank)) }
        for order in queue(.dark, side) {
            if order.isAllOrNone, order.leaves > (left ?? 0) { continue }
            found.append((order, order.price))
        }
        for order in queue(.pegs, side) {
            if let price = effectivePrice(order) { found.append((order, price)) }
        }
        return found
    }

    /// The one it meets first.
    func counterparty(_ side: Side, left: UInt32?) -> (order: NaiveOrder, price: Int64)? {
        var best: (order: NaiveOrder, price: Int64)?
        for candidate in counterparties(side, left: left) {
            if let known = best, !candidate.price.isBetter(than: known.price, side) { continue }
            best = candidate
        }
        return best
    }
}

extension Int64 {
    /// Better for an order to have that wants to trade: higher for a buy.
    func isBetter(than other: Int64, _ side: Side) -> Bool { side == .buy ? self > other : self < other }
}
