import Orders

/// Price-time priority written as the rule reads: one array of orders, looked through from end to end for everything.
///
/// The judge of the engine: it shares none of its structures, and is slow.
struct NaiveExchange {
    struct Order {
        var session: UInt32
        var clientOrderID: UInt64
        var orderID: UInt64
        var instrument: UInt32
        var side: Side
        var price: Int64
        var leaves: UInt32
        var traded: UInt32
        /// When it got its place in the queue.
        var queued: UInt64
        /// When it came into the book first.
        var entered: UInt64
    }

    let instruments: [InstrumentSpecification]
    var orders: [Order] = []
    var trades: UInt64 = 0
    private var queueClock: UInt64 = 0

    init(_ instruments: [InstrumentSpecification]) { self.instruments = instruments }

    mutating func apply(_ command: Command) -> [ExecutionReport] {
        queueClock += 1
        switch command.kind {
        case .newOrder: return enter(command)
        case .cancel: return cancel(command)
        case .replace: return replace(command)
        case .sessionTerminated: return command.flags & 0x80 != 0 ? leave(command) : []
        default: return []
        }
    }

    private func report(_ kind: ReportKind, _ order: Order, _ command: Command, answers: Bool) -> ExecutionReport {
        ExecutionReport(
            kind: kind, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds,
            clientSequence: answers ? command.clientSequence : 0, orderID: order.orderID,
            clientOrderID: order.clientOrderID, price: order.price, leavesQuantity: order.leaves,
            cumulativeQuantity: order.traded, session: order.session, instrument: order.instrument, side: order.side)
    }

    private func specification(_ instrument: UInt32) -> InstrumentSpecification? {
        instruments.first { $0.id == instrument }
    }

    private func position(_ session: UInt32, _ clientOrderID: UInt64) -> Int? {
        orders.firstIndex { $0.session == session && $0.clientOrderID == clientOrderID }
    }

    // MARK: New orders

    private func refusal(_ command: Command) -> RejectReason {
        guard let instrument = specification(command.instrument) else { return .unknownInstrument }
        if command.side == .none { return .invalidSide }
        if command.timeInForce == .none { return .invalidTimeInForce }
        if command.quantity == 0 || command.quantity > 0x7FFF_FFFF { return .invalidQuantity }
        if command.clientOrderID == 0 { return .invalidClientOrderID }
        if position(command.session, command.clientOrderID) != nil { return .duplicateClientOrderID }
        if command.price < instrument.minimumPrice || command.price > instrument.maximumPrice {
            return .priceOutsideBook
        }
        let resting = orders.count { $0.instrument == command.instrument }
        return command.timeInForce == .day && resting >= instrument.maximumOrders ? .bookFull : .none
    }

    private mutating func enter(_ command: Command) -> [ExecutionReport] {
        let reason = refusal(command)
        guard reason == .none else { return [command.rejection(reason: reason)] }
        var order = Order(
            session: command.session, clientOrderID: command.clientOrderID, orderID: command.sequence,
            instrument: command.instrument, side: command.side, price: command.price, leaves: command.quantity,
            traded: 0, queued: queueClock, entered: queueClock)
        if command.timeInForce == .fillOrKill {
            let available = orders.filter { crosses($0, order) }.reduce(0) { $0 + UInt64($1.leaves) }
            if available < UInt64(command.quantity) { return [command.rejection(reason: .notFillable)] }
        }
        var reports = [report(.accepted, order, command, answers: true)]
        trade(&order, command, &reports)
        if order.leaves > 0 {
            if command.timeInForce == .day {
                orders.append(order)
            } else {
                order.leaves = 0
                var end = report(.cancelled, order, command, answers: true)
                end.reason = .immediateOrCancelRemainder
                reports.append(end)
            }
        }
        return reports
    }

    // MARK: Trading

    private func crosses(_ resting: Order, _ aggressor: Order) -> Bool {
        resting.instrument == aggressor.instrument && resting.side != aggressor.side
            && (aggressor.side == .buy ? resting.price <= aggressor.price : resting.price >= aggressor.price)
    }

    /// The order an aggressor meets next: best price, then longest in the queue.
    private func counterpart(_ aggressor: Order) -> Int? {
        orders.indices.filter { crosses(orders[$0], aggressor) }.min { one, other in
            let (left, right) = (orders[one], orders[other])
            if left.price != right.price { return (left.price < right.price) == (aggressor.side == .buy) }
            return left.queued < right.queued
        }
    }

    private mutating func trade(_ aggressor: inout Order, _ command: Command, _ reports: inout [ExecutionReport]) {
        while aggressor.leaves > 0, let other = counterpart(aggressor) {
            let quantity = min(aggressor.leaves, orders[other].leaves)
            trades += 1
            aggressor.leaves -= quantity
            aggressor.traded += quantity
            orders[other].leaves -= quantity
            orders[other].traded += quantity
            for (order, isAggressor) in [(aggressor, true), (orders[other], false)] {
                var fill = report(order.leaves == 0 ? .filled : .partiallyFilled, order, command, answers: isAggressor)
                fill.price = orders[other].price
                fill.lastQuantity = quantity
                fill.executionID = trades
                fill.flags = isAggressor ? .aggressor : []
                reports.append(fill)
            }
            if orders[other].leaves == 0 { orders.remove(at: other) }
        }
    }

    // MARK: Cancel, replace, leave

    private mutating func cancel(_ command: Command) -> [ExecutionReport] {
        guard let place = position(command.session, command.originalClientOrderID),
            orders[place].instrument == command.instrument
        else { return [command.rejection(reason: .unknownOrder)] }
        var order = orders.remove(at: place)
        order.leaves = 0
        var end = report(.cancelled, order, command, answers: true)
        end.originalClientOrderID = order.clientOrderID
        end.clientOrderID = command.clientOrderID
        return [end]
    }

    private mutating func replace(_ command: Command) -> [ExecutionReport] {
        guard let place = position(command.session, command.originalClientOrderID),
            orders[place].instrument == command.instrument, let instrument = specification(command.instrument)
        else { return [command.rejection(reason: .unknownOrder)] }
        var order = orders[place]
        let reason: RejectReason =
            if command.clientOrderID == 0 {
                .invalidClientOrderID
            } else if command.clientOrderID != order.clientOrderID,
                position(command.session, command.clientOrderID) != nil
            {
                .duplicateClientOrderID
            } else if command.quantity <= order.traded || command.quantity > 0x7FFF_FFFF {
                .invalidQuantity
            } else if command.price < instrument.minimumPrice || command.price > instrument.maximumPrice {
                .priceOutsideBook
            } else {
                .none
            }
        guard reason == .none else { return [command.rejection(reason: reason)] }
        let leaves = command.quantity - order.traded
        let keepsPlace = command.price == order.price && leaves <= order.leaves
        order.clientOrderID = command.clientOrderID
        order.orderID = command.sequence
        order.price = command.price
        order.leaves = leaves
        var reports = [report(.replaced, order, command, answers: true)]
        reports[0].originalClientOrderID = command.originalClientOrderID
        if keepsPlace {
            orders[place] = order
            return reports
        }
        order.queued = queueClock
        orders.remove(at: place)
        trade(&order, command, &reports)
        if order.leaves > 0 { orders.append(order) }
        return reports
    }

    private mutating func leave(_ command: Command) -> [ExecutionReport] {
        let leaving = orders.filter { $0.session == command.session }.sorted { $0.entered < $1.entered }
        orders.removeAll { $0.session == command.session }
        return leaving.map {
            var order = $0
            order.leaves = 0
            var end = report(.cancelled, order, command, answers: false)
            end.reason = .cancelOnDisconnect
            return end
        }
    }

    func best(_ instrument: UInt32, _ side: Side) -> Int64? {
        let prices = orders.filter { $0.instrument == instrument && $0.side == side }.map(\.price)
        return side == .buy ? prices.max() : prices.min()
    }
}
