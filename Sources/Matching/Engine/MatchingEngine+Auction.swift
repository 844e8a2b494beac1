import Orders

/// What an auction found, or would find.
struct AuctionResult {
    var price: Int64 = 0
    var volume: UInt64 = 0
    /// Buying less selling interest at the price.
    var surplus: Int64 = 0
}

/// The price that lets most be traded, and the trades at it (§8.2; Xetra Market Model Equities 14.0, §13.1).
extension MatchingEngine {
    /// A price at which somebody would trade, and how much.
    private struct Interest {
        var price: Int64
        var volume: UInt64
    }

    /// Carries the auction out. Cost: a constant per level and order on both sides within each other's reach.
    mutating func uncross<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ command: Command, _ receiver: inout Receiver
    ) -> AuctionResult {
        let result = findPrice(book)
        guard result.volume > 0 else { return result }
        while let buy = nextForAuction(.buy, result.price, book), let sell = nextForAuction(.sell, result.price, book) {
            let (buyer, seller) = (arena.orders + Int(buy), arena.orders + Int(sell))
            let quantity = min(total(buyer), total(seller))
            tradeCount &+= 1
            fill(buy, quantity, result.price, book, command, &receiver)
            fill(sell, quantity, result.price, book, command, &receiver)
        }
        return result
    }

    private mutating func fill<Receiver: MatchReceiver>(
        _ position: UInt32, _ quantity: UInt32, _ price: Int64, _ book: UnsafeMutablePointer<Book>,
        _ command: Command, _ receiver: inout Receiver
    ) {
        let order = arena.orders + Int(position)
        let left = total(order) &- quantity
        order.pointee.cumulativeQuantity &+= quantity
        var report = order.pointee.report(
            left == 0 ? .filled : .partiallyFilled, lost: quantity, leaves: left, instrument: book.pointee.instrument,
            by: command)
        report.price = price
        report.executionID = tradeCount
        report.flags = .auction
        receiver.append(report)
        if left == 0 {
            remove(position)
        } else {
            if order.pointee.extensionIndex != RestingOrder.none { forgetTop(position) }
            setTotal(order, left)
        }
    }

    /// The first order of a side that an auction at a price takes: lit before hidden at the same price.
    private func nextForAuction(_ side: Side, _ price: Int64, _ book: UnsafeMutablePointer<Book>) -> UInt32? {
        let own = book.side(side)
        let lit = own.pointee.lit.best
        let dark = firstHidden(own, from: .min)
        let key = min(lit, dark.key)
        guard key <= BookSide.key(price, side) else { return nil }
        return lit == key ? own.pointee.lit.level(lit, nodes).pointee.head : dark.position
    }

    /// The first level from a key with a hidden order, and the first such order.
    private func firstHidden(_ side: UnsafeMutablePointer<BookSide>, from start: Int64) -> (
        key: Int64, position: UInt32
    ) {
        guard side.pointee.darkCount > side.pointee.allOrNoneCount else { return (.max, RestingOrder.none) }
        var key = side.pointee.dark.first(from: start, nodes)
        while key != .max {
            var position = side.pointee.dark.find(key, nodes).unsafelyUnwrapped.pointee.head
            while position != RestingOrder.none {
                if !arena.orders[Int(position)].conditions.contains(.allOrNone) { return (key, position) }
                position = arena.orders[Int(position)].next
            }
            key = side.pointee.dark.first(from: key &+ 1, nodes)
        }
        return (.max, RestingOrder.none)
    }

    // MARK: Price

    func findPrice(_ book: UnsafeMutablePointer<Book>) -> AuctionResult {
        let marketBuy = marketVolume(.buy, book)
        let marketSell = marketVolume(.sell, book)
        let bestBuy = firstLimit(.buy, book)
        let bestSell = firstLimit(.sell, book)
        // Who is out of the other side's reach plays no part.
        let buys = collect(.buy, marketSell > 0 ? .min : bestSell, book, at: 0)
        let sells = collect(.sell, marketBuy > 0 ? .max : bestBuy, book, at: buys.count)
        var best: AuctionResult?
        var highest = AuctionResult()
        Self.sweep(buys, sells, marketBuy, marketSell) { here in
            if let found = best, !Self.isBetter(here, found) {
                if !Self.isBetter(found, here) { highest = here }
            } else {
                best = here
                highest = here
            }
        }
        guard let lowest = best else {
            // Only market orders can trade, if any.
            let volume = min(marketBuy, marketSell)
            return AuctionResult(
                price: volume > 0 ? book.pointee.staticReference : 0, volume: volume,
                surplus: Int64(bitPattern: marketBuy) &- Int64(bitPattern: marketSell))
        }
        // Surpluses fall with rising prices: the two ends tell what is true of all between.
        if highest.surplus > 0 { return highest }
        if lowest.surplus < 0 { return lowest }
        let reference = book.pointee.staticReference
        var nearest = lowest
        Self.sweep(buys, sells, marketBuy, marketSell) { here in
            guard !Self.isBetter(lowest, here) else { return }
            if Self.distance(here.price, reference) <= Self.distance(nearest.price, reference) { nearest = here }
        }
        return nearest
    }

    /// Looks at each limit at which something can trade, upward: the sells from their best, the buys from their worst.
    private static func sweep(
        _ buys: UnsafeMutableBufferPointer<Interest>, _ sells: UnsafeMutableBufferPointer<Interest>,
        _ marketBuy: UInt64, _ marketSell: UInt64, _ visit: (AuctionResult) -> Void
    ) {
        var buying = marketBuy
        for buy in buys { buying &+= buy.volume }
        var selling = marketSell
        var sell = 0
        var buy = buys.count &- 1
        while sell < sells.count || buy >= 0 {
            let price =
                sell < sells.count && (buy < 0 || sells[sell].price <= buys[buy].price)
                ? sells[sell].price : buys[buy].price
            if sell < sells.count, sells[sell].price == price {
                selling &+= sells[sell].volume
                sell &+= 1
            }
            if min(buying, selling) > 0 {
                visit(
                    AuctionResult(
                        price: price, volume: min(buying, selling),
                        surplus: Int64(bitPattern: buying) &- Int64(bitPattern: selling)))
            }
            if buy >= 0, buys[buy].price == price {
                buying &-= buys[buy].volume
                buy &-= 1
            }
        }
    }

    private static func isBetter(_ one: AuctionResult, _ other: AuctionResult) -> Bool {
        one.volume != other.volume
            ? one.volume > other.volume : one.surplus.magnitude < other.surplus.magnitude
    }

    private static func distance(_ one: Int64, _ other: Int64) -> UInt64 {
        one > other
            ? UInt64(bitPattern: one) &- UInt64(bitPattern: other)
            : UInt64(bitPattern: other) &- UInt64(bitPattern: one)
    }

    // MARK: Interest

    /// Lots of market orders that wait for the auction.
    private func marketVolume(_ side: Side, _ book: UnsafeMutablePointer<Book>) -> UInt64 {
        let key = BookSide.key(Book.marketPrice(side), side)
        guard book.side(side).pointee.lit.best == key else { return 0 }
        return volume(book.side(side).pointee.lit.level(key, nodes).pointee.head)
    }

    /// Lots of a queue, all-or-none orders aside.
    private func volume(_ head: UInt32) -> UInt64 {
        var sum: UInt64 = 0
        var position = head
        while position != RestingOrder.none {
            let order = arena.orders + Int(position)
            if !order.pointee.conditions.contains(.allOrNone) { sum &+= UInt64(total(order)) }
            position = order.pointee.next
        }
        return sum
    }

    /// A side's best limit; the worst there can be when it has none.
    private func firstLimit(_ side: Side, _ book: UnsafeMutablePointer<Book>) -> Int64 {
        let own = book.side(side)
        let start = -InstrumentSpecification.priceBound
        let key = min(own.pointee.lit.first(from: start, nodes), firstHidden(own, from: start).key)
        return key == .max ? (side == .buy ? .min : .max) : BookSide.key(key, side)
    }

    /// A side's limits, the best first, as far as a price of the other side; in the scratch memory, from a place in it.
    private func collect(_ side: Side, _ limit: Int64, _ book: UnsafeMutablePointer<Book>, at start: Int)
        -> UnsafeMutableBufferPointer<Interest>
    {
        let memory = scratch.assumingMemoryBound(to: Interest.self) + start
        var count = 0
        let own = book.side(side)
        let first = -InstrumentSpecification.priceBound
        let last = limit == (side == .buy ? Int64.min : .max) ? Int64.max &- 1 : BookSide.key(limit, side)
        // Without anybody on the other side its worst price is the limit, and nobody reaches it.
        guard limit != (side == .buy ? Int64.max : .min) else {
            return UnsafeMutableBufferPointer(start: memory, count: 0)
        }
        var lit = own.pointee.lit.first(from: first, nodes)
        var dark = firstHidden(own, from: first).key
        while min(lit, dark) <= last {
            let key = min(lit, dark)
            var interest = Interest(price: BookSide.key(key, side), volume: 0)
            if lit == key {
                interest.volume = volume(own.pointee.lit.level(key, nodes).pointee.head)
                lit = own.pointee.lit.first(from: key &+ 1, nodes)
            }
            if dark == key {
                interest.volume &+= volume(own.pointee.dark.find(key, nodes).unsafelyUnwrapped.pointee.head)
                dark = firstHidden(own, from: key &+ 1).key
            }
            (memory + count).initialize(to: interest)
            count &+= 1
        }
        return UnsafeMutableBufferPointer(start: memory, count: count)
    }

    mutating func indicate<Receiver: MatchReceiver>(_ command: Command, _ receiver: inout Receiver) {
        guard let position = index.position(of: command.instrument) else {
            receiver.refused(command, .unknownInstrument)
            return
        }
        let book = books + position
        let result = book.pointee.phase.isCall ? findPrice(book) : AuctionResult()
        let isFound = result.volume > 0
        receiver.append(
            ExecutionReport(
                kind: .indicative, sequence: command.sequence,
                timestampNanoseconds: command.timestampNanoseconds, orderID: result.volume,
                executionID: isFound ? UInt64(bitPattern: result.surplus) : 0, price: isFound ? result.price : 0,
                instrument: command.instrument))
    }
}
