import Orders

/// The client's end of a session: numbers commands, sends them again until they are answered, and gives the reports out
/// in order, each once.
///
/// No I/O, no clock: `now` (nanoseconds since the Unix epoch) comes in with every call, datagrams go in by `receive` and
/// come out of `takeDatagram`. What is to be sent is kept as state, not as bytes, so nothing is queued twice and nothing
/// allocates after `init`. One thread.
///
/// A round of its owner: `receive` what came, `poll`, take reports by `nextReport` until nil, `send` new commands, then
/// `takeDatagram` until nil.
public struct ClientSession {
    /// The session is lost when nothing was heard for this many heartbeat intervals.
    static let silentIntervals: UInt64 = 3

    public let options: ClientOptions
    public internal(set) var phase = ClientPhase.idle
    public internal(set) var statistics = ClientStatistics()
    /// Raw `AcknowledgementMode` of the node, from its acknowledgement.
    public internal(set) var acknowledgementMode: UInt8 = 0
    /// Interval the node granted.
    public internal(set) var heartbeatNanoseconds: UInt64

    var commands: CommandWindow
    var reports: ReportWindow
    /// Whether both windows stand where the node's numbers are; before the first acknowledgement they do not.
    var isPositioned = false
    var pending: Pending = []
    /// Latest `now` of any call.
    var clockNanoseconds: UInt64 = 0
    var lastHeardNanoseconds: UInt64 = 0
    var lastSentNanoseconds: UInt64 = 0

    // Establish and terminate
    var attempts = 0
    var lastAttemptNanoseconds: UInt64 = 0
    /// Expected client sequence of an acknowledgement that fits nothing we know, perhaps only late; 0: none.
    var misfit: UInt64 = 0

    // Commands
    /// Since when the oldest command in flight has been waiting.
    var waitingSinceNanoseconds: UInt64 = 0
    /// The last gap gone back to, and when: the same gap is reported several times while the commands are on their way.
    var wentBackTo: UInt64 = 0
    var wentBackNanoseconds: UInt64 = 0
    var pausedUntilNanoseconds: UInt64 = 0

    // Reports
    /// End of the last range of reports asked for, and when.
    var askedEnd: UInt64 = 0
    var askedNanoseconds: UInt64 = 0

    /// Small messages that wait to be sent.
    struct Pending: OptionSet {
        let rawValue: UInt8
        static let establish = Pending(rawValue: 1)
        static let heartbeat = Pending(rawValue: 2)
        static let terminate = Pending(rawValue: 4)
        static let retransmitRequest = Pending(rawValue: 8)
        /// The oldest command in flight once more, ahead of the others.
        static let oldestCommand = Pending(rawValue: 16)
    }

    public init(_ options: ClientOptions) {
        precondition(
            options.maximumDatagramLength >= MessageHeader.maximumMessageLength,
            "a datagram must hold at least one message, \(MessageHeader.maximumMessageLength) bytes")
        self.options = options
        heartbeatNanoseconds = UInt64(options.heartbeatMilliseconds) &* 1_000_000
        commands = CommandWindow(capacity: options.commandWindow)
        reports = ReportWindow(capacity: options.reportWindow)
        if let first = options.nextReportSequence { reports.start(at: max(first, 1)) }
    }

    // MARK: What the owner asks for

    /// Begins to establish the session, or to establish it again after it ended.
    public mutating func establish(now: UInt64) {
        clockNanoseconds = now
        switch phase {
        case .idle, .ended:
            phase = .establishing
            attempts = 0
            misfit = 0
            pending = []
            attempt(.establish)
        case .establishing, .established, .terminating:
            return
        }
    }

    /// Gives a new order, cancel or replace its client sequence and queues it for sending.
    /// - Returns: the client sequence; nil when the session is not established or the command window is full.
    public mutating func send(_ command: Command, now: UInt64) -> UInt64? {
        precondition(
            command.kind == .newOrder || command.kind == .cancel || command.kind == .replace,
            "\(command.kind) is not a client's command")
        clockNanoseconds = now
        guard phase == .established, !commands.isFull else { return nil }
        var own = command
        own.session = options.session
        return commands.append(own)
    }

    /// Ends the session. Call it when `unacknowledgedCount` is 0: commands not sent by now are not sent any more.
    public mutating func terminate(now: UInt64) {
        clockNanoseconds = now
        guard phase == .established else { return }
        phase = .terminating
        pending = []
        attempts = 0
        attempt(.terminate)
    }

    /// The next report in order, each once; nil when it has not come yet.
    public mutating func nextReport() -> ExecutionReport? {
        guard let report = reports.take() else { return nil }
        askForMissingReports()
        return report
    }

    // MARK: What the owner may know

    /// Commands given to `send` that no answer covers yet.
    public var unacknowledgedCount: Int { commands.unacknowledgedCount }
    /// Commands that `send` would take now.
    public var freeCommandCount: Int { phase == .established ? options.commandWindow - unacknowledgedCount : 0 }
    /// Client sequence the next command gets.
    public var nextClientSequence: UInt64 { commands.next }
    /// Report sequence `nextReport` gives out next; what a restarted client passes as `nextReportSequence`.
    public var nextReportSequence: UInt64 { reports.next }
    /// Whether the node is known to have numbered reports that have not come.
    public var isMissingReports: Bool { reports.missing < reports.known }

    // MARK: Parts

    mutating func attempt(_ message: Pending) {
        attempts += 1
        lastAttemptNanoseconds = clockNanoseconds
        pending.insert(message)
    }

    mutating func end(_ reason: ClientEnd) {
        phase = .ended(reason)
        pending = []
    }

    func elapsed(since time: UInt64) -> UInt64 { clockNanoseconds > time ? clockNanoseconds &- time : 0 }
}
