import Edge
import Journal
import OrderEntry
import Orders
import Runtime
import Synchronization
import Wire

/// Takes order-entry messages from the network stages, sequences each command once, applies it, and hands the command
/// to the journal and its reports to the network stage of the session.
///
/// The only writer of the log. Runs on one core.
public struct EngineStage: ~Copyable, Stage {
    /// One network stage as the engine sees it.
    struct Link {
        var orders: SPSCRing<InboundMessage>
        var reports: SPSCRing<OutboundMessage>
        var replies: SPSCRing<OutboundMessage>
        /// Beginnings and ends of sessions, for the filter.
        var grants: SPSCRing<GrantChange>
    }

    var core: EngineCore
    private let links: UnsafeMutablePointer<Link>
    private let linkCount: Int
    /// Network stage each session was last heard on, by session identifier.
    private let linkOfSession: UnsafeMutablePointer<UInt8>
    /// Source address each session is granted from, by session identifier; 0: none.
    private let grantedSource: UnsafeMutablePointer<UInt32>
    private let journal: SPSCRing<Command>
    let journalState: JournalSharedState
    let venue: VenueLink
    private var replies: MessageSink
    private let reportFlags: ExecutionReport.Flags
    private let gated: Bool
    private var commandsSinceCheckpoint: UInt64 = 0
    let counters: CounterBlock<EngineCounter>
    let drops: CounterBlock<DropReason>

    init(
        core: consuming EngineCore, links: [Link], venue: VenueLink, journal: SPSCRing<Command>,
        journalState: JournalSharedState, acknowledgement: AcknowledgementMode
    ) {
        precondition(
            !links.isEmpty && links.count <= Limits.maximumNetworkStages, "an engine needs 1…64 network stages")
        self.core = core
        linkCount = links.count
        self.links = .allocate(capacity: links.count)
        self.links.initialize(from: links, count: links.count)
        linkOfSession = .allocate(capacity: Limits.maximumSessions + 1)
        linkOfSession.initialize(repeating: 0, count: Limits.maximumSessions + 1)
        grantedSource = .allocate(capacity: Limits.maximumSessions + 1)
        grantedSource.initialize(repeating: 0, count: Limits.maximumSessions + 1)
        self.journal = journal
        self.journalState = journalState
        self.venue = venue
        replies = MessageSink(capacity: Limits.messageSinkCapacity)
        gated = acknowledgement != .matched
        reportFlags = gated ? .journaled : []
        counters = CounterBlock()
        drops = CounterBlock()
    }

    deinit {
        links.deallocate()
        linkOfSession.deallocate()
        grantedSource.deallocate()
        replies.deallocate()
        counters.deallocate()
        drops.deallocate()
    }

    public mutating func poll(now: UInt64) -> Int {
        var work = 0
        for index in 0..<linkCount { work &+= drain(link: index, now: now) }
        work &+= runVenue(now: now)
        work &+= runDeadlines(now: now)
        return work &+ runTimers(now: now)
    }

    // MARK: Input

    private mutating func drain(link index: Int, now: UInt64) -> Int {
        let link = links + index
        var taken = 0
        while taken < Limits.messagesPerPoll, let message = link.pointee.orders.peek() {
            guard hasRoom() else {
                counters.add(.backpressure)
                break
            }
            receive(message, link: index, now: now)
            link.pointee.orders.release()
            taken &+= 1
        }
        counters.add(.messages, UInt64(truncatingIfNeeded: taken))
        return taken
    }

    /// A command is only taken when everything it can make has somewhere to go.
    func hasRoom() -> Bool {
        guard journal.freeCount(wanted: Limits.recordsPerCommand) >= Limits.recordsPerCommand else { return false }
        for index in 0..<linkCount {
            let link = links + index
            guard link.pointee.reports.freeCount(wanted: Limits.reportReserve) >= Limits.reportReserve,
                link.pointee.replies.freeCount(wanted: Limits.messageSinkCapacity) >= Limits.messageSinkCapacity,
                // A session that moves ends at one address and begins at another.
                link.pointee.grants.freeCount(wanted: 2) >= 2
            else { return false }
        }
        return true
    }

    private mutating func receive(_ message: UnsafePointer<InboundMessage>, link: Int, now: UInt64) {
        let disposition = core.sessions.receive(message, now: now, replies: &replies)
        // Answers to this message go back where it came in.
        sendReplies(to: link)
        let session = MessageHeader.session(at: InboundMessage.bytes(of: message))
        if session <= UInt32(Limits.maximumSessions), core.sessions.peer(of: session) == message.pointee.peer {
            linkOfSession[Int(session)] = UInt8(truncatingIfNeeded: link)
        }
        switch disposition {
        case .command(let command):
            guard journalState.isAccepting || command.clientSequence == 0 else {
                counters.add(.refusedByJournal)
                core.sessions.refuse(command, reason: .journalUnavailable, replies: &replies)
                break
            }
            if command.kind == .sessionEstablished {
                linkOfSession[Int(command.session)] = UInt8(truncatingIfNeeded: link)
            }
            if command.kind == .newOrder, command.flags & Command.hasTerms != 0 {
                let terms = OrderMessage.terms(InboundMessage.bytes(of: message))
                _ = carryOut(
                    Command(terms: terms, session: command.session, clientSequence: command.clientSequence), now: now)
            }
            execute(command, now: now)
        case .resend(let session, let first, let count):
            resend(session: session, first: first, count: min(count, Limits.reportsPerRetransmission))
        case .handled:
            break
        case .dropped(let reason):
            drops.add(DropReason(reason))
        }
        sendReplies(to: link)
    }

    private mutating func runTimers(now: UInt64) -> Int {
        guard hasRoom() else { return 0 }
        let command = core.sessions.pollTimers(now: now, replies: &replies)
        let work = replies.count
        sendReplies()
        guard let command else { return work }
        execute(command, now: now)
        return work &+ 1
    }

    // MARK: Sequencing

    /// The sequencer: number and time, once; then log, then apply, then report. Gives back the command as it was logged.
    private mutating func carryOut(_ unsequenced: Command, now: UInt64) -> Command {
        var command = unsequenced
        command.sequence = core.sequence &+ 1
        command.timestampNanoseconds = max(now, core.timestampNanoseconds)
        log(command)
        let tradesBefore = core.tradeCount
        core.apply(command)
        counters.add(.reports, UInt64(truncatingIfNeeded: core.sink.count))
        counters.add(.trades, core.tradeCount &- tradesBefore)
        counters.set(.sinkOverflow, to: core.sink.overflow)
        for index in 0..<core.sink.count { send(core.sink.base + index, possibleDuplicate: false) }
        return command
    }

    /// Carries out a command and what follows it. Terms, which precede it, are no command of their own: nothing may come
    /// between the two records, so neither follow-ups nor a checkpoint belong to them.
    mutating func execute(_ unsequenced: Command, now: UInt64) {
        let command = carryOut(unsequenced, now: now)
        counters.add(.commands)
        let gate = gated ? command.sequence : 0
        if command.kind == .sessionEstablished {
            grant(session: command.session)
            core.sessions.acknowledge(session: command.session, gate: gate, replies: &replies)
        } else if command.kind == .sessionTerminated {
            let isFinished = TerminationReason(of: command) == .finished
            endGrant(session: command.session, isFinished ? .ended : .lost)
            core.sessions.close(command, gate: gate, replies: &replies)
        }
        sendReplies()
        commandsSinceCheckpoint &+= 1
        if commandsSinceCheckpoint == Limits.commandsPerCheckpoint { checkpoint() }
    }

    /// Writes the hash of all events so far into the log, so that a replay can tell where it parted.
    mutating func checkpoint() {
        var command = Command(
            kind: .checkpoint, sequence: core.sequence &+ 1, timestampNanoseconds: core.timestampNanoseconds)
        command.clientOrderID = core.events.value
        commandsSinceCheckpoint = 0
        log(command)
        core.apply(command)
    }

    private func log(_ command: Command) {
        // `hasRoom` saw space for terms, the command and a checkpoint before the message was taken.
        let logged = journal.push(command)
        assert(logged, "the journal ring was full although room had been seen")
    }

    // MARK: Grants

    /// Tells every network stage, because nobody knows which of them a client's packets will come in by.
    private func grant(session: UInt32) {
        guard let source = core.sessions.peer(of: session)?.ipv4, source != grantedSource[Int(session)] else { return }
        endGrant(session: session, .ended)
        grantedSource[Int(session)] = source
        announce(GrantChange(source: source, event: .established))
    }

    private func endGrant(session: UInt32, _ event: GrantChange.Event) {
        let source = grantedSource[Int(session)]
        guard source != 0 else { return }
        grantedSource[Int(session)] = 0
        announce(GrantChange(source: source, event: event))
    }

    private func announce(_ change: GrantChange) {
        for index in 0..<linkCount {
            let told = links[index].grants.push(change)
            assert(told, "the ring of grants was full although room had been seen")
        }
    }

    // MARK: Output

    private mutating func resend(session: UInt32, first: UInt64, count: Int) {
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
    private borrowing func send(_ report: UnsafePointer<ExecutionReport>, possibleDuplicate: Bool) {
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
        var outgoing = report.pointee
        outgoing.flags.formUnion(reportFlags)
        if possibleDuplicate { outgoing.flags.formUnion(.possibleDuplicate) }
        slot.pointee.gateSequence = gated ? outgoing.sequence : 0
        slot.pointee.peer = peer
        ExecutionReportMessage.encode(outgoing, into: OutboundMessage.bytes(of: slot))
        ring.publish()
    }

    /// Hands the answers in the sink to a network stage: the given one, or that of their session. What waits for a command
    /// to become durable goes behind the reports, so that it cannot hold up answers that wait for nothing.
    private mutating func sendReplies(to given: Int? = nil) {
        for index in 0..<replies.count {
            let message = replies.base + index
            let session = MessageHeader.session(at: OutboundMessage.bytes(of: message))
            let link = links + (given ?? Int(linkOfSession[Int(min(session, UInt32(Limits.maximumSessions)))]))
            let ring = message.pointee.gateSequence == 0 ? link.pointee.replies : link.pointee.reports
            if !ring.push(message.pointee) { drops.add(.replyRingFull) }
        }
        replies.removeAll()
    }

    static func handle(at stage: UnsafeMutablePointer<EngineStage>) -> StageHandle {
        StageHandle(name: "engine", context: stage) { context, now in
            context.assumingMemoryBound(to: EngineStage.self).pointee.poll(now: now)
        }
    }
}
