import Orders

/// What an inbound message comes to.
public enum Disposition: Sendable {
    /// To be sequenced and applied: a client's command in its turn, or the beginning or end of a session. The terms of a
    /// new order with `Command.hasTerms` are still in the message: `OrderMessage.terms`.
    case command(Command)
    /// Reports to send again: an answered command came once more, or the client missed some.
    case resend(session: UInt32, first: UInt64, count: Int)
    /// Done; answers, if any, are in the sink.
    case handled
    case dropped(OrderEntryDrop)
}

/// Why a message was let go without an effect.
@frozen public enum OrderEntryDrop: UInt8, CaseIterable, Sendable {
    case typeNotAClients
    case sessionUnknown
    case sessionNotEstablished
    case endpointMismatch
    case authenticationFailed
}

extension SessionTable {
    /// Decides what one message means. The record's message must have passed `MessageFramer`.
    ///
    /// Bounded work; at most two answers are written to `replies`.
    public mutating func receive(
        _ message: UnsafePointer<InboundMessage>, now: UInt64, replies: inout MessageSink
    ) -> Disposition {
        let bytes = InboundMessage.bytes(of: message)
        let peer = message.pointee.peer
        let session = MessageHeader.session(at: bytes)
        guard let state = state(of: session) else { return .dropped(.sessionUnknown) }
        guard let type = MessageHeader.type(at: bytes) else { return .dropped(.typeNotAClients) }
        if type == .establish { return establish(state, bytes, from: peer, now: now, replies: &replies) }
        guard state.pointee.isEstablished else {
            // A client that outlived the node learns that it must establish again. Addresses no session may come from
            // get nothing: the node answers no spoofed sender.
            if state.pointee.allows(source: peer.ipv4), let reply = replies.claim(for: peer) {
                _ = SessionMessage.encodeTerminate(session: session, reason: .notEstablished, into: reply)
            }
            return .dropped(.sessionNotEstablished)
        }
        guard peer.isSameEndpoint(as: state.pointee.peer) else { return .dropped(.endpointMismatch) }
        state.pointee.lastHeardNanoseconds = now
        switch type {
        case .newOrder, .cancel, .replace, .newOrderTerms, .quote, .massCancel:
            return order(state, bytes, session: session, now: now, replies: &replies)
        case .heartbeat:
            // The client names the sequence it will use next: anything below was sent and has not come.
            if MessageHeader.sequence(at: bytes) > state.pointee.nextClientSequence {
                reportGap(state, session: session, now: now, replies: &replies)
            }
            return .handled
        case .retransmitRequest:
            return retransmit(state, bytes, session: session, replies: &replies)
        case .terminate:
            return .command(termination(of: session, state, reason: .finished))
        case .establish, .establishAck, .establishReject, .retransmitReject, .notApplied, .executionReport:
            return .dropped(.typeNotAClients)
        }
    }

    /// Tells the client that a command was not applied although it was its turn; it may send it again.
    public mutating func refuse(_ command: Command, reason: NotAppliedReason, replies: inout MessageSink) {
        guard let peer = peer(of: command.session), let reply = replies.claim(for: peer) else { return }
        _ = SessionMessage.encodeNotApplied(
            session: command.session, expected: command.clientSequence, reason: reason, into: reply)
    }

    // MARK: Messages

    private mutating func order(
        _ state: UnsafeMutablePointer<ServerSession>, _ bytes: UnsafeRawPointer, session: UInt32, now: UInt64,
        replies: inout MessageSink
    ) -> Disposition {
        let sequence = MessageHeader.sequence(at: bytes)
        let expected = state.pointee.nextClientSequence
        if sequence == expected { return .command(OrderMessage.decode(bytes)) }
        if sequence > expected {
            reportGap(state, session: session, now: now, replies: &replies)
            return .handled
        }
        // Sequenced before, and its reports are on their way.
        let answered = state.pointee.nextAnsweredSequence
        if sequence >= answered { return .handled }
        // Applied before: answered from what is kept, never executed again.
        let age = answered &- sequence
        let index = Int(truncatingIfNeeded: sequence & state.pointee.mask)
        guard sequence > 0, age <= state.pointee.mask, state.pointee.firstReport[index] >= state.pointee.oldestReport
        else {
            if let reply = replies.claim(for: state.pointee.peer) {
                _ = SessionMessage.encodeNotApplied(session: session, expected: expected, reason: .tooOld, into: reply)
            }
            return .handled
        }
        let first = state.pointee.firstReport[index]
        let next = Int(truncatingIfNeeded: (sequence &+ 1) & state.pointee.mask)
        let end = age == 1 ? state.pointee.nextReportSequence : state.pointee.firstReport[next]
        return .resend(session: session, first: first, count: Int(truncatingIfNeeded: min(end &- first, 256)))
    }

    private mutating func retransmit(
        _ state: UnsafeMutablePointer<ServerSession>, _ bytes: UnsafeRawPointer, session: UInt32,
        replies: inout MessageSink
    ) -> Disposition {
        let (from, count) = SessionMessage.retransmitRequest(at: bytes)
        let oldest = state.pointee.oldestReport
        guard from >= oldest else {
            if let reply = replies.claim(for: state.pointee.peer) {
                _ = SessionMessage.encodeRetransmitReject(
                    session: session, from: from, oldest: oldest, reason: .tooOld, into: reply)
            }
            return .handled
        }
        guard from < state.pointee.nextReportSequence, count > 0 else { return .handled }
        let available = state.pointee.nextReportSequence &- from
        return .resend(
            session: session, first: from, count: Int(truncatingIfNeeded: min(available, UInt64(count), 256)))
    }

    /// One gap report per gap; again only after the expected sequence has moved or some time has passed, so that a
    /// burst behind a lost datagram is answered once.
    private func reportGap(
        _ state: UnsafeMutablePointer<ServerSession>, session: UInt32, now: UInt64, replies: inout MessageSink
    ) {
        let expected = state.pointee.nextClientSequence
        let isFresh = state.pointee.gapReported != expected || now < state.pointee.gapReportedNanoseconds
        guard isFresh || now &- state.pointee.gapReportedNanoseconds >= Self.gapRepeatNanoseconds else { return }
        guard let reply = replies.claim(for: state.pointee.peer) else { return }
        state.pointee.gapReported = expected
        state.pointee.gapReportedNanoseconds = now
        _ = SessionMessage.encodeNotApplied(session: session, expected: expected, reason: .gap, into: reply)
    }
}
