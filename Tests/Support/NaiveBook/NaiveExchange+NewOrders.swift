import Orders

/// §5: what becomes of a new order.
extension NaiveExchange {
    mutating func enter(_ command: Command, _ kept: Command?) {
        var terms: OrderTerms? = OrderTerms()
        if command.flags & Command.hasTerms != 0 {
            terms = nil
            if let kept, kept.session == command.session, kept.clientSequence == command.clientSequence {
                terms = OrderTerms(kept)
            }
        }
        enter(command, command.traits, terms)
    }

    mutating func enter(_ command: Command, _ traits: OrderTraits, _ terms: OrderTerms?) {
        let reason = refusal(command, traits, terms)
        guard reason == .none, let type = traits.type, let terms, let book = chosenBook(command.instrument, traits)
        else {
            return reject(command, reason)
        }
        let order = NaiveOrder(command, traits, type, terms)
        if order.timeInForce == .atClose, book.phase != .closingAuction {
            accept(order)
            put(order, .waiting)
        } else if type.isStop {
            accept(order)
            park(order, book)
        } else if book.phase.isCall {
            accept(order)
            rest(order, book, isNew: true)
        } else {
            enterContinuous(order, book)
        }
    }

    /// A new order is rejected, a quote too.
    mutating func reject(_ command: Command, _ reason: RejectReason) {
        var report = command.rejection(reason: reason)
        report.kind = .rejected
        reports.append(report)
    }

    private mutating func accept(_ order: NaiveOrder) {
        reports.append(report(.accepted, order, clientSequence: command.clientSequence))
    }

    private mutating func enterContinuous(_ order: NaiveOrder, _ book: NaiveBook) {
        if order.type == .marketToLimit {
            guard let met = book.counterparty(order.side.opposite, left: nil) else {
                return reject(command, .noLiquidity)
            }
            order.type = .limit
            order.price = met.price
        }
        let limit = limit(order, book)
        let needed = order.timeInForce == .fillOrKill ? order.leaves : order.terms.minimumQuantity
        if needed > 0, available(to: order, limit, book) < needed {
            return reject(command, order.timeInForce == .fillOrKill ? .notFillable : .minimumQuantityNotMet)
        }
        var price = order.price
        if let reason = takeNothing(order, at: &price, book) { return reject(command, reason) }
        order.price = price
        accept(order)
        aggress(order, book, limit: self.limit(order, book), clientSequence: command.clientSequence, isNew: true)
    }

    /// The limit of an order that trades as it is: none for market orders, the price it is worth for a peg.
    func limit(_ order: NaiveOrder, _ book: NaiveBook) -> Int128? {
        if order.type.isPeg { return book.effectivePrice(order).map { Int128($0) } }
        return order.type.hasPrice ? Int128(order.price) : nil
    }

    /// Slides a post-only order that would trade, or says why it cannot be.
    func takeNothing(_ order: NaiveOrder, at wanted: inout Int64, _ book: NaiveBook) -> RejectReason? {
        guard order.conditions.contains(.postOnly), let met = book.counterparty(order.side.opposite, left: nil),
            NaiveBook.isWithin(met.price, Int128(wanted), order.side)
        else { return nil }
        guard order.conditions.contains(.slide) else { return .wouldTakeLiquidity }
        let buys = order.side == .buy
        let price = book.validPrice(buys ? met.price - 1 : met.price + 1, up: !buys)
        guard book.isInBand(price) else { return .wouldTakeLiquidity }
        wanted = price
        return nil
    }

    /// Trades, and puts what is left where it belongs.
    mutating func aggress(
        _ order: NaiveOrder, _ book: NaiveBook, limit: Int128?, clientSequence: UInt64, isNew: Bool = false,
        keepsPlace: Bool = false
    ) {
        let (place, queued) = (order.place, order.queued)
        order.place = .none
        var isInterrupted = false
        let trades =
            order.type.isPeg ? limit != nil : !order.isAllOrNone || available(to: order, limit, book) >= order.leaves
        if trades { isInterrupted = trade(order, book, limit: limit, clientSequence: clientSequence) }
        if order.leaves == 0 {
            remove(order)
        } else if order.isUnpriced || !(order.timeInForce.rests || isHeld(order)) {
            let isMarket = !order.type.hasPrice && order.timeInForce != .immediateOrCancel
            end(order, isMarket ? .marketOrderRemainder : .immediateOrCancelRemainder, clientSequence: clientSequence)
        } else if keepsPlace {
            order.place = place
            order.queued = queued
            order.visible = order.leaves
        } else {
            rest(order, book, isNew: isNew)
        }
        if isInterrupted { interrupt(book) }
    }

    /// Orders of an auction that are still there, and replaced.
    private func isHeld(_ order: NaiveOrder) -> Bool { order.timeInForce == .atOpen || order.timeInForce == .atClose }

    /// Puts an order at the end of its queue, an iceberg with a new peak.
    mutating func rest(_ order: NaiveOrder, _ book: NaiveBook, isNew: Bool = false) {
        order.isTop = false
        if order.type.isPeg { return put(order, .pegs) }
        order.showPeak(lot: book.lot)
        if order.isDark { return put(order, .dark) }
        if isNew, book.rule.hasTop, book.phase == .continuous { contendForTop(order, book) }
        put(order, .lit)
    }

    private func contendForTop(_ order: NaiveOrder, _ book: NaiveBook) {
        let others = book.queue(.lit, order.side)
        guard others.allSatisfy({ order.price.isBetter(than: $0.price, order.side) }) else { return }
        for other in others { other.isTop = false }
        order.isTop = order.visible >= book.rule.topMinimum
    }
}
