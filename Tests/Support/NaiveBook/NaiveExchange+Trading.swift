import Orders

/// §3: an aggressor and whom it meets.
extension NaiveExchange {
    /// Trades what can be traded; says whether the next trade would have been too far away.
    mutating func trade(_ order: NaiveOrder, _ book: NaiveBook, limit: Int128?, clientSequence: UInt64) -> Bool {
        let farthest = book.volatilityLimit(order.side)
        let first = trades
        var prices: [Int64] = []
        var isInterrupted = false
        while order.leaves > 0, let met = book.counterparty(order.side.opposite, left: order.leaves) {
            if !NaiveBook.isWithin(met.price, limit, order.side) { break }
            if !NaiveBook.isWithin(met.price, farthest, order.side) {
                isInterrupted = true
                break
            }
            let before = trades
            if met.order.place != .lit {
                if !prevent(order, met.order, clientSequence) {
                    fill(order, met.order, min(order.leaves, met.order.leaves), met.price, book, clientSequence)
                }
            } else if book.rule.algorithm == .fifo {
                workInOrder(order, book, met.price, clientSequence)
            } else {
                share(order, book, met.price, clientSequence)
            }
            if trades > before { prices.append(met.price) }
        }
        if trades > first, let firstPrice = prices.first, let lastPrice = prices.last {
            book.lastTrade = lastPrice
            observe(firstPrice, book)
            if lastPrice != firstPrice { observe(lastPrice, book) }
        }
        return isInterrupted
    }

    /// The orders shown at a price, in order of time.
    func level(_ book: NaiveBook, _ side: Side, _ price: Int64) -> [NaiveOrder] {
        book.queue(.lit, side).filter { $0.rank == price }
    }

    /// FIFO.
    private mutating func workInOrder(
        _ order: NaiveOrder, _ book: NaiveBook, _ price: Int64, _ clientSequence: UInt64
    ) {
        while order.leaves > 0, let next = level(book, order.side.opposite, price).first {
            if prevent(order, next, clientSequence) { continue }
            fill(order, next, min(order.leaves, next.visible), price, book, clientSequence)
        }
    }

    /// One trade of an aggressor: both reports, and what becomes of the resting order.
    mutating func fill(
        _ order: NaiveOrder, _ resting: NaiveOrder, _ quantity: UInt32, _ price: Int64, _ book: NaiveBook,
        _ clientSequence: UInt64
    ) {
        trades += 1
        take(quantity, from: order)
        take(quantity, from: resting)
        // What is more than the peak comes out of the reserve: only a level taken whole, and auctions, do that.
        resting.visible -= min(resting.visible, quantity)
        reports.append(fillReport(order, quantity, price, clientSequence, .aggressor))
        reports.append(fillReport(resting, quantity, price, 0, []))
        if resting.leaves == 0 {
            remove(resting)
        } else if resting.place == .lit, resting.visible == 0 {
            resting.isTop = false
            resting.showPeak(lot: book.lot)
            put(resting, .lit)
        }
    }

    func take(_ quantity: UInt32, from order: NaiveOrder) {
        order.leaves -= quantity
        order.traded += quantity
    }

    func fillReport(
        _ order: NaiveOrder, _ quantity: UInt32, _ price: Int64, _ clientSequence: UInt64,
        _ flags: ExecutionReport.Flags
    ) -> ExecutionReport {
        var fill = report(order.leaves == 0 ? .filled : .partiallyFilled, order, clientSequence: clientSequence)
        fill.price = price
        fill.lastQuantity = quantity
        fill.executionID = trades
        fill.flags = flags
        return fill
    }

    /// §3.2: what surely is there for an order, quantity and limits considered.
    func available(to order: NaiveOrder, _ limit: Int128?, _ book: NaiveBook) -> UInt64 {
        let (side, farthest) = (order.side, book.volatilityLimit(order.side))
        let within = book.counterparties(side.opposite, left: .max).filter {
            NaiveBook.isWithin($0.price, limit, side) && NaiveBook.isWithin($0.price, farthest, side)
        }
        var bestOwn: Int64?
        for own in within where order.selfTrade != .cancelOldest && prevents(order, own.order) {
            if let known = bestOwn, !own.price.isBetter(than: known, side.opposite) { continue }
            bestOwn = own.price
        }
        var sum: UInt64 = 0
        for other in within where !other.order.isAllOrNone && !prevents(order, other.order) {
            if let bestOwn, !other.price.isBetter(than: bestOwn, side.opposite) { continue }
            sum += UInt64(other.order.leaves)
        }
        return sum
    }
}
