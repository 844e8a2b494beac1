import Orders

/// What the market of an instrument is doing, and what happens when that changes (§8).
extension MatchingEngine {
    mutating func changePhase<Receiver: MatchReceiver>(_ command: Command, _ receiver: inout Receiver) {
        guard let position = index.position(of: command.instrument) else {
            receiver.refused(command, .unknownInstrument)
            return
        }
        guard let phase = TradingPhase(rawValue: command.flags) else {
            receiver.refused(command, .invalidParameter)
            return
        }
        let companion = books[position].companion
        change(books + position, to: phase, .none, command, &receiver)
        if companion >= 0 { change(books + companion, to: phase, .none, command, &receiver) }
    }

    /// A book goes over to another phase, with the auction that belongs to it.
    mutating func change<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, to phase: TradingPhase, _ reason: RejectReason,
        _ command: Command, _ receiver: inout Receiver
    ) {
        let before = book.pointee.phase
        book.pointee.interruptionEnd = .max
        reckonDeadline()
        let endsInAuction =
            phase == .continuous || (before == .closingAuction && (phase == .endOfDay || phase == .closed))
        let result = endsInAuction ? uncross(book, command, &receiver) : AuctionResult()
        book.pointee.phase = phase
        book.pointee.reconsider()
        report(book, reason, result, command, &receiver)
        if endsInAuction {
            if result.volume > 0 {
                book.pointee.staticReference = result.price
                book.pointee.lastPrice = result.price
                book.pointee.hasTraded = true
                if book.pointee.stopCount > 0 { observe(result.price, book) }
            }
            endMarketOrders(book, result, command, &receiver)
        }
        if before == .preOpen || before == .openingAuction, !phase.isCall {
            endLit(book, command, .expired, &receiver) { $0.pointee.timeInForce == .atOpen }
        }
        switch phase {
        case .closingAuction: admitWaiting(book)
        case .endOfDay:
            endEverywhere(book, command, .expired, &receiver) { $0 == .atClose }
            endEverywhere(book, command, .endOfDay, &receiver) { $0 == .day || $0 == .atOpen }
        case .closed, .preOpen, .openingAuction, .continuous, .volatilityInterruption, .halt: break
        }
        settle(book, command, &receiver)
    }

    private func report<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ reason: RejectReason, _ result: AuctionResult,
        _ command: Command, _ receiver: inout Receiver
    ) {
        receiver.append(
            ExecutionReport(
                kind: .phaseChanged, sequence: command.sequence,
                timestampNanoseconds: command.timestampNanoseconds, orderID: result.volume,
                price: result.volume > 0 ? result.price : 0, instrument: book.pointee.instrument, reason: reason,
                flags: ExecutionReport.Flags(rawValue: book.pointee.phase.rawValue)))
    }

    /// The next trade would have been too far away: an auction has to find the price (§8.3).
    @inline(never) mutating func interrupt<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ command: Command, _ receiver: inout Receiver
    ) {
        book.pointee.phase = .volatilityInterruption
        book.pointee.reconsider()
        if book.pointee.interruptionNanoseconds > 0 {
            let end = command.timestampNanoseconds.addingReportingOverflow(book.pointee.interruptionNanoseconds)
            book.pointee.interruptionEnd = end.overflow ? .max : end.partialValue
            reckonDeadline()
        }
        report(book, .volatility, AuctionResult(), command, &receiver)
    }

    /// At-close orders come in, in the order of their entry.
    private func admitWaiting(_ book: UnsafeMutablePointer<Book>) {
        while !book.pointee.waiting.isEmpty {
            let position = book.pointee.waiting.head
            dequeue(position)
            arena.orders[Int(position)].place = .lit
            enqueue(position)
        }
    }

    /// What an auction leaves of market orders ends; of market-to-limit orders it rests at the auction's price.
    private mutating func endMarketOrders<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ result: AuctionResult, _ command: Command,
        _ receiver: inout Receiver
    ) {
        for side in [Side.buy, .sell] {
            let key = BookSide.key(Book.marketPrice(side), side)
            guard book.side(side).pointee.lit.best == key else { continue }
            var position = book.side(side).pointee.lit.level(key, nodes).pointee.head
            while position != RestingOrder.none {
                let order = arena.orders + Int(position)
                let next = order.pointee.next
                if order.pointee.type == .marketToLimit, result.volume > 0 {
                    dequeue(position)
                    order.pointee.type = .limit
                    order.pointee.price = result.price
                    enqueue(position)
                    receiver.append(
                        order.pointee.report(
                            .restated, lost: 0, leaves: order.pointee.leavesQuantity,
                            instrument: book.pointee.instrument,
                            by: command))
                } else {
                    end(position, .marketOrderRemainder, command, &receiver)
                }
                position = next
            }
        }
    }

    private mutating func end<Receiver: MatchReceiver>(
        _ position: UInt32, _ reason: RejectReason, _ command: Command, _ receiver: inout Receiver
    ) {
        let order = arena.orders + Int(position)
        receiver.append(
            order.pointee.report(
                .cancelled, lost: total(order), instrument: books[Int(order.pointee.book)].instrument, by: command,
                reason: reason))
        remove(position)
    }

    /// Ends lit orders, buys before sells, the best price first. Cost: a constant per lit order.
    private mutating func endLit<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ command: Command, _ reason: RejectReason,
        _ receiver: inout Receiver, where matches: (UnsafeMutablePointer<RestingOrder>) -> Bool
    ) {
        for side in [Side.buy, .sell] {
            var key = book.side(side).pointee.lit.best
            while key != .max {
                var position = book.side(side).pointee.lit.level(key, nodes).pointee.head
                while position != RestingOrder.none {
                    let next = arena.orders[Int(position)].next
                    if matches(arena.orders + Int(position)) { end(position, reason, command, &receiver) }
                    position = next
                }
                key = book.side(side).pointee.lit.first(from: key &+ 1, nodes)
            }
        }
    }

    /// Ends a book's orders of some times in force, wherever they stand, session by session.
    private mutating func endEverywhere<Receiver: MatchReceiver>(
        _ book: UnsafeMutablePointer<Book>, _ command: Command, _ reason: RejectReason,
        _ receiver: inout Receiver, where matches: (TimeInForce) -> Bool
    ) {
        let number = UInt32(truncatingIfNeeded: book - books)
        for session in 1...OrderArena.maximumSession {
            _ = cancelAll(ofSession: session, command, reason, &receiver) {
                $0.pointee.book == number && matches($0.pointee.timeInForce)
            }
        }
    }
}
