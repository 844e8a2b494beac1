import Orders

/// What the owner of a live order hears.
extension RestingOrder {
    /// The limit; 0 for orders without one.
    var reportedPrice: Int64 { type == .market || type == .marketToLimit ? 0 : price }

    @inline(__always) func report(
        _ kind: ReportKind, lost: UInt32, leaves: UInt32, instrument: UInt32, sequence: UInt64,
        timestampNanoseconds: UInt64, reason: RejectReason = .none
    ) -> ExecutionReport {
        ExecutionReport(
            kind: kind, sequence: sequence, timestampNanoseconds: timestampNanoseconds, orderID: orderID,
            clientOrderID: clientOrderID, price: reportedPrice, lastQuantity: lost, leavesQuantity: leaves,
            cumulativeQuantity: cumulativeQuantity, session: UInt32(session), instrument: instrument, side: side,
            reason: reason)
    }

    /// A report that answers nobody's command.
    @inline(__always) func report<Asked: Request>(
        _ kind: ReportKind, lost: UInt32, leaves: UInt32 = 0, instrument: UInt32, by command: Asked,
        reason: RejectReason = .none
    ) -> ExecutionReport {
        report(
            kind, lost: lost, leaves: leaves, instrument: instrument, sequence: command.sequence,
            timestampNanoseconds: command.timestampNanoseconds, reason: reason)
    }
}

extension ReportSink: MatchReceiver {
    @inline(__always) var hasRoom: Bool { capacity &- count >= 2 }

    @inline(__always) private mutating func append(_ report: ExecutionReport, hasRoom: Bool) {
        guard hasRoom else {
            append(report)
            return
        }
        (base + count).initialize(to: report)
        count &+= 1
    }

    @inline(__always) mutating func accepted(_ order: Aggressor, hasRoom: Bool) {
        append(order.report(.accepted), hasRoom: hasRoom)
    }

    @inline(__always) mutating func traded(
        _ order: Aggressor, _ resting: UnsafePointer<RestingOrder>, leaves: UInt32, quantity: UInt32,
        price: Int64, trade: UInt64
    ) {
        append(order.fill(quantity, price: price, trade: trade))
        var report = resting.pointee.report(
            leaves == 0 ? .filled : .partiallyFilled, lost: quantity, leaves: leaves,
            instrument: order.instrument, sequence: order.sequence,
            timestampNanoseconds: order.timestampNanoseconds)
        report.price = price
        report.executionID = trade
        append(report)
    }

    @inline(__always) mutating func ended(_ order: Aggressor, _ reason: RejectReason, hasRoom: Bool) {
        var report = order.report(.cancelled, lost: order.leavesQuantity, reason: reason)
        report.leavesQuantity = 0
        append(report, hasRoom: hasRoom)
    }

    @inline(__always) mutating func cancelled<Asked: Request>(
        _ resting: UnsafePointer<RestingOrder>, lost: UInt32, by command: Asked, hasRoom: Bool
    ) {
        var report = resting.pointee.report(.cancelled, lost: lost, instrument: command.instrument, by: command)
        report.clientSequence = command.clientSequence
        report.originalClientOrderID = resting.pointee.clientOrderID
        report.clientOrderID = command.clientOrderID
        append(report, hasRoom: hasRoom)
    }

    @inline(__always) mutating func replaced<Asked: Request>(
        _ resting: UnsafePointer<RestingOrder>, before: UInt32, leaves: UInt32, by command: Asked, hasRoom: Bool
    ) {
        var report = resting.pointee.report(
            .replaced, lost: before, leaves: leaves, instrument: command.instrument, by: command)
        report.clientSequence = command.clientSequence
        report.originalClientOrderID = command.originalClientOrderID
        append(report, hasRoom: hasRoom)
    }

    @inline(__always) mutating func refused(_ command: Command, _ reason: RejectReason) {
        append(command.rejection(reason: reason))
    }
}

/// Hears nothing: for measuring the engine without its reports.
struct NoReports: MatchReceiver {
    /// Reports there would have been, so that nothing can be left out.
    var count: UInt64 = 0
    @inline(__always) var hasRoom: Bool { true }
    @inline(__always) mutating func accepted(_ order: Aggressor, hasRoom: Bool) { count &+= 1 }
    @inline(__always) mutating func traded(
        _ order: Aggressor, _ resting: UnsafePointer<RestingOrder>, leaves: UInt32, quantity: UInt32,
        price: Int64, trade: UInt64
    ) { count &+= 2 }
    @inline(__always) mutating func ended(_ order: Aggressor, _ reason: RejectReason, hasRoom: Bool) { count &+= 1 }
    @inline(__always) mutating func cancelled<Asked: Request>(
        _ resting: UnsafePointer<RestingOrder>, lost: UInt32, by command: Asked, hasRoom: Bool
    ) { count &+= 1 }
    @inline(__always) mutating func replaced<Asked: Request>(
        _ resting: UnsafePointer<RestingOrder>, before: UInt32, leaves: UInt32, by command: Asked, hasRoom: Bool
    ) { count &+= 1 }
    @inline(__always) mutating func refused(_ command: Command, _ reason: RejectReason) { count &+= 1 }
    @inline(__always) mutating func append(_ report: ExecutionReport) { count &+= 1 }
}
