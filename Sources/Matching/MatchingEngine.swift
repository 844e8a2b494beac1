import Orders

/// Continuous matching in price-time priority (FIFO) for a set of instruments.
///
/// One thread, no allocation after `init`, no clock: the result depends on the commands alone. Every command of a client
/// gets at least one report. Cost of an add, cancel or replace that does not trade: one look-up in the index, one in the
/// bitmap, constant; a trade adds a constant per resting order it meets. A session's end costs a constant per order.
///
/// An order is named by (session, client order identifier). Trades take the resting order's price.
public struct MatchingEngine: ~Copyable {
    let index: InstrumentIndex
    let books: UnsafeMutablePointer<OrderBook>
    let bookCount: Int
    var arena: OrderArena
    var tradeCount: UInt64 = 0

    /// - Parameter instruments: at least one, identifiers unique and not 0.
    public init(instruments: [InstrumentSpecification]) {
        index = InstrumentIndex(instruments.map(\.id))
        bookCount = instruments.count
        books = .allocate(capacity: max(bookCount, 1))
        for (position, instrument) in instruments.enumerated() {
            (books + position).initialize(to: OrderBook(instrument))
        }
        arena = OrderArena(capacity: max(1, instruments.reduce(0) { $0 + $1.maximumOrders }))
    }

    deinit {
        for position in 0..<bookCount { books[position].deallocate() }
        books.deallocate()
        index.deallocate()
    }

    /// Applies one command and appends its reports.
    public mutating func apply(_ command: Command, into sink: inout ReportSink) {
        switch command.kind {
        case .newOrder: enter(command, &sink)
        case .cancel: cancel(command, &sink)
        case .replace: replace(command, &sink)
        case .sessionTerminated: if command.flags & 0x80 != 0 { cancelAll(command, &sink) }
        default: break
        }
    }

    // MARK: New order

    private mutating func enter(_ command: Command, _ sink: inout ReportSink) {
        let refusal = refusalOfNew(command)
        guard refusal == .none, let position = index.position(of: command.instrument) else {
            sink.append(command.rejection(reason: refusal))
            return
        }
        let book = books + position
        let against = command.side.opposite
        let limit = book.pointee.tick(command.price, against)
        if command.timeInForce == .fillOrKill,
            !book.pointee.canFill(command.quantity, against: against, limit: limit, arena.orders)
        {
            sink.append(command.rejection(reason: .notFillable))
            return
        }
        var aggressor = Aggressor(command)
        sink.append(aggressor.report(.accepted))
        match(&aggressor, book, limit: limit, &sink)
        guard aggressor.leavesQuantity > 0 else { return }
        if command.timeInForce == .day {
            rest(aggressor, command.side, position)
        } else {
            aggressor.leavesQuantity = 0
            sink.append(aggressor.report(.cancelled, reason: .immediateOrCancelRemainder))
        }
    }

    private func refusalOfNew(_ command: Command) -> RejectReason {
        guard let position = index.position(of: command.instrument) else { return .unknownInstrument }
        if command.side == .none { return .invalidSide }
        if command.timeInForce == .none { return .invalidTimeInForce }
        if command.quantity == 0 || command.quantity > UInt32(Int32.max) { return .invalidQuantity }
        if command.clientOrderID == 0 || command.session == 0 || command.session > UInt32(OrderArena.maximumSession) {
            return .invalidClientOrderID
        }
        if arena.find(session: command.session, clientOrderID: command.clientOrderID) != nil {
            return .duplicateClientOrderID
        }
        let book = books + position
        if !book.pointee.contains(command.price) { return .priceOutsideBook }
        if command.timeInForce == .day, book.pointee.count >= book.pointee.maximumOrders || arena.isFull {
            return .bookFull
        }
        return .none
    }

    private mutating func rest(_ order: Aggressor, _ side: Side, _ book: Int) {
        let resting = RestingOrder(
            clientOrderID: order.command.clientOrderID, orderID: order.command.sequence, price: order.command.price,
            leavesQuantity: order.leavesQuantity, cumulativeQuantity: order.cumulativeQuantity,
            session: order.command.session, book: UInt32(truncatingIfNeeded: book), next: RestingOrder.none,
            previous: RestingOrder.none, nextOfSession: RestingOrder.none, previousOfSession: RestingOrder.none,
            side: side)
        // Room was seen before the order was accepted.
        guard let position = arena.insert(resting) else { return }
        books[book].enqueue(position, arena.orders)
        books[book].count &+= 1
    }

    // MARK: Trading

    /// Trades an aggressor against the other side, best price first, oldest order first, down to `limit` (a tick of
    /// the other side).
    private mutating func match(
        _ aggressor: inout Aggressor, _ book: UnsafeMutablePointer<OrderBook>, limit: Int, _ sink: inout ReportSink
    ) {
        let against = aggressor.command.side.opposite
        while aggressor.leavesQuantity > 0 {
            let tick = book.pointee.ticks(against).lowest
            guard tick >= 0, tick <= limit else { return }
            let position = book.pointee.level(tick, against).pointee.head
            let resting = arena.orders + Int(position)
            let quantity = min(aggressor.leavesQuantity, resting.pointee.leavesQuantity)
            tradeCount &+= 1
            aggressor.leavesQuantity &-= quantity
            aggressor.cumulativeQuantity &+= quantity
            resting.pointee.leavesQuantity &-= quantity
            resting.pointee.cumulativeQuantity &+= quantity
            sink.append(aggressor.fill(quantity, price: resting.pointee.price, trade: tradeCount))
            sink.append(
                resting.pointee.fill(
                    quantity, trade: tradeCount, instrument: book.pointee.instrument, by: aggressor.command))
            if resting.pointee.leavesQuantity == 0 { removeOrder(position) }
        }
    }

    private mutating func removeOrder(_ position: UInt32) {
        let book = books + Int(arena.orders[Int(position)].book)
        book.pointee.unlink(position, arena.orders)
        book.pointee.count &-= 1
        arena.remove(position)
    }

    // MARK: Cancel and replace

    /// The live order a cancel or replace means, if it is this session's and of this instrument.
    private func target(of command: Command) -> UInt32? {
        guard let position = arena.find(session: command.session, clientOrderID: command.originalClientOrderID),
            books[Int(arena.orders[Int(position)].book)].instrument == command.instrument
        else { return nil }
        return position
    }

    private mutating func cancel(_ command: Command, _ sink: inout ReportSink) {
        guard let position = target(of: command) else {
            sink.append(command.rejection(reason: .unknownOrder))
            return
        }
        sink.append(arena.orders[Int(position)].cancelled(by: command))
        removeOrder(position)
    }

    /// Same price and not more quantity keeps the place in the queue; anything else goes behind and may trade.
    private mutating func replace(_ command: Command, _ sink: inout ReportSink) {
        guard let position = target(of: command) else {
            sink.append(command.rejection(reason: .unknownOrder))
            return
        }
        let order = arena.orders + Int(position)
        let book = books + Int(order.pointee.book)
        let refusal = refusalOfReplace(command, order, book)
        guard refusal == .none else {
            sink.append(command.rejection(reason: refusal))
            return
        }
        let leaves = command.quantity &- order.pointee.cumulativeQuantity
        let keepsPlace = command.price == order.pointee.price && leaves <= order.pointee.leavesQuantity
        if command.clientOrderID != order.pointee.clientOrderID {
            arena.rename(position, clientOrderID: command.clientOrderID)
        }
        order.pointee.orderID = command.sequence
        if keepsPlace {
            order.pointee.leavesQuantity = leaves
            sink.append(order.pointee.replaced(by: command))
            return
        }
        book.pointee.unlink(position, arena.orders)
        order.pointee.price = command.price
        order.pointee.leavesQuantity = leaves
        sink.append(order.pointee.replaced(by: command))
        var aggressor = Aggressor(command)
        aggressor.command.side = order.pointee.side
        aggressor.leavesQuantity = leaves
        aggressor.cumulativeQuantity = order.pointee.cumulativeQuantity
        match(&aggressor, book, limit: book.pointee.tick(command.price, order.pointee.side.opposite), &sink)
        order.pointee.leavesQuantity = aggressor.leavesQuantity
        order.pointee.cumulativeQuantity = aggressor.cumulativeQuantity
        if aggressor.leavesQuantity > 0 {
            book.pointee.enqueue(position, arena.orders)
        } else {
            book.pointee.count &-= 1
            arena.remove(position)
        }
    }

    private func refusalOfReplace(
        _ command: Command, _ order: UnsafeMutablePointer<RestingOrder>, _ book: UnsafeMutablePointer<OrderBook>
    ) -> RejectReason {
        if command.clientOrderID == 0 { return .invalidClientOrderID }
        if command.clientOrderID != order.pointee.clientOrderID,
            arena.find(session: command.session, clientOrderID: command.clientOrderID) != nil
        {
            return .duplicateClientOrderID
        }
        if command.quantity <= order.pointee.cumulativeQuantity || command.quantity > UInt32(Int32.max) {
            return .invalidQuantity
        }
        return book.pointee.contains(command.price) ? .none : .priceOutsideBook
    }

    private mutating func cancelAll(_ command: Command, _ sink: inout ReportSink) {
        while case let position = arena.firstOrder(ofSession: command.session), position != RestingOrder.none {
            let order = arena.orders[Int(position)]
            sink.append(order.cancelledOnDisconnect(by: command, instrument: books[Int(order.book)].instrument))
            removeOrder(position)
        }
    }
}
