import Orders

/// What can be asked of the books, and the state as one number.
extension MatchingEngine {
    /// Live orders in all books, in whatever place.
    public var liveOrderCount: Int { (0..<bookCount).reduce(0) { $0 + books[$1].count } }

    /// Highest limit of a lit buy in the instrument's first book, nil when there is none or the instrument is unknown.
    public func bestBid(instrument: UInt32) -> Int64? { best(.buy, instrument) }

    /// Lowest limit of a lit sell.
    public func bestAsk(instrument: UInt32) -> Int64? { best(.sell, instrument) }

    private func best(_ side: Side, _ instrument: UInt32) -> Int64? {
        guard let position = index.position(of: instrument) else { return nil }
        let key = (books + position).side(side).pointee.lit.first(from: -InstrumentSpecification.priceBound, nodes)
        return key == .max ? nil : BookSide.key(key, side)
    }

    /// Lots shown at a price of the first book.
    public func depth(instrument: UInt32, side: Side, price: Int64) -> UInt64 {
        guard side != .none, price.magnitude <= InstrumentSpecification.priceBound.magnitude,
            let position = index.position(of: instrument),
            let level = (books + position).side(side).pointee.lit.levelIfAny(BookSide.key(price, side), nodes)
        else { return 0 }
        var sum: UInt64 = 0
        var next = level.pointee.head
        while next != RestingOrder.none {
            sum &+= UInt64(arena.orders[Int(next)].leavesQuantity)
            next = arena.orders[Int(next)].next
        }
        return sum
    }

    /// Phase of the first book; nil for an unknown instrument.
    public func phase(instrument: UInt32) -> TradingPhase? {
        index.position(of: instrument).map { books[$0].phase }
    }

    /// Takes in everything that the result of a later command can depend on.
    public borrowing func combine(into hash: inout StateHash) {
        hash.combine(tradeCount)
        hash.combine(hasTerms ? 1 : 0 as UInt64)
        for position in 0..<bookCount { combine(books + position, &hash) }
        for session in 1...OrderArena.maximumSession {
            var slot = arena.roster.last(session: session)
            while slot != Roster.none {
                hash.combine(arena.orders[Int(arena.roster.position(slot))].orderID)
                slot = arena.roster.before(slot)
            }
        }
    }

    private borrowing func combine(_ book: UnsafeMutablePointer<Book>, _ hash: inout StateHash) {
        hash.combine(UInt64(book.pointee.instrument) << 8 | UInt64(book.pointee.phase.rawValue))
        hash.combine(book.pointee.lastPrice)
        hash.combine(book.pointee.staticReference)
        hash.combine(book.pointee.interruptionEnd)
        hash.combine(book.pointee.minimumPrice)
        hash.combine(book.pointee.maximumPrice)
        hash.combine(UInt64(book.pointee.rule.algorithm.rawValue) << 32 | UInt64(book.pointee.lot))
        book.pointee.ticks.combine(into: &hash)
        combineQueue(book.pointee.triggered.head, &hash)
        combineQueue(book.pointee.waiting.head, &hash)
        for side in [Side.buy, .sell] {
            let own = book.side(side)
            var key = own.pointee.lit.best
            while key != .max {
                combineQueue(own.pointee.lit.level(key, nodes).pointee.head, &hash)
                key = own.pointee.lit.first(from: key &+ 1, nodes)
            }
            combineTree(own.pointee.dark, &hash)
            combineTree(own.pointee.stops, &hash)
            combineQueue(own.pointee.pegs.head, &hash)
            if own.pointee.top != RestingOrder.none { hash.combine(arena.orders[Int(own.pointee.top)].orderID) }
        }
    }

    private borrowing func combineTree(_ tree: LevelTree, _ hash: inout StateHash) {
        var key = tree.lowest
        while key != .max, let level = tree.find(key, nodes) {
            combineQueue(level.pointee.head, &hash)
            key = tree.first(from: key &+ 1, nodes)
        }
    }

    private borrowing func combineQueue(_ head: UInt32, _ hash: inout StateHash) {
        var next = head
        while next != RestingOrder.none {
            let order = arena.orders + Int(next)
            hash.combine(order.pointee.orderID)
            hash.combine(order.pointee.clientOrderID)
            hash.combine(order.pointee.price)
            hash.combine(UInt64(order.pointee.leavesQuantity) << 32 | UInt64(order.pointee.cumulativeQuantity))
            hash.combine(
                UInt64(order.pointee.session) << 32 | UInt64(order.pointee.side.rawValue) << 24
                    | UInt64(order.pointee.type.rawValue) << 16 | UInt64(order.pointee.conditions.rawValue) << 8
                    | UInt64(order.pointee.timeInForce.rawValue))
            if order.pointee.extensionIndex != RestingOrder.none {
                let data = arena.extended(order)
                hash.combine(data.pointee.first)
                hash.combine(data.pointee.second)
                hash.combine(data.pointee.expireTimeNanoseconds)
            }
            next = order.pointee.next
        }
    }
}
