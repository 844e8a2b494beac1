import Orders

/// An order that is trading: what it is, and how far it has got.
struct Aggressor {
    var sequence: UInt64
    var timestampNanoseconds: UInt64
    /// 0 when nobody's command is answered: a triggered stop, a peg.
    var clientSequence: UInt64
    var clientOrderID: UInt64
    var orderID: UInt64
    /// As reported: the limit, 0 for none.
    var price: Int64
    /// The worst key of the other side it may trade at.
    var limitKey: Int64
    var leavesQuantity: UInt32
    var cumulativeQuantity: UInt32 = 0
    var session: UInt32
    var instrument: UInt32
    var side: Side
    /// As in `OrderTraits`.
    var selfTrade: UInt8 = 0
    var hasTraded = false
    var firstTradePrice: Int64 = 0

    @inline(__always) init<Asked: Request>(_ command: Asked) {
        sequence = command.sequence
        timestampNanoseconds = command.timestampNanoseconds
        clientSequence = command.clientSequence
        clientOrderID = command.clientOrderID
        orderID = command.sequence
        price = command.price
        limitKey = BookSide.key(command.price, command.side.opposite)
        leavesQuantity = command.quantity
        session = command.session
        instrument = command.instrument
        side = command.side
    }

    /// A live order that trades by itself or because its owner replaced it.
    init(
        _ order: UnsafePointer<RestingOrder>, leaves: UInt32, limit: Int64?, instrument: UInt32,
        by command: Command, answers: Bool
    ) {
        sequence = command.sequence
        timestampNanoseconds = command.timestampNanoseconds
        clientSequence = answers ? command.clientSequence : 0
        clientOrderID = order.pointee.clientOrderID
        orderID = order.pointee.orderID
        price = order.pointee.reportedPrice
        limitKey = limit.map { BookSide.key($0, order.pointee.side.opposite) } ?? .max
        leavesQuantity = leaves
        cumulativeQuantity = order.pointee.cumulativeQuantity
        session = UInt32(order.pointee.session)
        self.instrument = instrument
        side = order.pointee.side
        selfTrade = order.pointee.selfTrade
    }

    @inline(__always) func report(_ kind: ReportKind, lost: UInt32 = 0, reason: RejectReason = .none) -> ExecutionReport
    {
        ExecutionReport(
            kind: kind, sequence: sequence, timestampNanoseconds: timestampNanoseconds,
            clientSequence: clientSequence, orderID: orderID, clientOrderID: clientOrderID, price: price,
            lastQuantity: lost, leavesQuantity: leavesQuantity, cumulativeQuantity: cumulativeQuantity,
            session: session,
            instrument: instrument, side: side, reason: reason)
    }

    @inline(__always) func fill(_ quantity: UInt32, price: Int64, trade: UInt64) -> ExecutionReport {
        var report = report(leavesQuantity == 0 ? .filled : .partiallyFilled, lost: quantity)
        report.price = price
        report.executionID = trade
        report.flags = .aggressor
        return report
    }
}
