import Orders

/// §8 and §9: phases, interruptions and what is due.
extension NaiveExchange {
    mutating func changePhase(_ command: Command) {
        let books = books(command.instrument)
        if books.isEmpty { return refuseVenue(.unknownInstrument) }
        guard let phase = TradingPhase(rawValue: command.flags) else { return refuseVenue(.invalidParameter) }
        for book in books {
            change(book, to: phase, .none)
            settle(book)
        }
    }

    func venueReport(_ kind: ReportKind, _ instrument: UInt32, _ reason: RejectReason = .none) -> ExecutionReport {
        ExecutionReport(
            kind: kind, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds,
            instrument: instrument, reason: reason)
    }

    mutating func refuseVenue(_ reason: RejectReason) {
        reports.append(venueReport(.commandRejected, command.instrument, reason))
    }

    private mutating func reportPhase(_ book: NaiveBook, _ reason: RejectReason, price: Int64 = 0, volume: UInt64 = 0) {
        var report = venueReport(.phaseChanged, book.instrument, reason)
        report.price = price
        report.orderID = volume
        report.flags = ExecutionReport.Flags(rawValue: book.phase.rawValue)
        reports.append(report)
    }

    private mutating func change(_ book: NaiveBook, to phase: TradingPhase, _ reason: RejectReason) {
        let old = book.phase
        let hasAuction =
            phase == .continuous || old == .closingAuction && (phase == .endOfDay || phase == .closed)
        book.interruptionEnd = nil
        let result = hasAuction ? auction(book) : nil
        book.phase = phase
        reportPhase(book, reason, price: result?.price ?? 0, volume: result?.volume ?? 0)
        if hasAuction { closeAuction(book, price: result?.price) }
        if old == .preOpen || old == .openingAuction, !phase.isCall {
            for side in [Side.buy, .sell] {
                for order in book.queue(.lit, side) where order.timeInForce == .atOpen { end(order, .expired) }
            }
        }
        if phase == .closingAuction {
            let waiting = book.queue(.waiting, .buy) + book.queue(.waiting, .sell)
            for order in waiting.sorted(by: { $0.queued < $1.queued }) { rest(order, book) }
        }
        if phase == .endOfDay {
            endAll(book, .expired) { $0 == .atClose }
            endAll(book, .endOfDay) { $0 == .day || $0 == .atOpen }
        }
    }

    private mutating func closeAuction(_ book: NaiveBook, price: Int64?) {
        if let price {
            book.staticReference = price
            book.lastTrade = price
            observe(price, book)
        }
        for side in [Side.buy, .sell] {
            for order in book.queue(.lit, side) where order.isUnpriced {
                guard order.type == .marketToLimit, let price else {
                    end(order, .marketOrderRemainder)
                    continue
                }
                order.type = .limit
                order.price = price
                put(order, .lit)
                reports.append(report(.restated, order))
            }
        }
    }

    private mutating func endAll(_ book: NaiveBook, _ reason: RejectReason, _ ends: (TimeInForce) -> Bool) {
        for session in rosters.keys.sorted() {
            for order in (rosters[session] ?? []).reversed() where ends(order.timeInForce) {
                if self.book(of: order) === book { end(order, reason) }
            }
        }
    }

    /// The next trade of an aggressor would have been too far away.
    mutating func interrupt(_ book: NaiveBook) {
        book.phase = .volatilityInterruption
        if book.interruptionNanoseconds > 0 {
            let (end, isBeyond) = command.timestampNanoseconds.addingReportingOverflow(book.interruptionNanoseconds)
            book.interruptionEnd = isBeyond ? .max : end
        }
        reportPhase(book, .volatility)
    }

    // MARK: Time

    private func nextExpiry() -> NaiveOrder? {
        let orders = listings.flatMap(\.books).flatMap(\.orders).filter { $0.timeInForce == .goodTillDate }
        return orders.min {
            ($0.terms.expireTimeNanoseconds, $0.orderID) < ($1.terms.expireTimeNanoseconds, $1.orderID)
        }
    }

    private func nextInterruptionEnd() -> (book: NaiveBook, time: UInt64)? {
        var next: (book: NaiveBook, time: UInt64)?
        for book in listings.flatMap(\.books) {
            if let time = book.interruptionEnd, time < next?.time ?? .max { next = (book, time) }
        }
        return next
    }

    /// When something is due that no command has to cause; nil: never.
    public var nextDeadlineNanoseconds: UInt64? {
        [nextExpiry()?.terms.expireTimeNanoseconds, nextInterruptionEnd()?.time].compactMap(\.self).min()
    }

    mutating func happenDue() {
        while let time = nextDeadlineNanoseconds, time <= command.timestampNanoseconds {
            if let order = nextExpiry(), order.terms.expireTimeNanoseconds == time {
                end(order, .expired)
                settle(book(of: order))
            } else if let interruption = nextInterruptionEnd() {
                change(interruption.book, to: .continuous, .interruptionOver)
                settle(interruption.book)
            }
        }
    }
}
