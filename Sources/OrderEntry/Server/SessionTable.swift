import Orders

/// All sessions of the node: decides what an inbound message means, numbers and keeps the reports.
///
/// One thread (the engine's). No allocation after `init`, no clock, no I/O: `now` comes in, answers go to a
/// `MessageSink`, and what must be sequenced is returned as a `Command`. Model: FIX Performance Session Layer, idempotent
/// client flow and recoverable server flow.
public struct SessionTable: ~Copyable {
    /// Session identifiers are 1…this.
    public static var maximumSession: UInt32 { 1_024 }
    /// A session is lost when nothing was heard for this many of its heartbeat intervals.
    public static var silentIntervals: UInt64 { 3 }
    /// The same gap is reported again after this long.
    static var gapRepeatNanoseconds: UInt64 { 1_000_000 }
    /// Set in the flags of a sessionTerminated command when the session's orders are to be cancelled.
    public static var cancelOnDisconnectFlag: UInt8 { 0x80 }

    let slots: UnsafeMutablePointer<UnsafeMutablePointer<ServerSession>?>
    let configurations: [SessionConfiguration]
    /// Index into `configurations` by session identifier.
    let configurationIndex: UnsafeMutablePointer<UInt16>
    let authenticator: any SessionAuthenticator
    let acknowledgementMode: UInt8
    /// The configured sessions in the order of the configuration, for the timers.
    let ordered: UnsafeMutablePointer<UnsafeMutablePointer<ServerSession>>
    let sessionCount: Int
    /// Where the timers look next, as an index into `ordered`.
    var timerCursor = 0

    /// - Parameters:
    ///   - configurations: sessions 1…`maximumSession`, each once, with a heartbeat range that is not empty.
    ///   - reportHistoryCapacity: reports kept per session for retransmission, a power of two.
    ///   - acknowledgementMode: raw `AcknowledgementMode`, told to every client that establishes.
    public init(
        configurations: [SessionConfiguration], reportHistoryCapacity: Int, acknowledgementMode: UInt8,
        authenticator: any SessionAuthenticator
    ) {
        precondition(
            reportHistoryCapacity > 0 && reportHistoryCapacity.nonzeroBitCount == 1,
            "the report history's capacity is not a power of two")
        let count = Int(Self.maximumSession) + 1
        slots = .allocate(capacity: count)
        slots.initialize(repeating: nil, count: count)
        configurationIndex = .allocate(capacity: count)
        configurationIndex.initialize(repeating: 0, count: count)
        self.configurations = configurations
        self.authenticator = authenticator
        self.acknowledgementMode = acknowledgementMode
        sessionCount = configurations.count
        ordered = .allocate(capacity: max(sessionCount, 1))
        for (index, configuration) in configurations.enumerated() {
            let session = Int(configuration.session)
            precondition(session >= 1 && session < count, "session \(session) is outside 1…\(count - 1)")
            precondition(slots[session] == nil, "session \(session) is configured twice")
            let state = UnsafeMutablePointer<ServerSession>.allocate(capacity: 1)
            precondition(
                configuration.minimumHeartbeatMilliseconds >= 1
                    && configuration.minimumHeartbeatMilliseconds <= configuration.maximumHeartbeatMilliseconds,
                "session \(session): the heartbeat range is empty or begins at 0")
            state.initialize(to: ServerSession(configuration, historyCapacity: reportHistoryCapacity))
            slots[session] = state
            (ordered + index).initialize(to: state)
            configurationIndex[session] = UInt16(index)
        }
    }

    deinit {
        for session in 0...Int(Self.maximumSession) {
            guard let state = slots[session] else { continue }
            state.pointee.deallocate()
            state.deallocate()
        }
        slots.deallocate()
        ordered.deallocate()
        configurationIndex.deallocate()
    }

    func state(of session: UInt32) -> UnsafeMutablePointer<ServerSession>? {
        session <= Self.maximumSession ? slots[Int(session)] : nil
    }

    /// Where the session's messages go; nil while it is not established.
    public func peer(of session: UInt32) -> Peer? {
        guard let state = state(of: session), state.pointee.isEstablished else { return nil }
        return state.pointee.peer
    }

    /// A report of the session, while it is kept.
    public func history(session: UInt32, reportSequence: UInt64) -> UnsafePointer<ExecutionReport>? {
        guard let state = state(of: session), reportSequence >= state.pointee.oldestReport,
            reportSequence < state.pointee.nextReportSequence
        else { return nil }
        return UnsafePointer(state.pointee.history + Int(truncatingIfNeeded: reportSequence & state.pointee.mask))
    }

    // MARK: The log's part, live and in replay

    /// Notes that `command` is in the log while its reports are still to come: the client's next one may be taken. Where a
    /// command is applied at once this is part of `applied`.
    public mutating func sequenced(_ command: Command) {
        guard let state = state(of: command.session) else { return }
        switch command.kind {
        case .newOrder, .cancel, .replace, .quote, .massCancel:
            state.pointee.nextClientSequence = max(state.pointee.nextClientSequence, command.clientSequence &+ 1)
        case .sessionEstablished, .sessionTerminated, .terms, .phase, .setInstrument, .timer, .indicate, .setRisk,
            .rule,
            .checkpoint,
            .none:
            break
        }
    }

    /// Notes that the engine has applied `command`; call it before the command's reports are recorded.
    public mutating func applied(_ command: Command) {
        guard let state = state(of: command.session) else { return }
        switch command.kind {
        case .newOrder, .cancel, .replace, .quote, .massCancel:
            let index = Int(truncatingIfNeeded: command.clientSequence & state.pointee.mask)
            (state.pointee.firstReport + index).initialize(to: state.pointee.nextReportSequence)
            state.pointee.nextAnsweredSequence = command.clientSequence &+ 1
            state.pointee.nextClientSequence = max(state.pointee.nextClientSequence, command.clientSequence &+ 1)
        case .sessionEstablished:
            state.pointee.version = command.clientOrderID
            state.pointee.cancelsOnDisconnect = command.flags & 1 != 0
            state.pointee.isOpen = true
            state.pointee.lostSinceNanoseconds = 0
        case .sessionTerminated:
            state.pointee.isOpen = false
        case .terms, .phase, .setInstrument, .timer, .indicate, .setRisk, .rule, .checkpoint, .none:
            // Terms are part of the command behind them, which moves the client's sequence.
            break
        }
    }

    /// Numbers a report within its session and keeps it for retransmission; those of the venue, session 0, are no session's.
    public mutating func record(_ report: UnsafeMutablePointer<ExecutionReport>) {
        guard let state = state(of: report.pointee.session) else { return }
        report.pointee.reportSequence = state.pointee.nextReportSequence
        let index = Int(truncatingIfNeeded: state.pointee.nextReportSequence & state.pointee.mask)
        (state.pointee.history + index).initialize(to: report.pointee)
        state.pointee.nextReportSequence &+= 1
    }

    /// The part of the state that the next command's result can depend on.
    public borrowing func combine(into hash: inout StateHash) {
        for session in 1...Int(Self.maximumSession) {
            guard let state = slots[session] else { continue }
            hash.combine(UInt64(session))
            hash.combine(state.pointee.nextClientSequence)
            hash.combine(state.pointee.nextReportSequence)
            hash.combine(state.pointee.version)
            hash.combine((state.pointee.cancelsOnDisconnect ? 1 : 0) | (state.pointee.isOpen ? 2 : 0) as UInt64)
        }
    }
}
