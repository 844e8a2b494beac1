import Orders

/// New orders of every kind: the long way (§5).
extension MatchingEngine {
    @inline(never) mutating func enterAny<Receiver: MatchReceiver>(
        _ command: Command, _ receiver: inout Receiver
    ) {
        var order = NewOrder()
        let refusal = check(command, &order)
        guard refusal == .none else {
            receiver.refused(command, refusal)
            return
        }
        let book = books + order.book
        var aggressor = Aggressor(command)
        aggressor.selfTrade = order.selfTrade
        if book.pointee.phase == .continuous, command.timeInForce != .atClose {
            act(command, order, &aggressor, book, &receiver)
        } else {
            gather(command, order, &aggressor, book, &receiver)
        }
        settle(book, command, &receiver)
    }

    /// In continuous trading.
    private mutating func act<Receiver: MatchReceiver>(
        _ command: Command, _ order: NewOrder, _ aggressor: inout Aggressor,
        _ book: UnsafeMutablePointer<Book>, _ receiver: inout Receiver
    ) {
        switch order.type {
        case .limit, .market: break
        case .marketToLimit:
            let best = bestToTrade(with: command.side, book)
            guard best != .max else {
                receiver.refused(command, .noLiquidity)
                return
            }
            aggressor.limitKey = best
            aggressor.price = BookSide.key(best, command.side.opposite)
        case .stop, .stopLimit, .trailingStop, .trailingStopPerMille:
            if order.type != .stopLimit { aggressor.price = 0 }
            receiver.accepted(aggressor)
            park(command, order, aggressor, book, triggers: true)
            return
        case .pegPrimary, .pegMidpoint, .pegMarket:
            enterPeg(command, order, &aggressor, book, &receiver)
            return
        }
        if order.type == .market {
            aggressor.price = 0
            aggressor.limitKey = .max
        }
        let corridor = corridorKey(book, command.side)
        let refusal = refusalAgainstBook(command, order, &aggressor, book, corridor)
        guard refusal == .none else {
            receiver.refused(command, refusal)
            return
        }
        receiver.accepted(aggressor)
        let trades =
            !order.conditions.contains(.allOrNone)
            || available(to: aggressor, book, corridor) >= UInt64(command.quantity)
        let isInterrupted = trades && match(&aggressor, book, corridor, &receiver)
        if aggressor.leavesQuantity > 0 {
            if command.timeInForce == .immediateOrCancel {
                receiver.ended(aggressor, .immediateOrCancelRemainder)
            } else if order.type == .market {
                receiver.ended(aggressor, .marketOrderRemainder)
            } else if command.timeInForce == .fillOrKill {
                receiver.ended(aggressor, .immediateOrCancelRemainder)
            } else {
                rest(command, order, aggressor, order.conditions.rawValue & 3 != 0 ? .dark : .lit)
            }
        }
        finish(aggressor, book)
        if isInterrupted { interrupt(book, command, &receiver) }
    }

    /// Fill-or-kill, minimum quantity and post-only, the last of which may move the price.
    private func refusalAgainstBook(
        _ command: Command, _ order: NewOrder, _ aggressor: inout Aggressor,
        _ book: UnsafeMutablePointer<Book>, _ corridor: Int64
    ) -> RejectReason {
        if command.timeInForce == .fillOrKill,
            available(to: aggressor, book, corridor) < UInt64(command.quantity)
        {
            return .notFillable
        }
        if order.terms.minimumQuantity > 0,
            available(to: aggressor, book, corridor) < UInt64(order.terms.minimumQuantity)
        {
            return .minimumQuantityNotMet
        }
        guard order.conditions.contains(.postOnly) else { return .none }
        guard let price = passivePrice(command.price, command.side, order.conditions, book) else {
            return .wouldTakeLiquidity
        }
        aggressor.price = price
        aggressor.limitKey = BookSide.key(price, command.side.opposite)
        return .none
    }

    /// The price at which a post-only order rests without trading; nil when it has to be refused.
    func passivePrice(
        _ price: Int64, _ side: Side, _ conditions: OrderTraits.Conditions, _ book: UnsafeMutablePointer<Book>
    ) -> Int64? {
        let best = bestToTrade(with: side, book)
        guard best <= BookSide.key(price, side.opposite) else { return price }
        guard conditions.contains(.slide) else { return nil }
        let other = BookSide.key(best, side.opposite)
        let slid = book.pointee.ticks.rounded(side == .buy ? other &- 1 : other &+ 1, passiveFor: side)
        return book.pointee.isInBand(slid) ? slid : nil
    }

    /// Before an auction, or for one.
    private mutating func gather<Receiver: MatchReceiver>(
        _ command: Command, _ order: NewOrder, _ aggressor: inout Aggressor,
        _ book: UnsafeMutablePointer<Book>, _ receiver: inout Receiver
    ) {
        switch order.type {
        case .limit, .stopLimit, .pegPrimary, .pegMidpoint, .pegMarket: break
        default: aggressor.price = 0
        }
        receiver.accepted(aggressor)
        if command.timeInForce == .atClose, book.pointee.phase != .closingAuction {
            rest(command, order, aggressor, .waiting)
            return
        }
        switch order.type {
        case .stop, .stopLimit, .trailingStop, .trailingStopPerMille:
            park(command, order, aggressor, book, triggers: false)
        case .pegPrimary, .pegMidpoint, .pegMarket: rest(command, order, aggressor, .peg)
        case .limit: rest(command, order, aggressor, order.conditions.rawValue & 3 != 0 ? .dark : .lit)
        case .market, .marketToLimit: rest(command, order, aggressor, .lit)
        }
    }

    /// Lets what is left of an order rest in a place.
    @discardableResult mutating func rest(
        _ command: Command, _ order: NewOrder, _ aggressor: Aggressor, _ place: RestingOrder.Place
    ) -> UInt32 {
        let book = books + order.book
        var resting = RestingOrder(aggressor, book: UInt32(truncatingIfNeeded: order.book))
        resting.place = place
        resting.timeInForce = command.timeInForce
        resting.type = order.type
        resting.conditions = order.conditions
        switch order.type {
        case .market: resting.price = Book.marketPrice(command.side)
        case .marketToLimit:
            if book.pointee.phase == .continuous {
                resting.type = .limit
            } else {
                resting.price = Book.marketPrice(command.side)
            }
        default: break
        }
        let isBetter =
            place == .lit && book.pointee.phase == .continuous
            && BookSide.key(resting.price, command.side) < book.side(command.side).pointee.lit.best
        let position = arena.insert(resting)
        book.pointee.count &+= 1
        extend(position, order)
        setTotal(arena.orders + Int(position), aggressor.leavesQuantity)
        if place != .stop { enqueue(position) }
        if isBetter, book.pointee.rule.hasTop {
            let isLarge = arena.orders[Int(position)].leavesQuantity >= book.pointee.rule.topMinimum
            book.side(command.side).pointee.top = isLarge ? position : RestingOrder.none
        }
        return position
    }

    /// Gives an order the extension it needs, if any.
    private mutating func extend(_ position: UInt32, _ order: NewOrder) {
        let terms = order.terms
        let isPriced: Bool
        switch order.type {
        case .limit, .market, .marketToLimit: isPriced = false
        default: isPriced = true
        }
        guard order.displayQuantity > 0 || terms.expireTimeNanoseconds != 0 || isPriced else { return }
        let resting = arena.orders + Int(position)
        resting.pointee.extensionIndex = arena.takeExtension()
        let data = arena.extended(resting)
        if isPriced {
            data.pointee.first = terms.triggerPrice
            data.pointee.second = terms.offset
        } else {
            data.pointee.first = Int64(terms.peakRange) << 32 | Int64(order.displayQuantity)
        }
        guard terms.expireTimeNanoseconds != 0 else { return }
        data.pointee.expireTimeNanoseconds = terms.expireTimeNanoseconds
        expiry.insert(position)
        reckonDeadline()
    }
}
