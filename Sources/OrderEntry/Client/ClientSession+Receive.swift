import Orders

extension ClientSession {
    /// Takes in one datagram from the node. Nothing in it can stop the program: what cannot be used is counted.
    /// - Parameter datagram: the payload, read during the call only.
    public mutating func receive(_ datagram: UnsafeRawBufferPointer, now: UInt64) {
        clockNanoseconds = now
        guard let base = datagram.baseAddress else { return }
        var framer = MessageFramer(base, length: datagram.count)
        while true {
            switch framer.next() {
            case .message(let bytes, _): receive(message: bytes)
            case .failure:
                statistics.framingErrors &+= 1
                return
            case .end: return
            }
        }
    }

    private mutating func receive(message bytes: UnsafeRawPointer) {
        guard MessageHeader.session(at: bytes) == options.session, let type = MessageHeader.type(at: bytes) else {
            statistics.messagesIgnored &+= 1
            return
        }
        let isConnected = phase == .established || phase == .terminating
        switch type {
        case .establishAck where phase == .establishing || phase == .established:
            acknowledged(EstablishAck(at: bytes))
        case .establishReject where phase == .establishing:
            let (version, reason) = SessionMessage.establishReject(at: bytes)
            if version == options.sessionVersion { end(.refused(reason)) }
        case .terminate where isConnected:
            // While establishing, a terminate can only be a late one of the connection before.
            end(.terminated(SessionMessage.terminationReason(at: bytes)))
        case .heartbeat where isConnected:
            lastHeardNanoseconds = clockNanoseconds
            reports.learn(next: MessageHeader.sequence(at: bytes))
            askForMissingReports()
        case .executionReport where isPositioned || options.nextReportSequence != nil:
            lastHeardNanoseconds = clockNanoseconds
            take(ExecutionReportMessage.decode(bytes))
        case .notApplied where isConnected:
            lastHeardNanoseconds = clockNanoseconds
            let (expected, reason) = SessionMessage.notApplied(at: bytes)
            notApplied(expected: expected, reason: reason)
        case .retransmitReject where isConnected:
            lastHeardNanoseconds = clockNanoseconds
            let (from, oldest) = SessionMessage.retransmitReject(at: bytes)
            if from == reports.missing, oldest > from { end(.reportsLost(expected: from, oldest: oldest)) }
        default:
            statistics.messagesIgnored &+= 1
        }
    }

    private mutating func acknowledged(_ ack: EstablishAck) {
        guard ack.sessionVersion == options.sessionVersion, ack.nextClientSequence > 0, ack.nextReportSequence > 0
        else {
            statistics.messagesIgnored &+= 1
            return
        }
        let expected = ack.nextClientSequence
        if isPositioned {
            guard expected >= commands.oldest, expected <= commands.next else {
                // A late acknowledgement of an earlier establish, or a node that knows another past. Only when no
                // other comes is it the second.
                misfit = expected
                return
            }
            acknowledge(below: expected)
        } else {
            commands.start(at: expected)
            if options.nextReportSequence == nil { reports.start(at: ack.nextReportSequence) }
            isPositioned = true
        }
        lastHeardNanoseconds = clockNanoseconds
        reports.learn(next: ack.nextReportSequence)
        if phase == .establishing {
            phase = .established
            acknowledgementMode = ack.acknowledgementMode
            heartbeatNanoseconds = max(1, UInt64(ack.heartbeatMilliseconds)) &* 1_000_000
            pending = []
            commands.goBack(to: expected)
            wentBackTo = 0
            askedEnd = 0
            lastSentNanoseconds = clockNanoseconds
        }
        askForMissingReports()
    }

    private mutating func take(_ report: ExecutionReport) {
        switch reports.store(report) {
        case .stored: statistics.reportsReceived &+= 1
        case .repeated: statistics.reportsRepeated &+= 1
        case .beyondWindow: statistics.reportsBeyondWindow &+= 1
        }
        // Commands are applied in order: an answer to one covers all before it.
        if isPositioned, report.clientSequence < .max { acknowledge(below: report.clientSequence &+ 1) }
        askForMissingReports()
    }

    private mutating func notApplied(expected: UInt64, reason: NotAppliedReason) {
        guard expected > 0, expected <= commands.next else {
            statistics.messagesIgnored &+= 1
            return
        }
        acknowledge(below: expected)
        switch reason {
        case .gap:
            statistics.gapsReported &+= 1
            let isKnown =
                wentBackTo == expected && elapsed(since: wentBackNanoseconds) < options.resendTimeoutNanoseconds
            if !isKnown { goBack(to: expected) }
        case .journalUnavailable, .busy:
            statistics.refusals &+= 1
            pausedUntilNanoseconds = clockNanoseconds &+ options.refusalPauseNanoseconds
            goBack(to: expected)
        case .tooOld, .none:
            break
        }
    }

    private mutating func goBack(to sequence: UInt64) {
        commands.goBack(to: sequence)
        wentBackTo = sequence
        wentBackNanoseconds = clockNanoseconds
    }

    private mutating func acknowledge(below sequence: UInt64) {
        if commands.acknowledge(below: sequence) { waitingSinceNanoseconds = clockNanoseconds }
    }

    /// Asks for the first hole in the reports, once per hole and again when it stays open.
    mutating func askForMissingReports() {
        guard phase == .established, let gap = reports.gap(limit: ClientOptions.retransmitBatch) else { return }
        guard gap.from >= askedEnd || elapsed(since: askedNanoseconds) >= options.retransmitTimeoutNanoseconds else {
            return
        }
        askedEnd = gap.from &+ UInt64(gap.count)
        askedNanoseconds = clockNanoseconds
        pending.insert(.retransmitRequest)
    }
}
