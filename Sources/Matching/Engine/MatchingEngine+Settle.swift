import Orders

/// What follows from a command in its book, until nothing happens any more (§6).
extension MatchingEngine {
    @inline(__always) mutating func settle<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ command: Command, _ receiver: inout Receiver
    ) {
        if book.pointee.specialCount > 0 { settleAny(book, command, &receiver) }
    }

    /// Every turn either triggers an order, which happens once in its life, or trades.
    @inline(never) private mutating func settleAny<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ command: Command, _ receiver: inout Receiver
    ) {
        while book.pointee.phase == .continuous {
            if !book.pointee.triggered.isEmpty {
                release(book.pointee.triggered.head, book, command, &receiver)
            } else if !reexamine(book, command, &receiver) {
                return
            }
        }
    }

    /// The first peg or all-or-none order that can trade does; false when there is none.
    private mutating func reexamine<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ command: Command, _ receiver: inout Receiver
    ) -> Bool {
        for side in [Side.buy, .sell] where book.side(side).pointee.pegCount > 0 {
            if reexaminePegs(side, book, command, &receiver) { return true }
        }
        for side in [Side.buy, .sell] where book.side(side).pointee.allOrNoneCount > 0 {
            if reexamineAllOrNone(side, book, command, &receiver) { return true }
        }
        return false
    }

    private mutating func reexaminePegs<Receiver: MatchReceiver>(
        _ side: Side, _ book: UnsafeMutablePointer<Book>, _ command: Command, _ receiver: inout Receiver
    ) -> Bool {
        let other = book.side(side.opposite)
        let corridor = corridorKey(book, side)
        var position = book.side(side).pointee.pegs.head
        while position != RestingOrder.none {
            let order = arena.orders + Int(position)
            let key = pegKey(order, side, book)
            let limit = 0 &- key
            if key != .max {
                let best = min(
                    other.pointee.lit.best, bestDark(other, order.pointee.leavesQuantity, upTo: limit).key,
                    bestPeg(other, side.opposite, book).key)
                if best <= limit, best <= corridor {
                    act(position, limitKey: limit, book, command, &receiver)
                    return true
                }
            }
            position = order.pointee.next
        }
        return false
    }

    private mutating func reexamineAllOrNone<Receiver: MatchReceiver>(
        _ side: Side, _ book: UnsafeMutablePointer<Book>, _ command: Command, _ receiver: inout Receiver
    ) -> Bool {
        let own = book.side(side)
        let corridor = corridorKey(book, side)
        var key = own.pointee.dark.lowest
        while key != .max {
            var position = own.pointee.dark.find(key, nodes).unsafelyUnwrapped.pointee.head
            while position != RestingOrder.none {
                let order = arena.orders + Int(position)
                if order.pointee.conditions.contains(.allOrNone) {
                    let aggressor = Aggressor(
                        order, leaves: order.pointee.leavesQuantity, limit: order.pointee.price,
                        instrument: book.pointee.instrument, by: command, answers: false)
                    if available(to: aggressor, book, corridor) >= UInt64(order.pointee.leavesQuantity) {
                        act(position, limitKey: aggressor.limitKey, book, command, &receiver)
                        return true
                    }
                }
                position = order.pointee.next
            }
            key = own.pointee.dark.first(from: key &+ 1, nodes)
        }
        return false
    }

    /// A resting peg or all-or-none order trades by itself; with something left it keeps its place.
    private mutating func act<Receiver: MatchReceiver>(
        _ position: UInt32, limitKey: Int64, _ book: UnsafeMutablePointer<Book>, _ command: Command,
        _ receiver: inout Receiver
    ) {
        let order = arena.orders + Int(position)
        var aggressor = Aggressor(
            order, leaves: order.pointee.leavesQuantity, limit: nil, instrument: book.pointee.instrument,
            by: command, answers: false)
        aggressor.limitKey = limitKey
        let isInterrupted = match(&aggressor, book, corridorKey(book, order.pointee.side), &receiver)
        order.pointee.leavesQuantity = aggressor.leavesQuantity
        order.pointee.cumulativeQuantity = aggressor.cumulativeQuantity
        if aggressor.leavesQuantity == 0 { remove(position) }
        finish(aggressor, book)
        if isInterrupted { interrupt(book, command, &receiver) }
    }
}
