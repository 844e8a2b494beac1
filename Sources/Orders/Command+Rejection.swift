extension Command {
    /// The report that refuses this command: of a new order or quote a rejection, of a cancel, replace or mass cancel a refusal
    /// of the change, of the venue's own commands the answer to them.
    @inlinable public func rejection(reason: RejectReason) -> ExecutionReport {
        let reportKind: ReportKind
        switch kind {
        case .newOrder, .quote: reportKind = .rejected
        case .cancel, .replace, .massCancel: reportKind = .cancelRejected
        default:
            return ExecutionReport(
                kind: .commandRejected, sequence: sequence, timestampNanoseconds: timestampNanoseconds,
                instrument: instrument, reason: reason)
        }
        return ExecutionReport(
            kind: reportKind, sequence: sequence, timestampNanoseconds: timestampNanoseconds,
            clientSequence: clientSequence, clientOrderID: clientOrderID,
            originalClientOrderID: kind == .cancel || kind == .replace ? originalClientOrderID : 0, price: price,
            session: session, instrument: instrument, side: side, reason: reason)
    }
}
