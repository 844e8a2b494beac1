import Orders

/// The client's own picture of what it sent, against which every report is checked.
///
/// Give it each command as it is sent and each report in the session's order; it knows then what the node may answer.
/// It checks that each command is answered exactly once, that quantities conserve at every step, that no fill is worse
/// than the limit, that trades with both sides ours pair up, and that nothing happens to an order that does not exist,
/// has not been accepted, or has ended. One thread. Memory: 48 bytes per command.
///
/// On a session that had commands before, orders of that time may still trade or be cancelled: those reports are counted
/// (`earlierOrderReports`), and their fills pair with this run's, but nothing else about them can be checked.
public struct OrderModel: Sendable {
    /// Identifier of the first command; the *n*th has `firstClientOrderID + n − 1`.
    public let firstClientOrderID: UInt64
    /// Client sequence of the first command; above 1 on a session that had commands before.
    public let firstClientSequence: UInt64
    /// Whether every trade must have both its sides in this session.
    public let isSoleParticipant: Bool
    public internal(set) var statistics = OrderStatistics()
    var entries: [Entry] = []
    var pairs = TradePairs()
    var violations = ViolationList()
    private var lastReportSequence: UInt64

    struct Entry {
        enum State: UInt8 { case request, sent, live, ended }
        var target: UInt64
        var price: Int64
        var quantity: UInt32
        var cumulative: UInt32 = 0
        var leaves: UInt32 = 0
        var instrument: UInt32
        var kind: CommandKind
        var side: Side
        var timeInForce: TimeInForce
        var state: State
        var isAnswered = false
    }

    /// - Parameters:
    ///   - firstClientSequence: client sequence of the first command, at least 1.
    ///   - firstReportSequence: number of the first report that will come, at least 1.
    ///   - expectedCommandCount: commands to make room for at once.
    ///   - isSoleParticipant: whether a trade with one side missing at the end is a violation.
    public init(
        firstClientOrderID: UInt64 = 1, firstClientSequence: UInt64 = 1, firstReportSequence: UInt64 = 1,
        expectedCommandCount: Int = 0, isSoleParticipant: Bool = false
    ) {
        self.firstClientOrderID = firstClientOrderID
        self.firstClientSequence = firstClientSequence
        lastReportSequence = firstReportSequence &- 1
        self.isSoleParticipant = isSoleParticipant
        entries.reserveCapacity(expectedCommandCount)
    }

    /// Commands without their direct answer yet.
    public var unansweredCount: UInt64 { statistics.commandsSent - statistics.commandsAnswered }

    /// Notes a command as it is sent. Commands come in client sequence and are numbered by the client's rule.
    public mutating func sent(_ command: Command) {
        precondition(
            command.clientSequence == firstClientSequence + UInt64(entries.count),
            "commands are noted in client sequence")
        precondition(
            command.clientOrderID == firstClientOrderID + UInt64(entries.count),
            "a command's identifier follows from its client sequence")
        entries.append(
            Entry(
                target: command.originalClientOrderID, price: command.price, quantity: command.quantity,
                instrument: command.instrument, kind: command.kind, side: command.side,
                timeInForce: command.timeInForce, state: command.kind == .cancel ? .request : .sent))
        statistics.noteSent(command)
    }

    /// Checks one report and takes it in.
    /// - Returns: the client sequence of the command whose direct answer this is, nil for every other report.
    public mutating func received(_ report: ExecutionReport) -> UInt64? {
        statistics.reportsReceived += 1
        if report.reportSequence != 0 {
            if report.reportSequence != lastReportSequence &+ 1 {
                violate(report, "report numbers must be gapless, the one before was \(lastReportSequence)")
            }
            lastReportSequence = report.reportSequence
        }
        if isOfEarlierOrder(report) {
            takeEarlier(report)
            return nil
        }
        switch report.kind {
        case .accepted: return takeAccepted(report)
        case .rejected: return takeRejected(report)
        case .partiallyFilled, .filled:
            takeFill(report)
            return nil
        case .cancelled: return takeCancelled(report)
        case .replaced: return takeReplaced(report)
        case .cancelRejected: return takeCancelRejected(report)
        case .restated:
            takeRestated(report)
            return nil
        case .none, .massCancelled, .triggered, .phaseChanged, .indicative, .instrumentSet, .commandRejected:
            violate(report, "a report of kind \(report.kind), which a client of plain orders does not get")
            return nil
        }
    }

    /// Index of the command or order with this identifier, nil when it was never sent.
    func index(_ clientOrderID: UInt64) -> Int? {
        let offset = clientOrderID &- firstClientOrderID
        return offset < UInt64(entries.count) ? Int(offset) : nil
    }

    /// Marks the command a direct answer belongs to as answered.
    /// - Returns: its index, or nil after noting why the answer is wrong.
    mutating func answer(_ report: ExecutionReport, from kinds: CommandKind...) -> Int? {
        let offset = report.clientSequence &- firstClientSequence
        guard report.clientSequence > 0, offset < UInt64(entries.count) else {
            violate(report, "answers command \(report.clientSequence), which was never sent")
            return nil
        }
        let index = Int(offset)
        guard kinds.contains(entries[index].kind) else {
            violate(report, "answers command \(report.clientSequence), which is a \(entries[index].kind)")
            return nil
        }
        guard report.clientOrderID == firstClientOrderID + UInt64(index) else {
            violate(report, "answers command \(report.clientSequence), which has another client order identifier")
            return nil
        }
        guard !entries[index].isAnswered else {
            violate(report, "command \(report.clientSequence) is answered a second time")
            return nil
        }
        entries[index].isAnswered = true
        statistics.commandsAnswered += 1
        return index
    }

    /// The live order a report speaks of, or nil after noting why it cannot.
    mutating func liveOrder(_ clientOrderID: UInt64, _ report: ExecutionReport) -> Int? {
        guard let index = index(clientOrderID), entries[index].state != .request else {
            violate(report, "order \(clientOrderID) was never sent")
            return nil
        }
        switch entries[index].state {
        case .live: break
        case .sent, .request:
            violate(report, "order \(clientOrderID) has not been accepted")
            return nil
        case .ended:
            violate(report, "order \(clientOrderID) has ended before")
            return nil
        }
        guard report.instrument == entries[index].instrument else {
            violate(report, "order \(clientOrderID) was sent for instrument \(entries[index].instrument)")
            return nil
        }
        guard report.side == entries[index].side else {
            violate(report, "order \(clientOrderID) was sent as a \(entries[index].side)")
            return nil
        }
        return index
    }

    mutating func violate(_ report: ExecutionReport, _ what: String) {
        violations.note("report \(report.reportSequence) (\(report.kind), order \(report.clientOrderID)): \(what)")
    }
}
