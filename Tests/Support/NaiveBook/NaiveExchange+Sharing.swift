import Orders

/// §4: how the orders of a level share an aggressor's quantity.
extension NaiveExchange {
    /// What an order of the level gets.
    private struct Share {
        let order: NaiveOrder
        let isTop: Bool
        var quantity: UInt32 = 0
        var proRata: UInt32 = 0
        /// v − a.
        var room: UInt32 { order.visible - quantity }
    }

    mutating func share(_ order: NaiveOrder, _ book: NaiveBook, _ price: Int64, _ clientSequence: UInt64) {
        let side = order.side.opposite
        for own in level(book, side, price) where order.leaves > 0 { _ = prevent(order, own, clientSequence) }
        while order.leaves > 0 {
            let orders = level(book, side, price)
            if orders.isEmpty { return }
            let total = orders.reduce(0) { $0 + UInt64($1.leaves) }
            if UInt64(order.leaves) >= total {
                for other in orders { fill(order, other, other.leaves, price, book, clientSequence) }
                return
            }
            let shares = allocate(order.leaves, orders, book)
            for share in shares where share.quantity > 0 {
                fill(order, share.order, share.quantity, price, book, clientSequence)
            }
        }
    }

    private func allocate(_ quantity: UInt32, _ orders: [NaiveOrder], _ book: NaiveBook) -> [Share] {
        let rule = book.rule
        var shares = orders.map { Share(order: $0, isTop: $0.isTop) }
        var left = quantity
        func whole(_ share: UInt64) -> UInt32 { UInt32(min(share, UInt64(UInt32.max))) / book.lot * book.lot }
        func give(_ place: Int, _ most: UInt32) {
            let given = min(most, shares[place].room, left)
            shares[place].quantity += given
            left -= given
        }
        if rule.hasTop, let top = shares.firstIndex(where: \.isTop) {
            give(top, rule.topMaximum == 0 ? .max : whole(UInt64(rule.topMaximum)))
        }
        if rule.hasMarketMakers {
            let base = UInt64(left)
            for maker in book.marketMakers {
                let quota = whole(base * UInt64(maker.percent) / 100)
                var got: UInt32 = 0
                for place in shares.indices where shares[place].order.session == maker.session && !shares[place].isTop {
                    let before = left
                    give(place, quota - got)
                    got += before - left
                }
            }
        }
        if rule.algorithm == .configurable {
            var part = whole(UInt64(left) * UInt64(rule.fifoPercent) / 100)
            for place in shares.indices {
                let before = left
                give(place, part)
                part -= before - left
            }
        }
        if rule.hasProRata {
            let base = UInt64(left)
            let weight = shares.reduce(0) { $0 + UInt64($1.room) }
            for place in shares.indices where weight > 0 {
                let share = whole(base * UInt64(shares[place].room) / weight)
                shares[place].proRata = share < rule.minimumAllocation ? 0 : share
                give(place, shares[place].proRata)
            }
        }
        if rule.algorithm == .configurable, rule.leveling {
            // Largest first; sorting by place too keeps the earlier of equals in front.
            let bySize = shares.indices.sorted { (shares[$0].order.visible, $1) > (shares[$1].order.visible, $0) }
            for place in bySize where shares[place].proRata == 0 { give(place, book.lot) }
        }
        if rule.algorithm == .sizePriority {
            let bySize = shares.indices.sorted { (shares[$0].order.visible, $1) > (shares[$1].order.visible, $0) }
            for place in bySize { give(place, .max) }
        }
        if rule.algorithm == .timeProRata {
            var weight = shares.reduce(0) { $0 + Int128($1.order.visible) }
            for place in shares.indices {
                let visible = Int128(shares[place].order.visible)
                let share = Int128(left) * visible * (2 * weight - visible) / (weight * weight)
                give(place, whole(UInt64(share)))
                weight -= visible
            }
        }
        for place in shares.indices { give(place, .max) }
        return shares
    }
}
