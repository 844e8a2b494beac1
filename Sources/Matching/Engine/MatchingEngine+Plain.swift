import Orders

/// The plain way: limit orders without conditions in books where nothing but FIFO goes on, with all that may come of them. Whatever
/// is not plain, and whatever is to be refused, takes the long way, which knows all rules.
extension MatchingEngine {
    @inline(never) mutating func enterPlain<Receiver: MatchReceiver>(_ command: Command, _ receiver: inout Receiver) {
        lookUp(command.instrument)
        let book = recent
        guard isPlain(command, book), !arena.isFull,
            arena.find(session: command.session, clientOrderID: command.clientOrderID) == RestingOrder.none
        else {
            enterAny(command, &receiver)
            return
        }
        hasTerms = false
        var order = Aggressor(command)
        receiver.accepted(order)
        matchPlain(&order, book, &receiver)
        guard order.leavesQuantity > 0 else { return }
        guard command.timeInForce == .day else {
            receiver.ended(order, .immediateOrCancelRemainder)
            return
        }
        let resting = arena.insert(RestingOrder(order, book: book.pointee.position))
        let key = BookSide.key(order.price, order.side)
        book.side(order.side).pointee.lit.append(resting, key: key, arena.orders, nodes)
        book.pointee.count &+= 1
    }

    /// Trades an aggressor against lit orders, the best price first, the oldest order first, down to its limit.
    @inline(__always) mutating func matchPlain<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ book: UnsafeMutablePointer<Book>, _ receiver: inout Receiver
    ) {
        let side = book.side(order.side.opposite)
        while true {
            let key = side.pointee.lit.best
            guard key <= order.limitKey else { return }
            takeInTime(&order, book, side, key, &receiver)
            if order.leavesQuantity == 0 { return }
        }
    }

    /// Trades with a lit level, the oldest order first, until it is empty or the aggressor done.
    @inline(never) mutating func takeInTime<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ book: UnsafeMutablePointer<Book>, _ side: UnsafeMutablePointer<BookSide>,
        _ key: Int64, _ receiver: inout Receiver
    ) {
        let level = side.pointee.lit.level(key, nodes)
        let price = BookSide.key(key, order.side.opposite)
        while order.leavesQuantity > 0, !level.pointee.isEmpty {
            let position = level.pointee.head
            let resting = arena.orders + Int(position)
            if order.selfTrade != 0, isOwn(order, resting) {
                preventSelfTrade(&order, position, book, &receiver)
                // The level is gone with its last order.
                if side.pointee.lit.best != key { return }
                continue
            }
            let quantity = min(order.leavesQuantity, resting.pointee.leavesQuantity)
            trade(&order, resting, quantity, price, book, &receiver)
            guard resting.pointee.leavesQuantity == 0 else { return }
            if resting.pointee.extensionIndex != RestingOrder.none, showNextPeak(position, level) { continue }
            level.pointee.remove(position, arena.orders)
            erase(position, book)
        }
        if level.pointee.isEmpty { side.pointee.lit.dropLevel(key, nodes) }
    }

    /// One trade: both orders get less, both owners hear of it.
    @inline(__always) mutating func trade<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ resting: UnsafeMutablePointer<RestingOrder>, _ quantity: UInt32, _ price: Int64,
        _ book: UnsafeMutablePointer<Book>, _ receiver: inout Receiver
    ) {
        tradeCount &+= 1
        order.leavesQuantity &-= quantity
        order.cumulativeQuantity &+= quantity
        if !order.hasTraded {
            order.hasTraded = true
            order.firstTradePrice = price
        }
        take(quantity, from: resting)
        resting.pointee.cumulativeQuantity &+= quantity
        book.pointee.lastPrice = price
        book.pointee.hasTraded = true
        receiver.traded(
            order, resting, leaves: total(resting), quantity: quantity, price: price, trade: tradeCount)
    }

    // MARK: Cancel

    @inline(never) mutating func cancelAny<Receiver: MatchReceiver>(_ command: Command, _ receiver: inout Receiver) {
        hasTerms = false
        let position = arena.find(session: command.session, clientOrderID: command.originalClientOrderID)
        let book = books + Int(arena.orders[Int(position)].book)
        guard position != RestingOrder.none, book.pointee.instrument == command.instrument else {
            receiver.refused(command, .unknownOrder)
            return
        }
        let order = arena.orders + Int(position)
        receiver.cancelled(order, lost: total(order), by: command, hasRoom: false)
        remove(position)
        settle(book, command, &receiver)
    }

    // MARK: Replace

    @inline(never) mutating func replacePlain<Receiver: MatchReceiver>(
        _ command: Command, _ receiver: inout Receiver
    ) {
        hasTerms = false
        let position = arena.find(session: command.session, clientOrderID: command.originalClientOrderID)
        guard position != RestingOrder.none else {
            receiver.refused(command, .unknownOrder)
            return
        }
        let order = arena.orders + Int(position)
        let book = books + Int(order.pointee.book)
        guard book.pointee.isPlain, order.pointee.place == .lit, order.pointee.extensionIndex == RestingOrder.none,
            order.pointee.conditions.rawValue | order.pointee.selfTrade == 0, order.pointee.type == .limit,
            book.pointee.instrument == command.instrument, book.pointee.isInBand(command.price),
            command.clientOrderID == order.pointee.clientOrderID, command.quantity <= UInt32(Int32.max)
        else {
            replaceAny(position, command, &receiver)
            return
        }
        // Without a wrap: what has traded is below 2³¹ too.
        let total =
            command.flags & Command.quantityIsLeaves == 0
            ? command.quantity : command.quantity &+ order.pointee.cumulativeQuantity
        let isEnough = command.quantity > (total == command.quantity ? order.pointee.cumulativeQuantity : 0)
        guard isEnough, total <= UInt32(Int32.max) else {
            replaceAny(position, command, &receiver)
            return
        }
        let leaves = total &- order.pointee.cumulativeQuantity
        let before = order.pointee.leavesQuantity
        order.pointee.orderID = command.sequence
        if command.price == order.pointee.price, leaves <= before {
            order.pointee.leavesQuantity = leaves
            receiver.replaced(order, before: before, leaves: leaves, by: command)
            return
        }
        let side = book.side(order.pointee.side)
        side.pointee.lit.remove(
            position, key: BookSide.key(order.pointee.price, order.pointee.side), arena.orders, nodes)
        order.pointee.price = command.price
        order.pointee.leavesQuantity = leaves
        receiver.replaced(order, before: before, leaves: leaves, by: command)
        let against = order.pointee.side.opposite
        if book.side(against).pointee.lit.best <= BookSide.key(command.price, against) {
            trade(replaced: position, book, command, &receiver)
            if order.pointee.leavesQuantity == 0 {
                erase(position, book)
                return
            }
        }
        side.pointee.lit.append(
            position, key: BookSide.key(command.price, order.pointee.side), arena.orders, nodes)
    }

    /// A plain order whose new price meets the other side.
    @inline(never) private mutating func trade<Receiver: MatchReceiver>(
        replaced position: UInt32, _ book: UnsafeMutablePointer<Book>, _ command: Command,
        _ receiver: inout Receiver
    ) {
        let order = arena.orders + Int(position)
        var aggressor = Aggressor(
            order, leaves: order.pointee.leavesQuantity, limit: command.price, instrument: command.instrument,
            by: command, answers: true)
        matchPlain(&aggressor, book, &receiver)
        order.pointee.leavesQuantity = aggressor.leavesQuantity
        order.pointee.cumulativeQuantity = aggressor.cumulativeQuantity
    }

    /// Takes an order that is in no queue any more out of the engine.
    @inline(__always) mutating func erase(_ position: UInt32, _ book: UnsafeMutablePointer<Book>) {
        if arena.orders[Int(position)].extensionIndex != RestingOrder.none { dropExtension(position) }
        book.pointee.count &-= 1
        arena.remove(position)
    }
}

extension RestingOrder {
    /// What is left of a plain order, about to rest.
    @inline(__always) init(_ order: Aggressor, book: UInt32) {
        self.init(
            clientOrderID: order.clientOrderID, orderID: order.orderID, price: order.price,
            leavesQuantity: order.leavesQuantity, cumulativeQuantity: order.cumulativeQuantity,
            next: RestingOrder.none, previous: RestingOrder.none, book: book,
            session: UInt16(truncatingIfNeeded: order.session), side: order.side, place: .lit, rosterSlot: 0,
            extensionIndex: RestingOrder.none, chain: RestingOrder.none, timeInForce: .day, type: .limit,
            conditions: [], selfTrade: order.selfTrade)
    }
}
