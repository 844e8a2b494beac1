import Orders

extension MatchingEngine {
    /// Orders resting in all books.
    public var liveOrderCount: Int { arena.count }

    /// Highest price somebody bids, nil when nobody does or the instrument is unknown.
    public func bestBid(instrument: UInt32) -> Int64? { best(.buy, instrument) }

    /// Lowest price somebody offers.
    public func bestAsk(instrument: UInt32) -> Int64? { best(.sell, instrument) }

    private func best(_ side: Side, _ instrument: UInt32) -> Int64? {
        guard let position = index.position(of: instrument) else { return nil }
        let tick = books[position].ticks(side).lowest
        return tick < 0 ? nil : books[position].price(tick, side)
    }

    /// Takes in every book: each order from the best price down, in time priority; each session's orders in order of
    /// entry, in which a disconnect cancels them; and the number of trades.
    public borrowing func combine(into hash: inout StateHash) {
        hash.combine(tradeCount)
        for position in 0..<bookCount {
            hash.combine(UInt64(books[position].instrument))
            combine(.buy, position, &hash)
            combine(.sell, position, &hash)
        }
        for session in 1...UInt32(OrderArena.maximumSession) {
            var next = arena.firstOrder(ofSession: session)
            while next != RestingOrder.none {
                hash.combine(arena.orders[Int(next)].orderID)
                next = arena.orders[Int(next)].nextOfSession
            }
        }
    }

    private borrowing func combine(_ side: Side, _ position: Int, _ hash: inout StateHash) {
        let book = books + position
        let ticks = book.pointee.ticks(side)
        var tick = ticks.lowest
        while tick >= 0 {
            var next = book.pointee.level(tick, side).pointee.head
            while next != RestingOrder.none {
                let order = arena.orders + Int(next)
                hash.combine(order.pointee.orderID)
                hash.combine(order.pointee.clientOrderID)
                hash.combine(order.pointee.price)
                hash.combine(UInt64(order.pointee.leavesQuantity) << 32 | UInt64(order.pointee.cumulativeQuantity))
                hash.combine(UInt64(order.pointee.session) << 8 | UInt64(side.rawValue))
                next = order.pointee.next
            }
            tick = ticks.next(above: tick)
        }
    }
}
