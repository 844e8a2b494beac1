import Orders

/// §3.1: orders that may not trade with one another.
extension NaiveExchange {
    private func firm(_ session: UInt32) -> UInt32 { firms[session] ?? session }

    /// Whether the incoming order's word keeps it from trading with this one.
    func prevents(_ order: NaiveOrder, _ resting: NaiveOrder) -> Bool {
        if order.selfTrade == .none { return false }
        return order.byFirm ? firm(order.session) == firm(resting.session) : order.session == resting.session
    }

    /// Prevents a trade if it must be; what is left of an aggressor that has ended is 0.
    mutating func prevent(_ order: NaiveOrder, _ resting: NaiveOrder, _ clientSequence: UInt64) -> Bool {
        guard prevents(order, resting) else { return false }
        switch order.selfTrade {
        case .cancelOldest:
            end(resting, .selfTradePrevention)
        case .cancelBoth:
            end(resting, .selfTradePrevention)
            endAggressor(order, clientSequence)
        case .decrement:
            decrement(order, resting, clientSequence)
        case .cancelNewest, .none:
            endAggressor(order, clientSequence)
        }
        return true
    }

    /// Its entry in the roster goes when it is done with, as after its last trade.
    private mutating func endAggressor(_ order: NaiveOrder, _ clientSequence: UInt64) {
        let lost = order.leaves
        order.leaves = 0
        reports.append(
            report(.cancelled, order, lost: lost, clientSequence: clientSequence, reason: .selfTradePrevention))
    }

    private mutating func decrement(_ order: NaiveOrder, _ resting: NaiveOrder, _ clientSequence: UInt64) {
        let quantity = min(order.leaves, resting.leaves)
        if order.leaves == quantity {
            endAggressor(order, clientSequence)
        } else {
            order.leaves -= quantity
            reports.append(
                report(.restated, order, lost: quantity, clientSequence: clientSequence, reason: .selfTradePrevention))
        }
        if resting.leaves == quantity {
            end(resting, .selfTradePrevention)
        } else {
            resting.leaves -= quantity
            resting.visible = min(resting.visible, resting.leaves)
            reports.append(report(.restated, resting, lost: quantity, reason: .selfTradePrevention))
        }
    }
}
