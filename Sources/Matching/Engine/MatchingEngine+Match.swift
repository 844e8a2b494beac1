import Orders

/// Trading where there is more than plain lit orders (§3).
extension MatchingEngine {
    /// The worst key of the other side at which the next trades do not interrupt; `Int64.max`: there is no such bound.
    func corridorKey(_ book: UnsafeMutablePointer<Book>, _ side: Side) -> Int64 {
        var limit = Int64.max
        if book.pointee.dynamicRange > 0 {
            limit = Self.above(BookSide.key(book.pointee.lastPrice, side.opposite), book.pointee.dynamicRange)
        }
        if book.pointee.staticRange > 0 {
            limit = min(
                limit, Self.above(BookSide.key(book.pointee.staticReference, side.opposite), book.pointee.staticRange))
        }
        return limit
    }

    private static func above(_ key: Int64, _ range: Int64) -> Int64 {
        let sum = key.addingReportingOverflow(range)
        return sum.overflow ? .max : sum.partialValue
    }

    /// Trades an aggressor as far as it may; whether the market has to be interrupted.
    mutating func match<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ book: UnsafeMutablePointer<Book>, _ corridor: Int64, _ receiver: inout Receiver
    ) -> Bool {
        let side = book.side(order.side.opposite)
        while order.leavesQuantity > 0 {
            let lit = side.pointee.lit.best
            let dark = bestDark(side, order.leavesQuantity, upTo: order.limitKey)
            let peg = bestPeg(side, order.side.opposite, book)
            let key = min(lit, dark.key, peg.key)
            guard key <= order.limitKey, key != .max else { return false }
            guard key <= corridor else { return true }
            if lit == key {
                if book.pointee.rule.algorithm == .fifo {
                    takeInTime(&order, book, side, key, &receiver)
                } else {
                    share(&order, book, side, key, &receiver)
                }
            } else {
                let position = dark.key == key ? dark.position : peg.position
                takeOne(&order, position, key, book, &receiver)
            }
        }
        return false
    }

    /// One trade with a hidden, all-or-none or pegged order.
    private mutating func takeOne<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ position: UInt32, _ key: Int64, _ book: UnsafeMutablePointer<Book>,
        _ receiver: inout Receiver
    ) {
        let resting = arena.orders + Int(position)
        if order.selfTrade != 0, isOwn(order, resting) {
            preventSelfTrade(&order, position, book, &receiver)
            return
        }
        let quantity = min(order.leavesQuantity, resting.pointee.leavesQuantity)
        trade(&order, resting, quantity, BookSide.key(key, order.side.opposite), book, &receiver)
        if resting.pointee.leavesQuantity == 0 { remove(position) }
    }

    /// The best hidden order, or all-or-none order that would be filled, within a limit. An all-or-none order needs
    /// `quantity`; with 0 none is looked at.
    func bestDark(_ side: UnsafeMutablePointer<BookSide>, _ quantity: UInt32, upTo limit: Int64) -> (
        key: Int64, position: UInt32
    ) {
        guard side.pointee.darkCount > 0 else { return (.max, RestingOrder.none) }
        var key = side.pointee.dark.lowest
        while key <= limit, key != .max {
            var position = side.pointee.dark.find(key, nodes).unsafelyUnwrapped.pointee.head
            while position != RestingOrder.none {
                let order = arena.orders + Int(position)
                if !order.pointee.conditions.contains(.allOrNone) || order.pointee.leavesQuantity <= quantity {
                    return (key, position)
                }
                position = order.pointee.next
            }
            key = side.pointee.dark.first(from: key &+ 1, nodes)
        }
        return (.max, RestingOrder.none)
    }

    /// The pegged order of a side with the best effective price; among equals the oldest.
    func bestPeg(_ side: UnsafeMutablePointer<BookSide>, _ of: Side, _ book: UnsafeMutablePointer<Book>) -> (
        key: Int64, position: UInt32
    ) {
        var best = (key: Int64.max, position: RestingOrder.none)
        guard side.pointee.pegCount > 0 else { return best }
        var position = side.pointee.pegs.head
        while position != RestingOrder.none {
            let order = arena.orders + Int(position)
            let key = pegKey(
                order.pointee.type, arena.extended(order).pointee.offset, order.pointee.price, of, book)
            if key < best.key { best = (key, position) }
            position = order.pointee.next
        }
        return best
    }

    /// The best key an order of a side could trade at, all-or-none orders aside; `Int64.max`: none.
    func bestToTrade(with side: Side, _ book: UnsafeMutablePointer<Book>) -> Int64 {
        let other = book.side(side.opposite)
        return min(
            other.pointee.lit.best, bestDark(other, 0, upTo: .max).key, bestPeg(other, side.opposite, book).key)
    }

    // MARK: How much there is (§3.2)

    /// Lots an order could trade at once, orders that are all-or-none aside. Cost: a constant per order within its limit.
    func available(to order: Aggressor, _ book: UnsafeMutablePointer<Book>, _ corridor: Int64) -> UInt64 {
        let of = order.side.opposite
        let side = book.side(of)
        var limit = min(order.limitKey, corridor)
        let prevention = SelfTradePrevention(rawValue: order.selfTrade & 0x7F) ?? .none
        switch prevention {
        case .none, .cancelOldest: break
        case .cancelNewest, .cancelBoth, .decrement:
            let own = bestOwn(order, side, of, book)
            if own <= limit { limit = own &- 1 }
        }
        var sum: UInt64 = 0
        let leavesOutOwn = prevention == .cancelOldest
        var key = side.pointee.lit.best
        while key <= limit, key != .max {
            var position = side.pointee.lit.level(key, nodes).pointee.head
            while position != RestingOrder.none {
                let resting = arena.orders + Int(position)
                if !leavesOutOwn || !isOwn(order, resting) { sum &+= UInt64(total(resting)) }
                position = resting.pointee.next
            }
            key = side.pointee.lit.first(from: key &+ 1, nodes)
        }
        key = side.pointee.dark.lowest
        while key <= limit, key != .max {
            var position = side.pointee.dark.find(key, nodes).unsafelyUnwrapped.pointee.head
            while position != RestingOrder.none {
                let resting = arena.orders + Int(position)
                if !resting.pointee.conditions.contains(.allOrNone), !leavesOutOwn || !isOwn(order, resting) {
                    sum &+= UInt64(resting.pointee.leavesQuantity)
                }
                position = resting.pointee.next
            }
            key = side.pointee.dark.first(from: key &+ 1, nodes)
        }
        var position = side.pointee.pegs.head
        while position != RestingOrder.none {
            let resting = arena.orders + Int(position)
            let key = pegKey(resting, of, book)
            if key <= limit, key != .max, !leavesOutOwn || !isOwn(order, resting) {
                sum &+= UInt64(resting.pointee.leavesQuantity)
            }
            position = resting.pointee.next
        }
        return sum
    }

    /// The best key of an order that the aggressor must not trade with.
    private func bestOwn(
        _ order: Aggressor, _ side: UnsafeMutablePointer<BookSide>, _ of: Side,
        _ book: UnsafeMutablePointer<Book>
    ) -> Int64 {
        var best = Int64.max
        var key = side.pointee.lit.best
        while key <= order.limitKey, key < best {
            var position = side.pointee.lit.level(key, nodes).pointee.head
            while position != RestingOrder.none, best == .max {
                if isOwn(order, arena.orders + Int(position)) { best = key }
                position = arena.orders[Int(position)].next
            }
            if best == .max { key = side.pointee.lit.first(from: key &+ 1, nodes) }
        }
        key = side.pointee.dark.lowest
        while key <= order.limitKey, key < best {
            var position = side.pointee.dark.find(key, nodes).unsafelyUnwrapped.pointee.head
            while position != RestingOrder.none {
                let resting = arena.orders + Int(position)
                if isOwn(order, resting) { best = min(best, key) }
                position = resting.pointee.next
            }
            key = side.pointee.dark.first(from: key &+ 1, nodes)
        }
        var position = side.pointee.pegs.head
        while position != RestingOrder.none {
            let resting = arena.orders + Int(position)
            if isOwn(order, resting) { best = min(best, pegKey(resting, of, book)) }
            position = resting.pointee.next
        }
        return best
    }

    // MARK: Afterwards

    /// What the trades of an aggressor that is done with set off: stops are triggered (§6).
    mutating func finish(_ order: Aggressor, _ book: UnsafeMutablePointer<Book>) {
        guard order.hasTraded, book.pointee.stopCount > 0 else { return }
        observe(order.firstTradePrice, book)
        if book.pointee.lastPrice != order.firstTradePrice { observe(book.pointee.lastPrice, book) }
    }
}
