import Orders

/// §5 and §7: quotes, cancels, replaces and mass cancels.
extension NaiveExchange {
    private func order(_ command: Command) -> NaiveOrder? {
        guard let order = order(command.session, command.originalClientOrderID), order.instrument == command.instrument
        else { return nil }
        return order
    }

    private mutating func refuse(_ command: Command, _ reason: RejectReason) {
        var report = command.rejection(reason: reason)
        report.kind = .cancelRejected
        // A quote names the order it would change by the identifier it has itself.
        if command.kind == .quote { report.originalClientOrderID = command.clientOrderID }
        reports.append(report)
    }

    mutating func cancel(_ command: Command) {
        guard let order = order(command) else { return refuse(command, .unknownOrder) }
        let lost = order.leaves
        order.leaves = 0
        var end = report(.cancelled, order, lost: lost, clientSequence: command.clientSequence)
        end.clientOrderID = command.clientOrderID
        end.originalClientOrderID = order.clientOrderID
        reports.append(end)
        remove(order)
    }

    mutating func quote(_ command: Command) {
        var change = command
        change.originalClientOrderID = command.clientOrderID
        change.flags = Command.quantityIsLeaves
        if let order = order(change) {
            if command.quantity == 0 { return cancel(change) }
            if command.side != order.side { return reject(command, .invalidSide) }
            return replace(change)
        }
        if command.quantity == 0 { return refuse(change, .unknownOrder) }
        var new = command
        new.timeInForce = .day
        let second = command.traits.conditions.intersection(.secondBook)
        enterQuote(new, OrderTraits(.limit, second, selfTrade: .cancelOldest))
    }

    private mutating func enterQuote(_ command: Command, _ traits: OrderTraits) {
        enter(command, traits, OrderTerms())
    }

    mutating func replace(_ command: Command) {
        guard let order = order(command) else { return refuse(command, .unknownOrder) }
        let book = book(of: order)
        let reason = refusal(ofReplace: command, order, book)
        if reason != .none { return refuse(command, reason) }
        let before = order.price
        var price = order.type.hasPrice ? command.price : before
        // The book is looked at as it is, with the order still at its old price.
        if book.phase == .continuous, let reason = takeNothing(order, at: &price, book) {
            return refuse(command, reason)
        }
        order.price = price
        let isLeaves = command.flags & Command.quantityIsLeaves != 0
        let leaves = isLeaves ? command.quantity : command.quantity - order.traded
        let lost = order.leaves
        let keepsPlace = order.price == before && leaves <= lost
        order.clientOrderID = command.clientOrderID
        order.orderID = command.sequence
        order.leaves = leaves
        if leaves + order.traded <= order.display {
            order.display = 0
            order.visible = leaves
        }
        order.visible = min(order.visible, leaves)
        var answer = report(.replaced, order, lost: lost, clientSequence: command.clientSequence)
        answer.originalClientOrderID = command.originalClientOrderID
        reports.append(answer)
        if !keepsPlace { requeue(order, book) }
    }

    private func refusal(ofReplace command: Command, _ order: NaiveOrder, _ book: NaiveBook) -> RejectReason {
        if !book.phase.takesOrders { return .notInThisPhase }
        if command.clientOrderID == 0 { return .invalidClientOrderID }
        if let other = self.order(command.session, command.clientOrderID), other !== order {
            return .duplicateClientOrderID
        }
        let isLeaves = command.flags & Command.quantityIsLeaves != 0
        let total = UInt64(command.quantity) + (isLeaves ? UInt64(order.traded) : 0)
        if total <= UInt64(order.traded) || total > UInt64(Self.maximumQuantity) { return .invalidQuantity }
        if command.quantity % book.lot != 0 { return .quantityOffLot }
        if !order.type.hasPrice { return .none }
        let isUnlimited = order.type.isPeg && command.price == (order.side == .buy ? Int64.max : Int64.min)
        return isUnlimited ? .none : book.refusal(command.price)
    }

    /// A replaced order that does not keep its place.
    private mutating func requeue(_ order: NaiveOrder, _ book: NaiveBook) {
        switch order.place {
        case .stops, .triggered, .waiting:
            order.visible = order.leaves
            put(order, order.place)
        default:
            guard book.phase == .continuous else { return rest(order, book) }
            aggress(order, book, limit: limit(order, book), clientSequence: command.clientSequence)
        }
    }

    mutating func massCancel(_ command: Command) {
        if command.instrument != 0, books(command.instrument).isEmpty { return refuse(command, .unknownInstrument) }
        var sessions = [command.session]
        if command.session == 0 {
            sessions = rosters.keys.sorted().filter {
                command.clientOrderID == 0 || UInt64($0) == command.clientOrderID
            }
        }
        let range = Int64(bitPattern: command.originalClientOrderID)
        var count: UInt32 = 0
        for session in sessions {
            for order in (rosters[session] ?? []).reversed() {
                if command.instrument != 0, order.instrument != command.instrument { continue }
                if command.side != .none, order.side != command.side { continue }
                if command.flags & Command.hasPriceRange != 0 {
                    guard order.hasLimit, order.price >= range, order.price <= command.price else { continue }
                }
                count += 1
                end(order, .massCancel)
            }
        }
        reports.append(
            ExecutionReport(
                kind: .massCancelled, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds,
                clientSequence: command.clientSequence, clientOrderID: command.clientOrderID, cumulativeQuantity: count,
                session: command.session, instrument: command.instrument, side: command.side))
    }

    mutating func disconnect(_ command: Command) {
        for order in (rosters[command.session] ?? []).reversed() { end(order, .cancelOnDisconnect) }
    }
}
