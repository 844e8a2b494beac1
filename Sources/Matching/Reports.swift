import Orders

/// An order that is trading: the command, and how far it has got.
struct Aggressor {
    var command: Command
    var leavesQuantity: UInt32
    var cumulativeQuantity: UInt32 = 0

    init(_ command: Command) {
        self.command = command
        leavesQuantity = command.quantity
    }

    @inline(__always) func report(_ kind: ReportKind, reason: RejectReason = .none) -> ExecutionReport {
        ExecutionReport(
            kind: kind, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds,
            clientSequence: command.clientSequence, orderID: command.sequence, clientOrderID: command.clientOrderID,
            price: command.price, leavesQuantity: leavesQuantity, cumulativeQuantity: cumulativeQuantity,
            session: command.session, instrument: command.instrument, side: command.side, reason: reason)
    }

    @inline(__always) func fill(_ quantity: UInt32, price: Int64, trade: UInt64) -> ExecutionReport {
        var report = report(leavesQuantity == 0 ? .filled : .partiallyFilled)
        report.price = price
        report.lastQuantity = quantity
        report.executionID = trade
        report.flags = .aggressor
        return report
    }
}

/// What the owner of a resting order hears.
extension RestingOrder {
    @inline(__always) private func report(_ kind: ReportKind, instrument: UInt32, by command: Command)
        -> ExecutionReport
    {
        ExecutionReport(
            kind: kind, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds,
            orderID: orderID, clientOrderID: clientOrderID, price: price, leavesQuantity: leavesQuantity,
            cumulativeQuantity: cumulativeQuantity, session: session, instrument: instrument, side: side)
    }

    @inline(__always) func fill(
        _ quantity: UInt32, trade: UInt64, instrument: UInt32, by command: Command
    ) -> ExecutionReport {
        var report = report(leavesQuantity == 0 ? .filled : .partiallyFilled, instrument: instrument, by: command)
        report.lastQuantity = quantity
        report.executionID = trade
        return report
    }

    func cancelled(by command: Command) -> ExecutionReport {
        var report = report(.cancelled, instrument: command.instrument, by: command)
        report.clientSequence = command.clientSequence
        report.originalClientOrderID = clientOrderID
        report.clientOrderID = command.clientOrderID
        report.leavesQuantity = 0
        return report
    }

    func cancelledOnDisconnect(by command: Command, instrument: UInt32) -> ExecutionReport {
        var report = report(.cancelled, instrument: instrument, by: command)
        report.leavesQuantity = 0
        report.reason = .cancelOnDisconnect
        return report
    }

    func replaced(by command: Command) -> ExecutionReport {
        var report = report(.replaced, instrument: command.instrument, by: command)
        report.clientSequence = command.clientSequence
        report.originalClientOrderID = command.originalClientOrderID
        return report
    }
}
