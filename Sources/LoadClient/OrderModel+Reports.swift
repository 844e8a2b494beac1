import Orders

/// What each kind of report may say, and what it changes.
extension OrderModel {
    mutating func takeAccepted(_ report: ExecutionReport) -> UInt64? {
        guard let index = answer(report, from: .newOrder) else { return nil }
        let order = entries[index]
        statistics.accepted += 1
        entries[index].state = .live
        entries[index].leaves = order.quantity
        checkQuantities(report, index)
        checkTerms(report, index)
        return report.clientSequence
    }

    mutating func takeRejected(_ report: ExecutionReport) -> UInt64? {
        guard let index = answer(report, from: .newOrder) else { return nil }
        statistics.noteRejected(report.reason)
        entries[index].state = .ended
        if report.reason == .none { violate(report, "an order is rejected without a reason") }
        if report.leavesQuantity != 0 || report.cumulativeQuantity != 0 {
            violate(report, "a rejected order cannot have traded or rest")
        }
        return report.clientSequence
    }

    mutating func takeFill(_ report: ExecutionReport) {
        guard let index = liveOrder(report.clientOrderID, report) else { return }
        let order = entries[index]
        statistics.fills += 1
        statistics.filledLots += UInt64(report.lastQuantity)
        let isBetterOrEqual = order.side == .buy ? report.price <= order.price : report.price >= order.price
        if !isBetterOrEqual {
            violate(report, "a \(order.side) limited to \(order.price) traded at \(report.price)")
        }
        if report.lastQuantity == 0 || report.lastQuantity > order.leaves {
            violate(report, "filled \(report.lastQuantity) lots of an order with \(order.leaves) left")
        }
        let filled = min(report.lastQuantity, order.leaves)
        entries[index].leaves -= filled
        entries[index].cumulative += filled
        checkQuantities(report, index)
        if (report.kind == .filled) != (report.leavesQuantity == 0) {
            violate(report, "says \(report.kind) with \(report.leavesQuantity) lots left")
        }
        if report.executionID == 0 {
            violate(report, "a fill without an execution identifier")
        } else if let problem = pairs.add(report) {
            violate(report, problem)
        }
        if entries[index].leaves == 0 { entries[index].state = .ended }
    }

    /// Self-trade prevention of another session of the firm took lots off a live order; only that can befall a plain one.
    mutating func takeRestated(_ report: ExecutionReport) {
        guard let index = liveOrder(report.clientOrderID, report) else { return }
        if report.leavesQuantity == 0 || report.leavesQuantity >= entries[index].leaves {
            violate(report, "restated to \(report.leavesQuantity) lots, \(entries[index].leaves) were left")
            return
        }
        // What was lost so neither trades nor is left: the order is that much smaller.
        entries[index].quantity -= entries[index].leaves - report.leavesQuantity
        entries[index].leaves = report.leavesQuantity
        checkQuantities(report, index)
    }

    /// A cancel answers a cancel command, or ends an order without its owner's request (immediate-or-cancel, fill-or-kill,
    /// end of session) and then answers nothing.
    mutating func takeCancelled(_ report: ExecutionReport) -> UInt64? {
        let isRequested = report.reason == .none
        var answered: Int?
        if isRequested {
            answered = answer(report, from: .cancel)
            guard let answered else { return nil }
            if entries[answered].target != report.originalClientOrderID {
                violate(report, "the cancel was for order \(entries[answered].target)")
                return report.clientSequence
            }
            statistics.cancelled += 1
        } else {
            statistics.cancelledUnasked += 1
        }
        let orderID = isRequested ? report.originalClientOrderID : report.clientOrderID
        if let index = liveOrder(orderID, report) {
            let order = entries[index]
            if report.reason == .immediateOrCancelRemainder && order.timeInForce == .day {
                violate(report, "a day order ended as the remainder of an immediate-or-cancel order")
            }
            if report.leavesQuantity != 0 {
                violate(report, "a cancelled order has \(report.leavesQuantity) lots left")
            }
            if report.cumulativeQuantity != order.cumulative {
                violate(report, "says \(report.cumulativeQuantity) lots traded, its fills sum to \(order.cumulative)")
            }
            entries[index].state = .ended
            entries[index].leaves = 0
        }
        return answered == nil ? nil : report.clientSequence
    }

    mutating func takeReplaced(_ report: ExecutionReport) -> UInt64? {
        guard let index = answer(report, from: .replace) else { return nil }
        statistics.replaced += 1
        if entries[index].target != report.originalClientOrderID {
            violate(report, "the replace was for order \(entries[index].target)")
        } else if let original = liveOrder(report.originalClientOrderID, report) {
            let order = entries[original]
            entries[original].state = .ended
            entries[original].leaves = 0
            entries[index].state = .live
            entries[index].cumulative = order.cumulative
            if entries[index].quantity <= order.cumulative {
                violate(report, "replaced to \(entries[index].quantity) lots with \(order.cumulative) traded already")
            } else {
                entries[index].leaves = entries[index].quantity - order.cumulative
            }
            checkQuantities(report, index)
            checkTerms(report, index)
        }
        return report.clientSequence
    }

    mutating func takeCancelRejected(_ report: ExecutionReport) -> UInt64? {
        guard let index = answer(report, from: .cancel, .replace) else { return nil }
        statistics.noteCancelRejected(report.reason)
        if entries[index].kind == .replace { entries[index].state = .ended }
        if report.reason == .none {
            violate(report, "a cancel or replace is refused without a reason")
        } else if report.reason == .unknownOrder, let target = self.index(entries[index].target),
            entries[target].state == .live
        {
            violate(report, "order \(entries[index].target) is refused as unknown, but it is live")
        }
        return report.clientSequence
    }

    /// Whether a report speaks of an order from before this run, and not in answer to one of its commands.
    func isOfEarlierOrder(_ report: ExecutionReport) -> Bool {
        firstClientSequence > 1 && report.clientSequence == 0 && report.clientOrderID < firstClientOrderID
    }

    mutating func takeEarlier(_ report: ExecutionReport) {
        statistics.earlierOrderReports += 1
        guard report.kind == .partiallyFilled || report.kind == .filled else { return }
        if let problem = pairs.add(report) { violate(report, problem) }
    }

    /// Quantities of the report against the model's: they must be equal, and give the order's quantity in all.
    private mutating func checkQuantities(_ report: ExecutionReport, _ index: Int) {
        let order = entries[index]
        if report.cumulativeQuantity != order.cumulative {
            violate(report, "says \(report.cumulativeQuantity) lots traded, its fills sum to \(order.cumulative)")
        }
        if UInt64(report.cumulativeQuantity) + UInt64(report.leavesQuantity) != UInt64(order.quantity) {
            violate(
                report,
                "traded \(report.cumulativeQuantity) and left \(report.leavesQuantity) do not sum to \(order.quantity)")
        }
    }

    /// Limit price, instrument and side of the report against what was sent.
    private mutating func checkTerms(_ report: ExecutionReport, _ index: Int) {
        let order = entries[index]
        if report.price != order.price || report.instrument != order.instrument || report.side != order.side {
            violate(
                report,
                "says \(report.side) @ \(report.price) on instrument \(report.instrument), "
                    + "sent was \(order.side) @ \(order.price) on \(order.instrument)")
        }
    }
}
