import Orders

/// The client's side of a session: numbers commands, sends them again until they are answered, and hands out each
/// report exactly once and in order, over a link that drops, doubles and reorders datagrams.
///
/// No socket, no clock, no allocation after `init`: bytes and `now` (nanoseconds, any epoch) go in, datagrams come out
/// of `takeDatagram`. Call `poll` at least every few milliseconds, and `takeDatagram` until it returns nil after every
/// other call. One thread. Model: FIX Performance Session Layer, the counterpart of `SessionTable`.
///
/// A new client on an old session goes on where that stands: commands are numbered from, and reports expected from, the
/// numbers in the node's answer (`firstClientSequence`, `firstReportSequence`). Reports sent before are not asked for.
public struct ClientSession: ~Copyable {
    /// Bytes of a datagram at most.
    public static var maximumDatagramLength: Int { 1_400 }
    static let establishIntervalNanoseconds: UInt64 = 100_000_000
    static let terminateAttempts = 10
    static let retransmitTimeoutNanoseconds: UInt64 = 5_000_000
    static let retransmitBatch = 64
    /// Times are doubled without progress up to this many times themselves.
    static let backoffLimit: UInt64 = 16

    public let configuration: ClientSessionConfiguration
    public internal(set) var state = ClientSessionState.idle
    public internal(set) var counters = ClientSessionCounters()
    /// Number of this client's first command; 0 before the session was established.
    public internal(set) var firstClientSequence: UInt64 = 0
    /// Number of the first report this client gets; 0 before the session was established.
    public internal(set) var firstReportSequence: UInt64 = 0

    var commands: CommandWindow
    var reports = ReportWindow()
    var pending: PendingMessages = []
    var latestNanoseconds: UInt64 = 0
    var lastHeardNanoseconds: UInt64 = 0
    var lastSentNanoseconds: UInt64 = 0
    /// When establish or terminate goes again.
    var handshakeDueNanoseconds: UInt64 = 0
    var terminateCount = 0
    var resendTimeoutNanoseconds: UInt64
    var resendDueNanoseconds: UInt64 = 0
    /// No command goes out before: the node cannot take any.
    var heldUntilNanoseconds: UInt64 = 0
    var lastGoBackSequence: UInt64 = 0
    var lastGoBackNanoseconds: UInt64 = 0
    var retransmitTimeoutNanoseconds = Self.retransmitTimeoutNanoseconds
    var retransmitDueNanoseconds: UInt64 = 0
    /// One more than the last report asked for.
    var requestedEnd: UInt64 = 0
    var requestFrom: UInt64 = 0
    var requestCount: UInt32 = 0
    var confirmation = Confirmation.none

    /// Messages that wait for the next datagram, each at most once.
    struct PendingMessages: OptionSet {
        let rawValue: UInt8
        static let establish = PendingMessages(rawValue: 1)
        static let terminate = PendingMessages(rawValue: 2)
        static let retransmitRequest = PendingMessages(rawValue: 4)
        static let oldestCommand = PendingMessages(rawValue: 8)
        static let heartbeat = PendingMessages(rawValue: 16)
    }

    enum Confirmation { case none, asked, given }

    public init(_ configuration: ClientSessionConfiguration) {
        precondition(configuration.heartbeatNanoseconds >= 1_000_000, "a heartbeat interval is at least 1 ms")
        precondition(configuration.resendTimeoutNanoseconds >= 1_000_000, "a resend timeout is at least 1 ms")
        self.configuration = configuration
        commands = CommandWindow(capacity: configuration.windowCapacity)
        resendTimeoutNanoseconds = configuration.resendTimeoutNanoseconds
    }

    /// Number of the next new command.
    public var nextClientSequence: UInt64 { commands.next }
    /// Commands sent, or to be sent, without an answer yet.
    public var unansweredCount: Int { commands.unansweredCount }
    /// Whether `send` would take a command now.
    public var canSend: Bool { state == .established && !commands.isFull }
    /// The report that has not come yet; all before it have.
    public var nextReportSequence: UInt64 { reports.expected }

    // MARK: What the client wants

    /// Asks the node for the session.
    public mutating func establish(now: UInt64) {
        guard state == .idle else { return }
        state = .establishing
        note(now)
        lastHeardNanoseconds = now
        askForSession(now)
    }

    /// Numbers a new order, cancel, replace, quote or mass cancel and puts it into the next datagram; session and sequence
    /// are set here.
    /// - Parameter terms: of a new order; all zero for other commands.
    /// - Returns: its client sequence; nil when the window is full or the session is not established.
    public mutating func send(_ command: Command, terms: OrderTerms = OrderTerms(), now: UInt64) -> UInt64? {
        guard canSend else { return nil }
        precondition(
            OrderMessage.type(of: command) != nil,
            "a client sends new orders, cancels, replaces, quotes and mass cancels only")
        precondition(command.kind == .newOrder || terms == OrderTerms(), "only a new order has terms")
        note(now)
        if !commands.isAwaiting { resendDueNanoseconds = now &+ resendTimeoutNanoseconds }
        if confirmation == .given { confirmation = .none }
        var own = command
        own.session = configuration.session
        if own.kind == .newOrder { own.flags = terms == OrderTerms() ? 0 : Command.hasTerms }
        return commands.append(own, terms)
    }

    /// Asks the node how many reports it has sent, so that none lost at the end goes unnoticed; see `isComplete`.
    public mutating func confirm(now: UInt64) {
        guard state == .established, confirmation == .none else { return }
        note(now)
        confirmation = .asked
        askForSession(now)
    }

    /// Whether every command is answered and, by the answer to `confirm`, every report to date has come.
    public var isComplete: Bool { confirmation == .given && commands.unansweredCount == 0 && !reports.hasGap }

    /// Takes leave; commands without an answer stay so. The state becomes `ended` with the node's answer or after a
    /// second without.
    public mutating func terminate(now: UInt64) {
        note(now)
        switch state {
        case .established, .lost:
            state = .terminating
            terminateCount = 1
            handshakeDueNanoseconds = now &+ Self.establishIntervalNanoseconds
            pending = .terminate
        case .idle, .establishing:
            state = .ended(.none)
            pending = []
        case .terminating, .ended, .failed: break
        }
    }

    /// The next report in the session's order, each once; nil when it has not come.
    public mutating func nextReport() -> ExecutionReport? { reports.take() }

    // MARK: Shared

    mutating func note(_ now: UInt64) { latestNanoseconds = now }

    mutating func askForSession(_ now: UInt64) {
        pending.insert(.establish)
        handshakeDueNanoseconds = now &+ Self.establishIntervalNanoseconds
    }

    mutating func fail(_ failure: ClientSessionFailure) {
        state = .failed(failure)
        pending = []
    }

    mutating func lose(_ now: UInt64) {
        state = .lost
        counters.losses &+= 1
        pending = []
        // A node that answers every establish with a terminate is asked no more often than a silent one.
        handshakeDueNanoseconds = max(handshakeDueNanoseconds, now)
    }
}
