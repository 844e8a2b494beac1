import Orders

/// What a session sent and what came of it; plain counts.
public struct OrderStatistics: Sendable, Equatable {
    public internal(set) var newOrdersSent: UInt64 = 0
    public internal(set) var cancelsSent: UInt64 = 0
    public internal(set) var replacesSent: UInt64 = 0
    /// Of the new orders, those sent as immediate-or-cancel or fill-or-kill.
    public internal(set) var immediateOrdersSent: UInt64 = 0
    public internal(set) var commandsAnswered: UInt64 = 0
    public internal(set) var reportsReceived: UInt64 = 0
    public internal(set) var accepted: UInt64 = 0
    public internal(set) var replaced: UInt64 = 0
    /// Orders cancelled because the session asked.
    public internal(set) var cancelled: UInt64 = 0
    /// Orders that ended without a request, such as the remainder of an immediate-or-cancel order.
    public internal(set) var cancelledUnasked: UInt64 = 0
    /// Fill reports; a trade with both sides ours has two.
    public internal(set) var fills: UInt64 = 0
    public internal(set) var filledLots: UInt64 = 0
    /// Reports on orders the session sent before this run.
    public internal(set) var earlierOrderReports: UInt64 = 0
    private var rejectedByReason = [UInt64](repeating: 0, count: 256)
    private var cancelRejectedByReason = [UInt64](repeating: 0, count: 256)

    public var commandsSent: UInt64 { newOrdersSent + cancelsSent + replacesSent }
    /// Orders refused.
    public var rejected: UInt64 { rejectedByReason.reduce(0, +) }
    /// Cancels and replaces refused, mostly because the order had traded before they came.
    public var cancelRejected: UInt64 { cancelRejectedByReason.reduce(0, +) }

    /// Orders refused for this reason.
    public func rejected(_ reason: RejectReason) -> UInt64 { rejectedByReason[Int(reason.rawValue)] }
    /// Cancels and replaces refused for this reason.
    public func cancelRejected(_ reason: RejectReason) -> UInt64 { cancelRejectedByReason[Int(reason.rawValue)] }

    mutating func noteSent(_ command: Command) {
        switch command.kind {
        case .newOrder:
            newOrdersSent += 1
            if command.timeInForce != .day { immediateOrdersSent += 1 }
        case .cancel: cancelsSent += 1
        case .replace: replacesSent += 1
        case .none, .sessionEstablished, .sessionTerminated, .checkpoint, .terms, .quote, .massCancel, .phase,
            .setInstrument, .timer, .indicate, .setRisk, .rule:
            preconditionFailure("the load client sends new orders, cancels and replaces only")
        }
    }

    mutating func noteRejected(_ reason: RejectReason) { rejectedByReason[Int(reason.rawValue)] += 1 }

    mutating func noteCancelRejected(_ reason: RejectReason) { cancelRejectedByReason[Int(reason.rawValue)] += 1 }
}
