import Orders

extension SessionTable {
    /// Kept out of `receive`, which is hot: the configuration's arrays are only touched here.
    @inline(never)
    mutating func establish(
        _ state: UnsafeMutablePointer<ServerSession>, _ bytes: UnsafeRawPointer, from peer: Peer, now: UInt64,
        replies: inout MessageSink
    ) -> Disposition {
        let request = EstablishRequest(at: bytes)
        let configuration = configurations[Int(configurationIndex[Int(request.session)])]
        guard authenticator.authenticate(request, from: peer, configuration: configuration) else {
            // No answer: whoever guesses learns nothing.
            return .dropped(.authenticationFailed)
        }
        let refusal = refusalReason(state, request, peer)
        guard refusal == .none else {
            if let reply = replies.claim(for: peer) {
                _ = SessionMessage.encodeEstablishReject(
                    session: request.session, sessionVersion: request.sessionVersion, reason: refusal, into: reply)
            }
            return .handled
        }
        let isSameEndpoint = state.pointee.isEstablished && peer.isSameEndpoint(as: state.pointee.peer)
        let isRepeated =
            isSameEndpoint && request.sessionVersion == state.pointee.version
            && request.cancelsOnDisconnect == state.pointee.cancelsOnDisconnect
        if state.pointee.isEstablished, !isSameEndpoint, let reply = replies.claim(for: state.pointee.peer) {
            _ = SessionMessage.encodeTerminate(session: request.session, reason: .replaced, into: reply)
        }
        state.pointee.isEstablished = true
        state.pointee.peer = peer
        state.pointee.heartbeatNanoseconds = UInt64(request.heartbeatMilliseconds) &* 1_000_000
        state.pointee.lastHeardNanoseconds = now
        state.pointee.lastHeartbeatSentNanoseconds = now
        state.pointee.gapReported = 0
        if isRepeated {
            acknowledge(session: request.session, gate: state.pointee.establishedGate, replies: &replies)
            return .handled
        }
        return .command(
            Command(
                kind: .sessionEstablished, clientOrderID: request.sessionVersion, session: request.session,
                flags: request.cancelsOnDisconnect ? 1 : 0))
    }

    /// Writes the yes to an establish; `gate` is the sequence of its command, which must be durable first.
    public mutating func acknowledge(session: UInt32, gate: UInt64, replies: inout MessageSink) {
        guard let state = state(of: session), state.pointee.isEstablished,
            let reply = replies.claim(for: state.pointee.peer, gate: gate)
        else { return }
        state.pointee.establishedGate = gate
        let ack = EstablishAck(
            session: session, nextClientSequence: state.pointee.nextClientSequence,
            nextReportSequence: state.pointee.nextReportSequence, sessionVersion: state.pointee.version,
            heartbeatMilliseconds: UInt32(truncatingIfNeeded: state.pointee.heartbeatNanoseconds / 1_000_000),
            acknowledgementMode: acknowledgementMode)
        _ = ack.encode(into: reply)
    }

    private func refusalReason(
        _ state: UnsafeMutablePointer<ServerSession>, _ request: EstablishRequest, _ peer: Peer
    ) -> EstablishRejectReason {
        if request.sessionVersion < state.pointee.version || request.sessionVersion == 0 { return .versionTooOld }
        // The version fences: a live connection yields to a greater one only, so a late duplicate of an establish, or
        // a second client started by mistake, cannot take the session away.
        if state.pointee.isEstablished, request.sessionVersion == state.pointee.version,
            !peer.isSameEndpoint(as: state.pointee.peer)
        {
            return .versionTooOld
        }
        if !state.pointee.heartbeatMilliseconds.contains(request.heartbeatMilliseconds) { return .heartbeatInvalid }
        if request.nextReportSequence > state.pointee.nextReportSequence { return .reportSequenceInvalid }
        return .none
    }

    // MARK: The end of a session

    func termination(
        of session: UInt32, _ state: UnsafeMutablePointer<ServerSession>, reason: TerminationReason
    ) -> Command {
        let cancel = state.pointee.cancelsOnDisconnect ? Self.cancelOnDisconnectFlag : 0
        return Command(kind: .sessionTerminated, session: session, flags: reason.rawValue | cancel)
    }

    /// Ends the connection after its sessionTerminated command was applied and its last reports were sent: tells the
    /// client and forgets where it was.
    public mutating func close(_ command: Command, gate: UInt64, replies: inout MessageSink) {
        guard let state = state(of: command.session), state.pointee.isEstablished else { return }
        if let reply = replies.claim(for: state.pointee.peer, gate: gate) {
            _ = SessionMessage.encodeTerminate(
                session: command.session, reason: TerminationReason(of: command), into: reply)
        }
        state.pointee.isEstablished = false
    }

    // MARK: Time

    /// Sends heartbeats that are due and finds one session that was silent too long.
    ///
    /// A session that the log left open and that has no connection (after a restart) is lost when its client has not
    /// come back within three of the longest heartbeat intervals it may ask for, counted from the first look at it;
    /// so cancel on disconnect holds across a restart of the node.
    ///
    /// Looks at up to eight sessions per call, round robin; writes at most eight messages.
    /// - Returns: the command that ends a lost session, if one was found.
    public mutating func pollTimers(now: UInt64, replies: inout MessageSink) -> Command? {
        for _ in 0..<min(8, sessionCount) {
            let state = ordered[timerCursor]
            timerCursor = timerCursor &+ 1 == sessionCount ? 0 : timerCursor &+ 1
            guard state.pointee.isEstablished else {
                if state.pointee.isOpen, hasStayedAway(state, now: now) {
                    return termination(of: state.pointee.session, state, reason: .heartbeatTimeout)
                }
                continue
            }
            let interval = state.pointee.heartbeatNanoseconds
            if now > state.pointee.lastHeardNanoseconds,
                now &- state.pointee.lastHeardNanoseconds > interval &* Self.silentIntervals
            {
                return termination(of: state.pointee.session, state, reason: .heartbeatTimeout)
            }
            if now > state.pointee.lastHeartbeatSentNanoseconds,
                now &- state.pointee.lastHeartbeatSentNanoseconds >= interval,
                let reply = replies.claim(for: state.pointee.peer)
            {
                state.pointee.lastHeartbeatSentNanoseconds = now
                _ = SessionMessage.encodeHeartbeat(
                    session: state.pointee.session, nextSequence: state.pointee.nextReportSequence, into: reply)
            }
        }
        return nil
    }

    private func hasStayedAway(_ state: UnsafeMutablePointer<ServerSession>, now: UInt64) -> Bool {
        guard state.pointee.lostSinceNanoseconds != 0 else {
            state.pointee.lostSinceNanoseconds = now
            return false
        }
        let longest = UInt64(state.pointee.heartbeatMilliseconds.upperBound) &* 1_000_000 &* Self.silentIntervals
        return now > state.pointee.lostSinceNanoseconds && now &- state.pointee.lostSinceNanoseconds > longest
    }
}

extension TerminationReason {
    /// Why a sessionTerminated command ends its session.
    public init(of command: Command) {
        self = TerminationReason(rawValue: command.flags & ~SessionTable.cancelOnDisconnectFlag) ?? .none
    }
}
