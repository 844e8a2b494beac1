import Orders

/// Changes of live orders that are not plain ones at plain prices, and those that are refused (§7).
extension MatchingEngine {
    @inline(never) mutating func replaceAny<Receiver: MatchReceiver>(
        _ position: UInt32, _ command: Command, _ receiver: inout Receiver
    ) {
        let order = arena.orders + Int(position)
        let book = books + Int(order.pointee.book)
        guard book.pointee.instrument == command.instrument else {
            receiver.refused(command, .unknownOrder)
            return
        }
        let traded = order.pointee.cumulativeQuantity
        let isLeaves = command.flags & Command.quantityIsLeaves != 0
        let refusal = refusalOfReplace(command, order, book, isLeaves: isLeaves)
        guard refusal == .none else {
            receiver.refused(command, refusal)
            return
        }
        var price = order.pointee.reportedPrice
        switch order.pointee.type {
        case .limit, .stopLimit, .pegPrimary, .pegMidpoint, .pegMarket: price = command.price
        case .market, .marketToLimit: price = order.pointee.price
        case .stop, .trailingStop, .trailingStopPerMille: break
        }
        if order.pointee.conditions.contains(.postOnly), book.pointee.phase == .continuous {
            guard let passive = passivePrice(price, order.pointee.side, order.pointee.conditions, book) else {
                receiver.refused(command, .wouldTakeLiquidity)
                return
            }
            price = passive
        }
        let leaves = isLeaves ? command.quantity : command.quantity &- traded
        if command.clientOrderID != order.pointee.clientOrderID {
            arena.rename(position, clientOrderID: command.clientOrderID)
        }
        let expires =
            order.pointee.extensionIndex != RestingOrder.none
            && arena.extended(order).pointee.expireTimeNanoseconds != 0
        // The heap tells equal times apart by the order's identifier, which changes.
        if expires { expiry.remove(position) }
        order.pointee.orderID = command.sequence
        if expires { expiry.insert(position) }
        let before = total(order)
        let keepsPlace = price == order.pointee.price && leaves <= before
        if UInt64(traded) + UInt64(leaves) <= UInt64(displayQuantity(order)) { makePlain(order) }
        if keepsPlace {
            reduce(order, to: leaves)
            receiver.replaced(order, before: before, leaves: leaves, by: command)
        } else {
            requeue(position, price, before, leaves, book, command, &receiver)
        }
        settle(book, command, &receiver)
    }

    private func refusalOfReplace(
        _ command: Command, _ order: UnsafeMutablePointer<RestingOrder>, _ book: UnsafeMutablePointer<Book>,
        isLeaves: Bool
    ) -> RejectReason {
        if !book.pointee.phase.takesOrders { return .notInThisPhase }
        if command.clientOrderID == 0 { return .invalidClientOrderID }
        if command.clientOrderID != order.pointee.clientOrderID,
            arena.find(session: command.session, clientOrderID: command.clientOrderID) != RestingOrder.none
        {
            return .duplicateClientOrderID
        }
        let traded = UInt64(order.pointee.cumulativeQuantity)
        let wanted = UInt64(command.quantity) + (isLeaves ? traded : 0)
        if command.quantity == 0 || wanted <= traded || wanted > UInt64(Int32.max) { return .invalidQuantity }
        if command.quantity % book.pointee.lot != 0 { return .quantityOffLot }
        switch order.pointee.type {
        case .limit, .stopLimit: return checkPrice(command.price, book)
        case .pegPrimary, .pegMidpoint, .pegMarket: return checkPegLimit(command.price, order.pointee.side, book)
        case .market, .marketToLimit, .stop, .trailingStop, .trailingStopPerMille: return .none
        }
    }

    private func displayQuantity(_ order: UnsafeMutablePointer<RestingOrder>) -> UInt32 {
        order.pointee.place == .lit && order.pointee.extensionIndex != RestingOrder.none
            ? arena.extended(order).pointee.displayQuantity : 0
    }

    /// An iceberg that would show everything is none any more.
    private func makePlain(_ order: UnsafeMutablePointer<RestingOrder>) {
        order.pointee.leavesQuantity = total(order)
        arena.extended(order).pointee.first = 0
        arena.extended(order).pointee.reserve = 0
    }

    /// Less of an order in its place; an iceberg's reserve shrinks first.
    private func reduce(_ order: UnsafeMutablePointer<RestingOrder>, to leaves: UInt32) {
        let reserve = reserve(order)
        let lost = total(order) &- leaves
        if reserve > 0 { arena.extended(order).pointee.reserve = reserve &- min(reserve, lost) }
        order.pointee.leavesQuantity &-= lost &- min(reserve, lost)
    }

    /// The order loses its place, and may trade first.
    private mutating func requeue<Receiver: MatchReceiver>(
        _ position: UInt32, _ price: Int64, _ before: UInt32, _ leaves: UInt32, _ book: UnsafeMutablePointer<Book>,
        _ command: Command, _ receiver: inout Receiver
    ) {
        let order = arena.orders + Int(position)
        dequeue(position)
        order.pointee.price = price
        setTotal(order, leaves)
        receiver.replaced(order, before: before, leaves: leaves, by: command)
        var limit: Int64?
        switch order.pointee.place {
        case .lit, .dark: limit = price
        case .peg:
            let key = pegKey(order, order.pointee.side, book)
            if key != .max { limit = BookSide.key(key, order.pointee.side) }
        case .stop, .triggered, .waiting: break
        }
        guard book.pointee.phase == .continuous, let limit else {
            enqueue(position)
            return
        }
        var aggressor = Aggressor(
            order, leaves: leaves, limit: limit, instrument: command.instrument, by: command, answers: true)
        let corridor = corridorKey(book, order.pointee.side)
        let trades =
            !order.pointee.conditions.contains(.allOrNone)
            || available(to: aggressor, book, corridor) >= UInt64(leaves)
        let isInterrupted = trades && match(&aggressor, book, corridor, &receiver)
        order.pointee.cumulativeQuantity = aggressor.cumulativeQuantity
        if aggressor.leavesQuantity > 0 {
            setTotal(order, aggressor.leavesQuantity)
            enqueue(position)
        } else {
            erase(position, book)
        }
        finish(aggressor, book)
        if isInterrupted { interrupt(book, command, &receiver) }
    }

    // MARK: Quotes

    /// One side of a quote: a new order, or a change of the one there is (§5).
    mutating func quote<Receiver: MatchReceiver>(_ command: Command, _ receiver: inout Receiver) {
        let position = arena.find(session: command.session, clientOrderID: command.clientOrderID)
        var order = command
        if position == RestingOrder.none
            || books[Int(arena.orders[Int(position)].book)].instrument != command.instrument
        {
            guard command.quantity > 0 else {
                order.kind = .cancel
                order.originalClientOrderID = command.clientOrderID
                receiver.refused(order, .unknownOrder)
                return
            }
            let second = command.traits.conditions.intersection(.secondBook)
            order.kind = .newOrder
            order.timeInForce = .day
            order.flags = 0
            order.traits = OrderTraits(.limit, second, selfTrade: .cancelOldest)
            enterAny(order, &receiver)
            return
        }
        order.originalClientOrderID = command.clientOrderID
        if command.quantity == 0 {
            order.kind = .cancel
            cancelAny(order, &receiver)
        } else if command.side != arena.orders[Int(position)].side {
            receiver.refused(command, .invalidSide)
        } else {
            order.kind = .replace
            order.flags = Command.quantityIsLeaves
            replacePlain(order, &receiver)
        }
    }
}
