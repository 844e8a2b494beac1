import Orders

/// Many orders at once: mass cancel, disconnect, the end of the day (§7, §8.2).
extension MatchingEngine {
    /// Cancels a session's orders that match, from the end of its roster; returns how many. Cost: a constant per live order of the session.
    mutating func cancelAll<Receiver: MatchReceiver>(
        ofSession session: Int, _ command: Command, _ reason: RejectReason, _ receiver: inout Receiver,
        where matches: (UnsafeMutablePointer<RestingOrder>) -> Bool
    ) -> UInt32 {
        var cancelled: UInt32 = 0
        var slot = arena.roster.last(session: session)
        while slot != Roster.none {
            let before = arena.roster.before(slot)
            let position = arena.roster.position(slot)
            let order = arena.orders + Int(position)
            if matches(order) {
                receiver.append(
                    order.pointee.report(
                        .cancelled, lost: total(order), instrument: books[Int(order.pointee.book)].instrument,
                        by: command,
                        reason: reason))
                remove(position)
                cancelled &+= 1
            }
            slot = before
        }
        return cancelled
    }

    mutating func massCancel<Receiver: MatchReceiver>(_ command: Command, _ receiver: inout Receiver) {
        if command.instrument != 0, index.position(of: command.instrument) == nil {
            receiver.refused(command, .unknownInstrument)
            return
        }
        let (instrument, side) = (command.instrument, command.side)
        let hasRange = command.flags & Command.hasPriceRange != 0
        let (low, high) = (Int64(bitPattern: command.originalClientOrderID), command.price)
        let books = books
        func matches(_ order: UnsafeMutablePointer<RestingOrder>) -> Bool {
            if instrument != 0, books[Int(order.pointee.book)].instrument != instrument { return false }
            if side != .none, order.pointee.side != side { return false }
            return !hasRange || (order.pointee.hasLimit && order.pointee.price >= low && order.pointee.price <= high)
        }
        let maximum = UInt64(OrderArena.maximumSession)
        let owner = command.session == 0 ? command.clientOrderID : UInt64(command.session)
        let owners = owner == 0 ? 1...maximum : owner...max(owner, min(owner, maximum))
        var cancelled: UInt32 = 0
        for session in owners where session <= maximum {
            cancelled &+= cancelAll(
                ofSession: Int(session), command, .massCancel, &receiver, where: matches)
        }
        receiver.append(
            ExecutionReport(
                kind: .massCancelled, sequence: command.sequence,
                timestampNanoseconds: command.timestampNanoseconds, clientSequence: command.clientSequence,
                clientOrderID: command.clientOrderID, cumulativeQuantity: cancelled, session: command.session,
                instrument: command.instrument, side: command.side))
        settleAll(command, &receiver)
    }

    mutating func disconnect<Receiver: MatchReceiver>(_ command: Command, _ receiver: inout Receiver) {
        guard command.session >= 1, command.session <= UInt32(OrderArena.maximumSession) else { return }
        _ = cancelAll(
            ofSession: Int(command.session), command, .cancelOnDisconnect, &receiver, where: { _ in true })
        settleAll(command, &receiver)
    }

    private mutating func settleAll<Receiver: MatchReceiver>(
        _ command: Command, _ receiver: inout Receiver
    ) {
        for position in 0..<bookCount { settle(books + position, command, &receiver) }
    }
}

extension RestingOrder {
    /// Whether it has a limit price that a range can hold.
    var hasLimit: Bool {
        switch type {
        case .limit, .stopLimit: true
        case .pegPrimary, .pegMidpoint, .pegMarket: price != (side == .buy ? Int64.max : Int64.min)
        case .market, .marketToLimit, .stop, .trailingStop, .trailingStopPerMille: false
        }
    }
}
