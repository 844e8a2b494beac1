import Orders

extension ClientSession {
    /// Does what is due by time: asks again, sends again, keeps the session alive, finds the node lost.
    public mutating func poll(now: UInt64) {
        note(now)
        switch state {
        case .idle, .ended, .failed: return
        case .establishing, .lost:
            if now >= handshakeDueNanoseconds { askForSession(now) }
        case .terminating:
            guard now >= handshakeDueNanoseconds else { return }
            if terminateCount >= Self.terminateAttempts {
                state = .ended(.none)
                return
            }
            terminateCount += 1
            handshakeDueNanoseconds = now &+ Self.establishIntervalNanoseconds
            pending.insert(.terminate)
        case .established: pollEstablished(now)
        }
    }

    private mutating func pollEstablished(_ now: UInt64) {
        let interval = configuration.heartbeatNanoseconds
        if now > lastHeardNanoseconds, (now &- lastHeardNanoseconds) / 3 > interval {
            lose(now)
            return
        }
        if confirmation == .asked, now >= handshakeDueNanoseconds { askForSession(now) }
        if commands.isAwaiting, now >= resendDueNanoseconds, now >= heldUntilNanoseconds {
            // The oldest makes the node answer it again or apply it; the heartbeat names what else was sent, so that
            // the node tells where it stands.
            pending.formUnion([.oldestCommand, .heartbeat])
            backOffResend(now)
        }
        if now > lastSentNanoseconds, now &- lastSentNanoseconds >= interval { pending.insert(.heartbeat) }
        requestMissing(now)
    }

    mutating func backOffResend(_ now: UInt64) {
        resendTimeoutNanoseconds = min(
            resendTimeoutNanoseconds &* 2, configuration.resendTimeoutNanoseconds &* Self.backoffLimit)
        resendDueNanoseconds = now &+ resendTimeoutNanoseconds
    }

    /// Writes what is to be sent now as one datagram.
    /// - Parameter buffer: room for at least `maximumDatagramLength` bytes.
    /// - Returns: length of the datagram; nil when there is nothing to send.
    public mutating func takeDatagram(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        precondition(buffer.count >= Self.maximumDatagramLength, "a datagram needs room for 1,400 bytes")
        guard let base = buffer.baseAddress else { return nil }
        let session = configuration.session
        var length = 0
        if pending.remove(.establish) != nil { length += request.encode(into: base) }
        if pending.remove(.retransmitRequest) != nil {
            counters.retransmitRequests &+= 1
            length += SessionMessage.encodeRetransmitRequest(
                session: session, from: requestFrom, count: requestCount, into: base + length)
        }
        if pending.remove(.oldestCommand) != nil, commands.isAwaiting {
            counters.resends &+= 1
            length += OrderMessage.encode(
                commands[commands.oldest], terms: commands.terms(commands.oldest), into: base + length)
        }
        if pending.remove(.heartbeat) != nil {
            length += SessionMessage.encodeHeartbeat(
                session: session, nextSequence: commands.highestSent, into: base + length)
        }
        if pending.remove(.terminate) != nil {
            length += SessionMessage.encodeTerminate(session: session, reason: .finished, into: base + length)
        }
        if state == .established, latestNanoseconds >= heldUntilNanoseconds {
            while let sequence = commands.ready,
                length + OrderMessage.length(of: commands[sequence]) <= Self.maximumDatagramLength
            {
                length += OrderMessage.encode(
                    commands[sequence], terms: commands.terms(sequence), into: base + length)
                if commands.advance() { counters.resends &+= 1 }
            }
        }
        guard length > 0 else { return nil }
        lastSentNanoseconds = latestNanoseconds
        return length
    }

    private var request: EstablishRequest {
        EstablishRequest(
            session: configuration.session, participant: configuration.participant,
            cancelsOnDisconnect: configuration.cancelsOnDisconnect,
            heartbeatMilliseconds: UInt32(clamping: configuration.heartbeatNanoseconds / 1_000_000),
            sessionVersion: configuration.sessionVersion, nextReportSequence: reports.expected,
            accessKey: configuration.accessKey)
    }
}
