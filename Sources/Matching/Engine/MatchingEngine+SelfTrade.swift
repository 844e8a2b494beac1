import Orders

/// Orders of the same owner do not trade with one another (§3.1).
extension MatchingEngine {
    func isOwn(_ order: Aggressor, _ resting: UnsafeMutablePointer<RestingOrder>) -> Bool {
        let session = UInt32(resting.pointee.session)
        if order.selfTrade & 0x80 == 0 { return session == order.session }
        return firms[Int(session)] == firms[Int(order.session)]
    }

    /// An aggressor has met an order of its own owner: the aggressor's word counts. Afterwards the resting order is gone, or
    /// the aggressor has nothing left.
    @inline(never) mutating func preventSelfTrade<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ position: UInt32, _ book: UnsafeMutablePointer<Book>,
        _ receiver: inout Receiver
    ) {
        switch SelfTradePrevention(rawValue: order.selfTrade & 0x7F) ?? .none {
        case .none, .cancelNewest: endAggressor(&order, &receiver)
        case .cancelOldest: endResting(position, order, &receiver)
        case .cancelBoth:
            endResting(position, order, &receiver)
            endAggressor(&order, &receiver)
        case .decrement: decrement(&order, position, &receiver)
        }
    }

    private func endAggressor<Receiver: MatchReceiver>(_ order: inout Aggressor, _ receiver: inout Receiver) {
        let lost = order.leavesQuantity
        order.leavesQuantity = 0
        receiver.append(order.report(.cancelled, lost: lost, reason: .selfTradePrevention))
    }

    private mutating func endResting<Receiver: MatchReceiver>(
        _ position: UInt32, _ order: Aggressor, _ receiver: inout Receiver
    ) {
        let lost = total(arena.orders + Int(position))
        receiver.append(ownReport(.cancelled, position, lost: lost, leaves: 0, order))
        remove(position)
    }

    private mutating func decrement<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ position: UInt32, _ receiver: inout Receiver
    ) {
        let resting = arena.orders + Int(position)
        let restingTotal = total(resting)
        let lost = min(order.leavesQuantity, restingTotal)
        order.leavesQuantity &-= lost
        receiver.append(
            order.report(
                order.leavesQuantity == 0 ? .cancelled : .restated, lost: lost, reason: .selfTradePrevention))
        guard lost < restingTotal else {
            endResting(position, order, &receiver)
            return
        }
        let hidden = reserve(resting)
        if hidden > 0 { arena.extended(resting).pointee.reserve = hidden &- min(hidden, lost) }
        resting.pointee.leavesQuantity &-= lost &- min(hidden, lost)
        receiver.append(ownReport(.restated, position, lost: lost, leaves: restingTotal &- lost, order))
    }

    private func ownReport(
        _ kind: ReportKind, _ position: UInt32, lost: UInt32, leaves: UInt32, _ order: Aggressor
    ) -> ExecutionReport {
        arena.orders[Int(position)].report(
            kind, lost: lost, leaves: leaves, instrument: order.instrument, sequence: order.sequence,
            timestampNanoseconds: order.timestampNanoseconds, reason: .selfTradePrevention)
    }
}
