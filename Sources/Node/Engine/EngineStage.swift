import Edge
import Journal
import OrderEntry
import Orders
import Runtime
import Synchronization
import Wire

/// Takes order-entry messages from the network stages, sequences each command once, applies it or has its shards apply it,
/// and hands the command to the journal and its reports to the network stage of the session.
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
    let links: UnsafeMutablePointer<Link>
    let linkCount: Int
    /// Network stage that is looked at first: the one whose message had to wait for what was under way.
    private var firstLink = 0
    /// Network stage each session was last heard on, by session identifier.
    let linkOfSession: UnsafeMutablePointer<UInt8>
    /// Source address each session is granted from, by session identifier; 0: none.
    let grantedSource: UnsafeMutablePointer<UInt32>
    /// Commands whose shards are on other cores; empty when they run here.
    var pipeline: ShardPipeline
    let journal: SPSCRing<Command>
    let journalState: JournalSharedState
    let venue: VenueLink
    var replies: MessageSink
    /// The commands of a burst, for looking ahead: `Limits.messagesPerPoll`.
    private let burst: UnsafeMutablePointer<Command>
    let reportFlags: ExecutionReport.Flags
    let gated: Bool
    var commandsSinceCheckpoint: UInt64 = 0
    let counters: CounterBlock<EngineCounter>
    let drops: CounterBlock<DropReason>

    init(
        core: consuming EngineCore, links: [Link], shards: [ShardLink], venue: VenueLink,
        journal: SPSCRing<Command>, journalState: JournalSharedState, acknowledgement: AcknowledgementMode
    ) {
        precondition(
            !links.isEmpty && links.count <= Limits.maximumNetworkStages, "an engine needs 1…64 network stages")
        let table = core.shards
        precondition(shards.isEmpty || shards.count == table.count, "all shards have cores of their own, or none has")
        pipeline = ShardPipeline(links: shards, shards: table)
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
        burst = .allocate(capacity: Limits.messagesPerPoll)
        gated = acknowledgement != .matched
        reportFlags = gated ? .journaled : []
        counters = CounterBlock()
        drops = CounterBlock()
    }

    deinit {
        links.deallocate()
        linkOfSession.deallocate()
        grantedSource.deallocate()
        pipeline.deallocate()
        replies.deallocate()
        burst.deallocate()
        counters.deallocate()
        drops.deallocate()
    }

    public mutating func poll(now: UInt64) -> Int {
        var work = pipeline.isInline ? 0 : retire()
        for offset in 0..<linkCount {
            let index = firstLink &+ offset
            work &+= drain(link: index < linkCount ? index : index &- linkCount, now: now)
        }
        work &+= runVenue(now: now)
        work &+= runDeadlines(now: now)
        return work &+ runTimers(now: now)
    }

    // MARK: Input

    private mutating func drain(link index: Int, now: UInt64) -> Int {
        let link = links + index
        var taken = 0
        if pipeline.isInline, core.looksAhead { lookAhead(link.pointee.orders) }
        while taken < Limits.messagesPerPoll, let message = link.pointee.orders.peek() {
            guard hasRoom() else {
                counters.add(.backpressure)
                break
            }
            guard pipeline.isEmpty || !Self.isSessionEvent(message) else {
                // What a session's beginning or end does depends on all that was before it.
                pipeline.bar()
                firstLink = index
                break
            }
            receive(message, link: index, now: now)
            link.pointee.orders.release()
            taken &+= 1
        }
        counters.add(.messages, UInt64(truncatingIfNeeded: taken))
        return taken
    }

    /// What the messages ask for as far as they are well formed; what they really are `receive` finds out.
    private mutating func lookAhead(_ ring: SPSCRing<InboundMessage>) {
        let messages = ring.peek(maximumCount: Limits.messagesPerPoll)
        guard messages.count > 1, let first = messages.baseAddress else { return }
        for number in messages.indices {
            (burst + number).initialize(to: OrderMessage.decode(InboundMessage.bytes(of: first + number)))
        }
        core.lookAhead(UnsafeBufferPointer(start: burst, count: messages.count))
    }

    private static func isSessionEvent(_ message: UnsafePointer<InboundMessage>) -> Bool {
        switch MessageHeader.type(at: InboundMessage.bytes(of: message)) {
        case .establish, .terminate: true
        default: false
        }
    }

    /// A command is only taken when everything it can make has somewhere to go.
    mutating func hasRoom() -> Bool {
        guard journal.freeCount(wanted: Limits.recordsPerCommand) >= Limits.recordsPerCommand, hasRoomForReports()
        else { return false }
        guard pipeline.isInline || pipeline.hasRoom() else {
            counters.add(.waitsForShards)
            return false
        }
        return true
    }

    /// Towards every network stage.
    @inline(__always) func hasRoomForReports() -> Bool {
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
                note(
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

    static func handle(at stage: UnsafeMutablePointer<EngineStage>) -> StageHandle {
        StageHandle(name: "engine", context: stage) { context, now in
            context.assumingMemoryBound(to: EngineStage.self).pointee.poll(now: now)
        }
    }
}
