import Orders

/// §6: stops, pegs and all-or-none orders after each aggressor.
extension NaiveExchange {
    /// A stop order comes to rest; in `continuous` the last trade may trigger it at once.
    mutating func park(_ order: NaiveOrder, _ book: NaiveBook) {
        if order.type.isTrailing {
            order.bestSeen = book.lastPrice
            order.trigger = trailed(order)
        }
        put(order, .stops)
        order.entered = order.queued
        if book.phase == .continuous, let last = book.lastTrade, isMet(order, last) { put(order, .triggered) }
    }

    private func trailed(_ order: NaiveOrder) -> Int64 {
        var distance = order.terms.offset
        if order.type == .trailingStopPerMille {
            distance = Int64(Int128(order.bestSeen.magnitude) * Int128(distance) / 1_000)
        }
        return order.side == .buy ? order.bestSeen + distance : order.bestSeen - distance
    }

    private func isMet(_ order: NaiveOrder, _ price: Int64) -> Bool {
        order.side == .buy ? order.trigger <= price : order.trigger >= price
    }

    /// A price was traded: trailing stops follow, and stops it meets are triggered.
    mutating func observe(_ price: Int64, _ book: NaiveBook) {
        for side in [Side.buy, .sell] {
            let trailing = book.queue(.stops, side).filter(\.type.isTrailing).sorted { $0.entered < $1.entered }
            // Better for a trailing stop is the side it would have liked to trade on: higher to sell.
            for order in trailing where price.isBetter(than: order.bestSeen, side.opposite) {
                order.bestSeen = price
                let trigger = trailed(order)
                if trigger == order.trigger { continue }
                order.trigger = trigger
                put(order, .stops)
            }
        }
        for side in [Side.buy, .sell] {
            let met = book.queue(.stops, side).filter { isMet($0, price) }
            let ordered = met.sorted { one, other in
                if one.trigger == other.trigger { return one.queued < other.queued }
                return side == .buy ? one.trigger < other.trigger : one.trigger > other.trigger
            }
            for order in ordered { put(order, .triggered) }
        }
    }

    /// Until nothing happens: triggered orders one by one, then the first order that has become able to trade.
    mutating func settle(_ book: NaiveBook) {
        while book.phase == .continuous {
            let triggered = (book.queue(.triggered, .buy) + book.queue(.triggered, .sell)).min { $0.queued < $1.queued }
            if let triggered {
                release(triggered, book)
            } else if let able = firstAble(book) {
                aggress(able, book, limit: limit(able, book), clientSequence: 0, keepsPlace: true)
            } else {
                return
            }
        }
    }

    private mutating func release(_ order: NaiveOrder, _ book: NaiveBook) {
        reports.append(report(.triggered, order))
        order.type = order.type == .stopLimit ? .limit : .market
        aggress(order, book, limit: limit(order, book), clientSequence: 0)
    }

    private func firstAble(_ book: NaiveBook) -> NaiveOrder? {
        for side in [Side.buy, .sell] {
            let farthest = book.volatilityLimit(side)
            let others = book.counterparties(side.opposite, left: .max)
            for peg in book.queue(.pegs, side) {
                guard let price = book.effectivePrice(peg) else { continue }
                let isAble = others.contains { other in
                    (!other.order.isAllOrNone || other.order.leaves <= peg.leaves)
                        && NaiveBook.isWithin(other.price, Int128(price), side)
                        && NaiveBook.isWithin(other.price, farthest, side)
                }
                if isAble { return peg }
            }
        }
        for side in [Side.buy, .sell] {
            for order in book.queue(.dark, side) where order.isAllOrNone {
                if available(to: order, Int128(order.price), book) >= order.leaves { return order }
            }
        }
        return nil
    }
}
