import Orders

extension ClientSession {
    /// Takes in one datagram from the node. Malformed and foreign messages are counted and change nothing.
    public mutating func receive(_ datagram: UnsafeRawBufferPointer, now: UInt64) {
        note(now)
        guard let base = datagram.baseAddress else { return }
        var framer = MessageFramer(base, length: datagram.count)
        while true {
            switch framer.next() {
            case .message(let bytes, _):
                if MessageHeader.session(at: bytes) == configuration.session {
                    take(bytes, now)
                } else {
                    counters.strays &+= 1
                }
            case .failure:
                counters.strays &+= 1
                return
            case .end:
                requestMissing(now)
                return
            }
        }
    }

    private mutating func take(_ bytes: UnsafeRawPointer, _ now: UInt64) {
        guard let type = MessageHeader.type(at: bytes) else { return }
        switch (type, state) {
        case (_, .idle), (_, .ended), (_, .failed): return
        case (.terminate, _): takeTerminate(bytes, now)
        case (.establishAck, .establishing), (.establishAck, .lost), (.establishAck, .established):
            takeAck(EstablishAck(at: bytes), now)
        case (.establishReject, .establishing), (.establishReject, .lost):
            let (version, reason) = SessionMessage.establishReject(at: bytes)
            if version == configuration.sessionVersion { fail(.rejected(reason)) }
        case (.executionReport, .established), (.executionReport, .lost), (.executionReport, .terminating):
            takeReport(bytes, now)
        case (.notApplied, .established): takeNotApplied(bytes, now)
        case (.heartbeat, .established): reports.know(end: MessageHeader.sequence(at: bytes))
        case (.retransmitReject, .established):
            let (_, oldest) = SessionMessage.retransmitReject(at: bytes)
            // What the node keeps only ever moves up, so a late answer says something true too.
            if reports.hasGap, reports.expected < oldest {
                fail(.reportsUnavailable(missing: reports.expected, oldest: oldest))
            }
        case (.establish, _), (.newOrder, _), (.cancel, _), (.replace, _), (.newOrderTerms, _), (.quote, _),
            (.massCancel, _), (.retransmitRequest, _):
            counters.strays &+= 1
            return
        default: break
        }
        lastHeardNanoseconds = now
    }

    private mutating func takeTerminate(_ bytes: UnsafeRawPointer, _ now: UInt64) {
        let reason = SessionMessage.terminationReason(at: bytes)
        if state == .terminating {
            state = .ended(reason == .notEstablished ? .finished : reason)
            pending = []
            return
        }
        switch reason {
        case .notEstablished, .heartbeatTimeout:
            // The node was started anew, or did not hear us: the session itself goes on.
            if state == .established { lose(now) }
        case .none, .finished, .shutdown, .replaced:
            // A late one, from before this client asked, must not end what has not begun.
            if state == .established || state == .lost {
                state = .ended(reason)
                pending = []
            }
        }
    }

    private mutating func takeAck(_ ack: EstablishAck, _ now: UInt64) {
        // No session comes near 2⁶² messages; numbers counted up from here must not overflow.
        let possible = UInt64(1)..<(1 << 62)
        guard ack.sessionVersion == configuration.sessionVersion, possible.contains(ack.nextClientSequence),
            possible.contains(ack.nextReportSequence)
        else {
            counters.strays &+= 1
            return
        }
        if state == .establishing {
            firstClientSequence = ack.nextClientSequence
            firstReportSequence = ack.nextReportSequence
            commands.start(at: ack.nextClientSequence)
            reports.start(at: ack.nextReportSequence)
        } else if ack.nextClientSequence > commands.highestSent {
            fail(.sequenceMismatch(expectedByNode: ack.nextClientSequence, nextHere: commands.highestSent))
            return
        } else if ack.nextClientSequence < commands.oldest {
            // Late: answers to later commands have come since.
            return
        } else {
            reports.know(end: ack.nextReportSequence)
            if confirmation == .asked, ack.nextClientSequence == commands.next { confirmation = .given }
        }
        guard state != .established else { return }
        state = .established
        pending.remove(.establish)
        resendTimeoutNanoseconds = configuration.resendTimeoutNanoseconds
        resendDueNanoseconds = now &+ resendTimeoutNanoseconds
        retransmitTimeoutNanoseconds = Self.retransmitTimeoutNanoseconds
        requestedEnd = 0
        heldUntilNanoseconds = 0
        _ = commands.goBack(to: ack.nextClientSequence)
    }

    private mutating func takeReport(_ bytes: UnsafeRawPointer, _ now: UInt64) {
        let hadGap = reports.hasGap
        switch reports.insert(ExecutionReportMessage.decode(bytes)) {
        case .duplicate: counters.duplicates &+= 1
        case .beyond: counters.reportsBeyondWindow &+= 1
        case .kept: break
        }
        while let report = reports.advance() {
            retransmitTimeoutNanoseconds = Self.retransmitTimeoutNanoseconds
            retransmitDueNanoseconds = now &+ retransmitTimeoutNanoseconds
            if report.clientSequence > 0, commands.answered(report.clientSequence) {
                resendTimeoutNanoseconds = configuration.resendTimeoutNanoseconds
                resendDueNanoseconds = now &+ resendTimeoutNanoseconds
            }
        }
        if !hadGap && reports.hasGap { counters.gaps &+= 1 }
    }

    private mutating func takeNotApplied(_ bytes: UnsafeRawPointer, _ now: UInt64) {
        let (expected, reason) = SessionMessage.notApplied(at: bytes)
        switch reason {
        case .gap:
            counters.notAppliedGap &+= 1
            // The same gap twice at once is one gap, reported behind two datagrams.
            if expected == lastGoBackSequence, now &- lastGoBackNanoseconds < configuration.resendTimeoutNanoseconds / 4
            {
                return
            }
            goBack(to: expected, now)
        case .journalUnavailable, .busy:
            counters.notAppliedJournalUnavailable &+= 1
            guard now >= heldUntilNanoseconds else { return }
            goBack(to: expected, now)
            heldUntilNanoseconds = now &+ resendTimeoutNanoseconds
            backOffResend(heldUntilNanoseconds)
        case .tooOld:
            counters.notAppliedTooOld &+= 1
            // It was applied, so its reports exist or existed: ask for them, and be told if they are gone.
            if expected > commands.oldest, expected <= commands.highestSent {
                ask(from: reports.expected, count: Self.retransmitBatch, now)
                reports.know(end: reports.expected &+ 1)
            }
        case .none: break
        }
    }

    private mutating func goBack(to expected: UInt64, _ now: UInt64) {
        guard commands.goBack(to: expected) else { return }
        lastGoBackSequence = expected
        lastGoBackNanoseconds = now
        pending.remove(.oldestCommand)
        resendDueNanoseconds = now &+ resendTimeoutNanoseconds
    }

    // MARK: Missing reports

    /// Asks for the first hole, once as it is found and then whenever the answer is overdue.
    mutating func requestMissing(_ now: UInt64) {
        guard state == .established, reports.hasGap else { return }
        if reports.expected < requestedEnd {
            guard now >= retransmitDueNanoseconds else { return }
            retransmitTimeoutNanoseconds = min(
                retransmitTimeoutNanoseconds &* 2, Self.retransmitTimeoutNanoseconds &* Self.backoffLimit)
        }
        ask(from: reports.expected, count: reports.missingCount(limit: Self.retransmitBatch), now)
    }

    private mutating func ask(from: UInt64, count: Int, _ now: UInt64) {
        requestFrom = from
        requestCount = UInt32(truncatingIfNeeded: count)
        requestedEnd = from &+ UInt64(count)
        retransmitDueNanoseconds = now &+ retransmitTimeoutNanoseconds
        pending.insert(.retransmitRequest)
    }
}
