import OrderEntry
import Orders

/// One message the server sent.
struct Sent: Equatable {
    var peer: Peer
    var gate: UInt64
    var bytes: [UInt8]

    var type: MessageType { read(bytes) { MessageHeader.type(at: $0)! } }
    var report: ExecutionReport { read(bytes) { ExecutionReportMessage.decode($0) } }
    var ack: EstablishAck { read(bytes) { EstablishAck(at: $0) } }
    var termination: TerminationReason { read(bytes) { SessionMessage.terminationReason(at: $0) } }
    var rejection: EstablishRejectReason { read(bytes) { SessionMessage.establishReject(at: $0).1 } }
    var notApplied: NotApplied {
        let (expected, reason) = read(bytes) { SessionMessage.notApplied(at: $0) }
        return NotApplied(expected: expected, reason: reason)
    }
}

struct NotApplied: Equatable {
    var expected: UInt64
    var reason: NotAppliedReason
}

/// A session table with a toy engine: every order command gives one accepted report, and all is written down.
final class ServerHarness {
    static let key = EstablishRequest.InlineKey(1...32)
    static let peer = Peer(mac: 0x0200_0000_0001, ipv4: 0x0A00_0002, port: 40_000)

    var table: SessionTable
    private var sink = MessageSink(capacity: 16)
    private var record = InboundMessage()
    private(set) var sequence: UInt64 = 0
    private(set) var log: [Command] = []
    /// Terms of the orders executed, by client sequence.
    private(set) var terms: [UInt64: OrderTerms] = [:]
    private(set) var drops: [OrderEntryDrop] = []
    private(set) var framingErrors = 0
    private(set) var commandCount = 0
    private(set) var resendCount = 0
    private(set) var handledCount = 0
    private var outbox: [Sent] = []
    /// When set, order commands are refused with it.
    var refusal: NotAppliedReason?

    init(sessions: [UInt32] = [7], historyCapacity: Int = 4_096) {
        table = SessionTable(
            configurations: sessions.map {
                SessionConfiguration(
                    session: $0, participant: 70, accessKey: Self.key, sources: [(0x0A00_0000, 24)],
                    minimumHeartbeatMilliseconds: 50, maximumHeartbeatMilliseconds: 10_000)
            }, reportHistoryCapacity: historyCapacity, acknowledgementMode: 1, authenticator: AccessKeyAuthenticator())
    }

    deinit { sink.deallocate() }

    /// The order commands applied, in order.
    var executed: [Command] { log.filter { $0.clientSequence != 0 && $0.kind != .terms } }
    var sinkOverflow: UInt64 { sink.overflow }

    /// Takes a datagram; returns what was sent because of it.
    @discardableResult
    func receive(_ datagram: [UInt8], from peer: Peer = peer, now: UInt64 = 1) -> [Sent] {
        let (messages, fault) = frame(datagram)
        if fault != nil { framingErrors += 1 }
        for message in messages {
            withUnsafeMutablePointer(to: &record) { record in
                record.pointee.peer = peer
                record.pointee.receivedNanoseconds = now
                message.withUnsafeBytes {
                    InboundMessage.bytes(of: record).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
                }
                let disposition = table.receive(record, now: now, replies: &sink)
                if case .command(let command) = disposition, command.flags & Command.hasTerms != 0,
                    command.kind == .newOrder, refusal == nil
                {
                    logTerms(OrderMessage.terms(UnsafeRawPointer(InboundMessage.bytes(of: record))), of: command)
                }
                act(on: disposition)
            }
        }
        return takeOutbox()
    }

    @discardableResult
    func poll(now: UInt64) -> [Sent] {
        if let command = table.pollTimers(now: now, replies: &sink) { execute(command) }
        flushSink()
        return takeOutbox()
    }

    /// Applies a log to this fresh table, as a replay does.
    func replay(_ commands: [Command]) {
        for command in commands { apply(command) }
        outbox.removeAll()
    }

    var stateHash: UInt64 {
        var hash = StateHash()
        table.combine(into: &hash)
        return hash.value
    }

    /// Kind and client sequence of a kept report.
    func history(_ reportSequence: UInt64, session: UInt32 = 7) -> ExecutionReport? {
        table.history(session: session, reportSequence: reportSequence)?.pointee
    }

    private func act(on disposition: Disposition) {
        switch disposition {
        case .command(let command):
            commandCount += 1
            if let refusal, command.clientSequence != 0 {
                table.refuse(command, reason: refusal, replies: &sink)
            } else {
                execute(command)
            }
        case .resend(let session, let first, let count):
            resendCount += 1
            for offset in 0..<UInt64(count) {
                guard var report = history(first + offset, session: session) else { break }
                report.flags.formUnion(.possibleDuplicate)
                send(report)
            }
        case .handled: handledCount += 1
        case .dropped(let reason): drops.append(reason)
        }
        flushSink()
    }

    /// Their record stands directly before that of their order, and moves nothing.
    private func logTerms(_ terms: OrderTerms, of command: Command) {
        self.terms[command.clientSequence] = terms
        var record = Command(terms: terms, session: command.session, clientSequence: command.clientSequence)
        record.sequence = sequence + 1
        apply(record)
    }

    private func execute(_ unsequenced: Command) {
        var command = unsequenced
        command.sequence = sequence + 1
        apply(command)
        switch command.kind {
        case .sessionEstablished: table.acknowledge(session: command.session, gate: command.sequence, replies: &sink)
        case .sessionTerminated: table.close(command, gate: command.sequence, replies: &sink)
        default: break
        }
        flushSink()
    }

    private func apply(_ command: Command) {
        sequence = command.sequence
        log.append(command)
        table.applied(command)
        guard command.clientSequence != 0, command.kind != .terms else { return }
        var report = ExecutionReport(
            kind: .accepted, sequence: command.sequence, clientSequence: command.clientSequence,
            orderID: command.sequence, clientOrderID: command.clientOrderID, price: command.price,
            leavesQuantity: command.quantity, session: command.session, instrument: command.instrument,
            side: command.side)
        table.record(&report)
        send(report)
    }

    private func send(_ report: ExecutionReport) {
        guard let peer = table.peer(of: report.session) else { return }
        outbox.append(
            Sent(
                peer: peer, gate: report.sequence, bytes: encoded { ExecutionReportMessage.encode(report, into: $0) }))
    }

    private func flushSink() {
        for index in 0..<sink.count {
            let message = sink.base + index
            let bytes = OutboundMessage.bytes(of: message)
            let length = MessageHeader.length(at: bytes)
            outbox.append(
                Sent(
                    peer: message.pointee.peer, gate: message.pointee.gateSequence,
                    bytes: Array(UnsafeRawBufferPointer(start: bytes, count: length))))
        }
        sink.removeAll()
    }

    private func takeOutbox() -> [Sent] {
        defer { outbox.removeAll() }
        return outbox
    }
}
