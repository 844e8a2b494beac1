import Orders

/// Stop orders: parked until the last trade reaches their trigger (§5, §6).
extension MatchingEngine {
    /// A new stop order gets its trigger and its place.
    mutating func park(
        _ command: Command, _ order: NewOrder, _ aggressor: Aggressor, _ book: UnsafeMutablePointer<Book>,
        triggers: Bool
    ) {
        let position = rest(command, order, aggressor, .stop)
        let resting = arena.orders + Int(position)
        if isTrailing(resting) {
            let data = arena.extended(resting)
            data.pointee.triggerPrice = trailingTrigger(resting, best: book.pointee.lastPrice)
            linkTrailing(position)
        }
        enqueue(position)
        guard triggers, book.pointee.hasTraded else { return }
        let key = BookSide.triggerKey(arena.extended(resting).pointee.triggerPrice, command.side)
        if key <= BookSide.triggerKey(book.pointee.lastPrice, command.side) { trigger(position) }
    }

    /// The trigger of a trailing stop that has seen `best`: behind it for a sell, above it for a buy.
    private func trailingTrigger(_ order: UnsafeMutablePointer<RestingOrder>, best: Int64) -> Int64 {
        let offset = arena.extended(order).pointee.offset
        let distance: Int64
        if order.pointee.type == .trailingStop {
            distance = offset
        } else {
            // |best| ≤ 2⁶² and the offset is below 1,000: the product needs more than 64 bits.
            let product = best.magnitude.multipliedFullWidth(by: UInt64(offset))
            distance = Int64(UInt64(1_000).dividingFullWidth(product).quotient)
        }
        return order.pointee.side == .sell ? best &- distance : best &+ distance
    }

    /// Moves a stop into the queue of triggered orders.
    mutating func trigger(_ position: UInt32) {
        let order = arena.orders + Int(position)
        if isTrailing(order) { unlinkTrailing(position) }
        dequeue(position)
        order.pointee.place = .triggered
        enqueue(position)
    }

    /// A trade was at a price: trailing stops follow it, and the stops it meets are triggered.
    mutating func observe(_ price: Int64, _ book: UnsafeMutablePointer<Book>) {
        for side in [Side.buy, .sell] { follow(price, side, book) }
        trigger(upTo: price, .buy, book)
        trigger(upTo: price, .sell, book)
    }

    private mutating func follow(_ price: Int64, _ side: Side, _ book: UnsafeMutablePointer<Book>) {
        var position = book.side(side).pointee.firstTrailing
        while position != RestingOrder.none {
            let order = arena.orders + Int(position)
            let data = arena.extended(order)
            let trigger = trailingTrigger(order, best: price)
            // The trigger only ever moves towards the market.
            if BookSide.triggerKey(trigger, side) < BookSide.triggerKey(data.pointee.triggerPrice, side) {
                dequeue(position)
                data.pointee.triggerPrice = trigger
                enqueue(position)
            }
            position = data.pointee.nextTrailing
        }
    }

    private mutating func trigger(upTo price: Int64, _ side: Side, _ book: UnsafeMutablePointer<Book>) {
        let limit = BookSide.triggerKey(price, side)
        while case let key = book.side(side).pointee.stops.lowest, key <= limit, key != .max {
            trigger(book.side(side).pointee.stops.find(key, nodes).unsafelyUnwrapped.pointee.head)
        }
    }

    /// A triggered order becomes what it was to become.
    mutating func release<Receiver: MatchReceiver>(
        _ position: UInt32, _ book: UnsafeMutablePointer<Book>, _ command: Command,
        _ receiver: inout Receiver
    ) {
        let order = arena.orders + Int(position)
        receiver.append(
            order.pointee.report(
                .triggered, lost: 0, leaves: order.pointee.leavesQuantity, instrument: book.pointee.instrument,
                by: command))
        dequeue(position)
        order.pointee.place = .lit
        let data = arena.extended(order)
        data.pointee.first = 0
        data.pointee.second = 0
        let isLimit = order.pointee.type == .stopLimit
        order.pointee.type = isLimit ? .limit : .market
        var aggressor = Aggressor(
            order, leaves: order.pointee.leavesQuantity, limit: isLimit ? order.pointee.price : nil,
            instrument: book.pointee.instrument, by: command, answers: false)
        let isInterrupted = match(&aggressor, book, corridorKey(book, order.pointee.side), &receiver)
        order.pointee.leavesQuantity = aggressor.leavesQuantity
        order.pointee.cumulativeQuantity = aggressor.cumulativeQuantity
        if aggressor.leavesQuantity > 0, isLimit {
            enqueue(position)
        } else {
            if aggressor.leavesQuantity > 0 { receiver.ended(aggressor, .marketOrderRemainder) }
            erase(position, book)
        }
        finish(aggressor, book)
        if isInterrupted { interrupt(book, command, &receiver) }
    }
}
