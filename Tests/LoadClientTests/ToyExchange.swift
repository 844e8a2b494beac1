import Orders

/// A naive price-time book for one instrument and one session, so that a client can be tested without the real engine.
struct ToyExchange {
    /// A way to break the promises the client checks.
    enum Misbehaviour: Sendable {
        case none
        /// Reports the resting side of every hundredth trade twice.
        case fillsTwice
        /// Fills one lot more than was traded, once.
        case inventsQuantity
        /// Leaves the thousandth command without an answer.
        case staysSilent
    }

    private struct Order {
        var clientOrderID: UInt64
        var side: Side
        var price: Int64
        var quantity: UInt32
        var cumulative: UInt32
        var leaves: UInt32 { quantity - cumulative }
    }

    private var book: [Order] = []
    private var tradeCount: UInt64 = 0
    private var commandCount = 0
    let misbehaviour: Misbehaviour

    init(_ misbehaviour: Misbehaviour = .none) { self.misbehaviour = misbehaviour }

    /// The reports a command gives, in order.
    mutating func apply(_ command: Command) -> [ExecutionReport] {
        commandCount += 1
        if misbehaviour == .staysSilent && commandCount == 1_000 { return [] }
        switch command.kind {
        case .newOrder: return enter(command)
        case .cancel: return cancel(command)
        case .replace: return replace(command)
        default: return []
        }
    }

    private mutating func enter(_ command: Command) -> [ExecutionReport] {
        let order = Order(
            clientOrderID: command.clientOrderID, side: command.side, price: command.price, quantity: command.quantity,
            cumulative: 0)
        return [report(.accepted, command, order)] + match(order, command)
    }

    private mutating func cancel(_ command: Command) -> [ExecutionReport] {
        guard let order = remove(command.originalClientOrderID) else { return [refusal(command)] }
        var answer = report(.cancelled, command, order)
        answer.clientOrderID = command.clientOrderID
        answer.originalClientOrderID = order.clientOrderID
        answer.leavesQuantity = 0
        return [answer]
    }

    private mutating func replace(_ command: Command) -> [ExecutionReport] {
        guard let index = book.firstIndex(where: { $0.clientOrderID == command.originalClientOrderID }) else {
            return [refusal(command)]
        }
        guard command.quantity > book[index].cumulative else { return [refusal(command, .invalidQuantity)] }
        var order = book.remove(at: index)
        order.clientOrderID = command.clientOrderID
        order.price = command.price
        order.quantity = command.quantity
        var answer = report(.replaced, command, order)
        answer.originalClientOrderID = command.originalClientOrderID
        return [answer] + match(order, command)
    }

    private mutating func match(_ incoming: Order, _ command: Command) -> [ExecutionReport] {
        var order = incoming
        var reports: [ExecutionReport] = []
        while order.leaves > 0, let best = bestOpposite(order) {
            let quantity = min(order.leaves, book[best].leaves)
            order.cumulative += quantity
            book[best].cumulative += quantity
            tradeCount += 1
            reports.append(fill(order, quantity, book[best].price, command, isAggressor: true))
            var resting = fill(book[best], quantity, book[best].price, command, isAggressor: false)
            if misbehaviour == .inventsQuantity && tradeCount == 20 { resting.lastQuantity += 1 }
            reports.append(resting)
            if misbehaviour == .fillsTwice && tradeCount % 100 == 0 { reports.append(resting) }
            if book[best].leaves == 0 { book.remove(at: best) }
        }
        if order.leaves > 0 {
            if command.timeInForce == .day {
                book.append(order)
            } else {
                var end = report(.cancelled, command, order)
                end.leavesQuantity = 0
                end.reason = .immediateOrCancelRemainder
                reports.append(end)
            }
        }
        return reports
    }

    /// The oldest of the best-priced orders that trade with this one.
    private func bestOpposite(_ order: Order) -> Int? {
        var best: Int?
        for (index, other) in book.enumerated() where other.side != order.side {
            let isBuy = order.side == .buy
            guard isBuy ? other.price <= order.price : other.price >= order.price else { continue }
            if let found = best, isBuy ? book[found].price <= other.price : book[found].price >= other.price {
                continue
            }
            best = index
        }
        return best
    }

    private mutating func remove(_ clientOrderID: UInt64) -> Order? {
        book.firstIndex { $0.clientOrderID == clientOrderID }.map { book.remove(at: $0) }
    }

    private func report(_ kind: ReportKind, _ command: Command, _ order: Order) -> ExecutionReport {
        ExecutionReport(
            kind: kind, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds,
            clientSequence: command.clientSequence, orderID: command.sequence, clientOrderID: order.clientOrderID,
            price: order.price, leavesQuantity: order.leaves, cumulativeQuantity: order.cumulative,
            session: command.session, instrument: command.instrument, side: order.side)
    }

    private func fill(
        _ order: Order, _ quantity: UInt32, _ price: Int64, _ command: Command, isAggressor: Bool
    ) -> ExecutionReport {
        var fill = report(order.leaves == 0 ? .filled : .partiallyFilled, command, order)
        fill.clientSequence = isAggressor ? command.clientSequence : 0
        fill.executionID = tradeCount
        fill.price = price
        fill.lastQuantity = quantity
        fill.flags = isAggressor ? .aggressor : []
        return fill
    }

    private func refusal(_ command: Command, _ reason: RejectReason = .unknownOrder) -> ExecutionReport {
        ExecutionReport(
            kind: .cancelRejected, sequence: command.sequence, clientSequence: command.clientSequence,
            clientOrderID: command.clientOrderID, originalClientOrderID: command.originalClientOrderID,
            session: command.session, instrument: command.instrument, reason: reason)
    }
}
