import Orders

/// What the engine made of a command: open orders, positions, money.
extension RiskGate {
    /// Takes in one report; each, in the order of the engine.
    public mutating func observe(_ report: borrowing ExecutionReport) {
        let lost = Int64(report.lastQuantity)
        switch report.kind {
        case .accepted: opened(report, by: Int64(report.leavesQuantity), orders: 1)
        case .cancelled: opened(report, by: 0 &- lost, orders: -1)
        case .restated: opened(report, by: 0 &- lost, orders: 0)
        case .replaced: opened(report, by: Int64(report.leavesQuantity) &- lost, orders: 0)
        case .filled, .partiallyFilled: traded(report, lost)
        case .none, .rejected, .cancelRejected, .massCancelled, .triggered, .phaseChanged, .indicative, .instrumentSet,
            .commandRejected:
            break
        }
    }

    /// Open lots, and open orders, of all scopes of a report's session.
    private mutating func opened(_ report: borrowing ExecutionReport, by lots: Int64, orders: Int32) {
        guard let instrument = position(of: report.instrument) else { return }
        let leaf = leaf(of: report.session)
        if orders != 0 { countOpen(leaf.node, orders) }
        if lots == 0 { return }
        var row = row(making: leaf.holder, instrument)
        let margin = instruments[instrument].marginPerLot
        let isBuy = report.side == .buy
        while true {
            let before = row.pointee.worst
            if isBuy { row.pointee.openBuy &+= lots } else { row.pointee.openSell &+= lots }
            note(nodes + Int(row.pointee.node), worse: row.pointee.worst &- before, margin)
            if row.pointee.parent == PositionRow.none { return }
            row = positions.rows + Int(row.pointee.parent)
        }
    }

    private mutating func traded(_ report: borrowing ExecutionReport, _ lots: Int64) {
        guard let instrument = position(of: report.instrument) else { return }
        if instruments[instrument].lastPrice != report.price { instruments[instrument].lastPrice = report.price }
        let leaf = leaf(of: report.session)
        countTrade(leaf.node, lots, ends: report.leavesQuantity == 0)
        var row = row(making: leaf.holder, instrument)
        let isBuy = report.side == .buy
        let traded = Trade(
            lots: isBuy ? lots : 0 &- lots, price: report.price, tickValue: Int64(instruments[instrument].tickValue),
            markValue: instruments[instrument].markValue)
        let margin = instruments[instrument].marginPerLot
        while true {
            let node = nodes + Int(row.pointee.node)
            let before = row.pointee.worst
            if isBuy { row.pointee.openBuy &-= lots } else { row.pointee.openSell &-= lots }
            if !traded.take(into: row, node) { node.pointee.flags.insert(.overflow) }
            note(node, worse: row.pointee.worst &- before, margin)
            node.pointee.reckon(report.timestampNanoseconds)
            if row.pointee.parent == PositionRow.none { return }
            row = positions.rows + Int(row.pointee.parent)
        }
    }

    /// A row that is larger or smaller than before in its node's sums. Differences are exact though the product may wrap: the sum
    /// of all of them does not.
    @inline(__always) func note(_ node: UnsafeMutablePointer<RiskNode>, worse: Int64, _ marginPerLot: Int64) {
        node.pointee.gross &+= worse
        node.pointee.margin &+= worse &* marginPerLot
    }

    private func countOpen(_ leaf: UInt32, _ orders: Int32) {
        var number = leaf
        while number != RiskNode.none {
            nodes[Int(number)].openOrders &+= UInt32(bitPattern: orders)
            number = nodes[Int(number)].parent
        }
    }

    private func countTrade(_ leaf: UInt32, _ lots: Int64, ends: Bool) {
        var number = leaf
        while number != RiskNode.none {
            let node = nodes + Int(number)
            node.pointee.tradesToday &+= node.pointee.tradesToday == .max ? 0 : 1
            // A day of 2⁶³ lots there is none.
            node.pointee.lotsToday &+= lots
            if ends { node.pointee.openOrders &-= 1 }
            number = node.pointee.parent
        }
    }

    // MARK: Rows

    /// The row of a scope with positions, made with those of the wider scopes when it is not there. There must be room for
    /// them: no order passes the gate without.
    @inline(__always) mutating func row(making holder: UInt32, _ instrument: Int) -> UnsafeMutablePointer<PositionRow> {
        let row = positions.find(PositionTable.key(node: holder, instrument: instrument))
        return row.pointee.key != 0 ? row : make(holder, instrument)
    }

    @inline(never) private mutating func make(_ holder: UInt32, _ instrument: Int)
        -> UnsafeMutablePointer<PositionRow>
    {
        let above = nodes[Int(holder)].parent
        let parent = above == RiskNode.none ? PositionRow.none : positions.number(row(making: above, instrument))
        // Only now: the wider scopes' rows may have taken the place.
        let key = PositionTable.key(node: holder, instrument: instrument)
        let place = positions.find(key)
        positions.make(key, at: place, parent: parent, next: instruments[instrument].firstRow)
        instruments[instrument].firstRow = positions.number(place)
        return place
    }
}

/// A trade as one scope sees it.
private struct Trade {
    /// Bought; negative: sold.
    var lots: Int64
    var price: Int64
    var tickValue: Int64
    /// What a lot is worth at the mark.
    var markValue: Int64

    /// Takes the trade into a position and the profit of its scope: what it closes is realised at the average cost of what was
    /// there, rounded towards zero. False when a sum of money cannot be told; the lots are right all the same.
    @inline(__always) func take(into row: UnsafeMutablePointer<PositionRow>, _ node: UnsafeMutablePointer<RiskNode>)
        -> Bool
    {
        let before = row.pointee.position
        row.pointee.position = before &+ lots
        let each = price.multipliedReportingOverflow(by: tickValue)
        let all = each.partialValue.multipliedReportingOverflow(by: lots)
        let marked = markValue.multipliedReportingOverflow(by: lots)
        guard !each.overflow, !all.overflow, !marked.overflow else { return false }
        var cost = row.pointee.cost
        var realised: Int64 = 0
        let closes = before != 0 && (before < 0) != (lots < 0)
        if closes {
            let closed = min(before.magnitude, lots.magnitude)
            let released =
                closed == before.magnitude ? cost : Self.share(cost, closed, of: before.magnitude)
            let signed = before < 0 ? Int64(closed) : 0 &- Int64(closed)
            // Without overflow: no more lots than the whole trade's.
            let proceeds = 0 &- each.partialValue &* signed
            let profit = proceeds.subtractingReportingOverflow(released)
            guard !profit.overflow else { return false }
            realised = profit.partialValue
            cost &-= released
            let opened = each.partialValue &* (lots &- signed)
            let sum = cost.addingReportingOverflow(opened)
            guard !sum.overflow else { return false }
            cost = sum.partialValue
        } else {
            let sum = cost.addingReportingOverflow(all.partialValue)
            guard !sum.overflow else { return false }
            cost = sum.partialValue
        }
        let paid = cost.subtractingReportingOverflow(row.pointee.cost)
        let unrealised = marked.partialValue.subtractingReportingOverflow(paid.partialValue)
        let all1 = node.pointee.realised.addingReportingOverflow(realised)
        let all2 = node.pointee.unrealised.addingReportingOverflow(unrealised.partialValue)
        guard !paid.overflow, !unrealised.overflow, !all1.overflow, !all2.overflow,
            cost.magnitude <= UInt64(Money.bound)
        else { return false }
        row.pointee.cost = cost
        node.pointee.realised = all1.partialValue
        node.pointee.unrealised = all2.partialValue
        return true
    }

    /// `part` of `whole` parts of a sum, towards zero.
    private static func share(_ sum: Int64, _ part: UInt64, of whole: UInt64) -> Int64 {
        let product = sum.magnitude.multipliedFullWidth(by: part)
        // The quotient is no more than the sum, because the part is less than the whole.
        let quotient = Int64(whole.dividingFullWidth(product).quotient)
        return sum < 0 ? 0 &- quotient : quotient
    }
}
