extension Command {
    /// The report that refuses this command: a rejection of a new order, or of a cancel or replace.
    @inlinable public func rejection(reason: RejectReason) -> ExecutionReport {
        ExecutionReport(
            kind: kind == .newOrder ? .rejected : .cancelRejected, sequence: sequence,
            timestampNanoseconds: timestampNanoseconds, clientSequence: clientSequence, clientOrderID: clientOrderID,
            originalClientOrderID: originalClientOrderID, price: price, session: session, instrument: instrument,
            side: side, reason: reason)
    }
}
