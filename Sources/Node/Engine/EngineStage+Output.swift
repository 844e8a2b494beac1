import Edge
import OrderEntry
import Orders
import Wire

/// What leaves the engine: grants to the filters, reports and answers to the network stages.
extension EngineStage {
    // MARK: Grants

    /// Tells every network stage, because nobody knows which of them a client's packets will come in by.
    func grant(session: UInt32) {
        guard let source = core.sessions.peer(of: session)?.ipv4, source != grantedSource[Int(session)] else { return }
        endGrant(session: session, .ended)
        grantedSource[Int(session)] = source
        announce(GrantChange(source: source, event: .established))
    }

    func endGrant(session: UInt32, _ event: GrantChange.Event) {
        let source = grantedSource[Int(session)]
        guard source != 0 else { return }
        grantedSource[Int(session)] = 0
        announce(GrantChange(source: source, event: event))
    }

    func announce(_ change: GrantChange) {
        for index in 0..<linkCount {
            let told = links[index].grants.push(change)
            assert(told, "the ring of grants was full although room had been seen")
        }
    }

    // MARK: Output

    mutating func resend(session: UInt32, first: UInt64, count: Int) {
        counters.add(.resends)
        for offset in 0..<count {
            guard
                let report = core.sessions.history(
                    session: session, reportSequence: first &+ UInt64(truncatingIfNeeded: offset))
            else { break }
            send(report, possibleDuplicate: true)
        }
    }

    /// Encodes one report into the ring of the session's network stage.
    borrowing func send(_ report: UnsafePointer<ExecutionReport>, possibleDuplicate: Bool) {
        let session = report.pointee.session
        guard session != 0 else {
            tellVenue(report.pointee)
            return
        }
        let ring = links[Int(linkOfSession[Int(session)])].reports
        guard let peer = core.sessions.peer(of: session), let slot = ring.claim() else {
            counters.add(.reportsLeftToRetransmission)
            return
        }
        slot.pointee.gateSequence = gated ? report.pointee.sequence : 0
        slot.pointee.peer = peer
        ExecutionReportMessage.encode(
            report.pointee, adding: possibleDuplicate ? reportFlags.union(.possibleDuplicate) : reportFlags,
            into: OutboundMessage.bytes(of: slot))
        ring.publish()
    }

    /// Hands the answers in the sink to a network stage: the given one, or that of their session. What waits for a command
    /// to become durable goes behind the reports, so that it cannot hold up answers that wait for nothing.
    mutating func sendReplies(to given: Int? = nil) {
        for index in 0..<replies.count {
            let message = replies.base + index
            let session = MessageHeader.session(at: OutboundMessage.bytes(of: message))
            let link = links + (given ?? Int(linkOfSession[Int(min(session, UInt32(Limits.maximumSessions)))]))
            let ring = message.pointee.gateSequence == 0 ? link.pointee.replies : link.pointee.reports
            if !ring.push(message.pointee) { drops.add(.replyRingFull) }
        }
        replies.removeAll()
    }
}
