import OrderEntry
import Orders

/// A session table with the smallest engine there is, and what holds after every message.
final class OrderTable {
    private var table: SessionTable
    private var sink = MessageSink(capacity: 16)
    private let record = UnsafeMutablePointer<InboundMessage>.allocate(capacity: 1)
    private let report = UnsafeMutablePointer<ExecutionReport>.allocate(capacity: 1)
    private var now: UInt64 = 1_700_000_000_000_000_000
    private var sequence: UInt64 = 0
    private var nextOf: [UInt32: UInt64] = [:]

    init() {
        table = SessionTable(
            configurations: OrderTarget.sessions.map {
                SessionConfiguration(
                    session: $0, participant: 70, accessKey: OrderTarget.key, sources: [(0x0A00_0000, 24)],
                    minimumHeartbeatMilliseconds: 50, maximumHeartbeatMilliseconds: 10_000)
            }, reportHistoryCapacity: 16, acknowledgementMode: 1, authenticator: AccessKeyAuthenticator())
        record.initialize(to: InboundMessage())
    }

    deinit {
        sink.deallocate()
        record.deallocate()
        report.deallocate()
    }

    func receive(_ datagram: [UInt8], from peer: Peer, after nanoseconds: UInt64) {
        now &+= nanoseconds
        withExactly(datagram) { memory in
            guard let base = memory.baseAddress else { return }
            var framer = MessageFramer(base, length: memory.count)
            var end = 0
            walk: while true {
                switch framer.next() {
                case .message(let bytes, let length):
                    hold(bytes == UnsafeRawPointer(base) + end, "a message does not begin where the one before ends")
                    end += length
                    hold(end <= memory.count, "a message ends outside its datagram")
                    checkCommand(bytes)
                    take(bytes, length, peer)
                case .failure:
                    guard case .end = framer.next() else { Fuzz.stop("the framer went on behind a fault") }
                    break walk
                case .end:
                    hold(end == memory.count, "\(memory.count - end) bytes were passed over")
                    break walk
                }
            }
        }
        if let command = table.pollTimers(now: now, replies: &sink) { execute(command) }
        drain(atMost: 16)
    }

    func check() { hold(sink.overflow == 0, "\(sink.overflow) answers found no room") }

    /// What a command says is what it says when it is written again.
    private func checkCommand(_ bytes: UnsafeRawPointer) {
        let command = OrderMessage.decode(bytes)
        guard command.kind != .none else { return }
        let terms = OrderMessage.terms(bytes)
        let written = OrderTarget.message { OrderMessage.encode(command, terms: terms, into: $0) }
        written.withUnsafeBytes {
            // A NewOrderTerms that says no more than a NewOrder is written as one.
            let isShorter = MessageHeader.type(at: bytes) == .newOrderTerms && $0.count == MessageType.newOrder.length
            hold(
                isShorter || $0.count == MessageHeader.length(at: bytes), "\(command) is written in \($0.count) bytes")
            hold(OrderMessage.terms($0.baseAddress!) == terms, "\(terms) read as others when written again")
            hold(OrderMessage.decode($0.baseAddress!) == command, "\(command) reads as another when written again")
        }
    }

    private func take(_ bytes: UnsafeRawPointer, _ length: Int, _ peer: Peer) {
        record.pointee.peer = peer
        record.pointee.receivedNanoseconds = now
        InboundMessage.bytes(of: record).copyMemory(from: bytes, byteCount: length)
        switch table.receive(record, now: now, replies: &sink) {
        case .command(let command): execute(command)
        case .resend(let session, let first, let count):
            hold((0...256).contains(count), "\(count) reports are to be sent again")
            for offset in 0..<UInt64(count) {
                let kept = table.history(session: session, reportSequence: first &+ offset)
                hold(kept != nil, "report \(first &+ offset) of session \(session) is to be sent again and is not kept")
                hold(kept?.pointee.reportSequence == first &+ offset, "another report is kept in its place")
            }
        case .handled, .dropped: break
        }
        drain(atMost: 4)
    }

    private func execute(_ unsequenced: Command) {
        var command = unsequenced
        sequence += 1
        command.sequence = sequence
        if command.clientSequence != 0 {
            let expected = nextOf[command.session, default: 1]
            hold(command.clientSequence == expected, "\(command.clientSequence) came in the turn of \(expected)")
            nextOf[command.session] = expected &+ 1
        }
        table.applied(command)
        if command.clientSequence != 0 {
            report.initialize(to: command.rejection(reason: .unknownInstrument))
            table.record(report)
        }
        switch command.kind {
        case .sessionEstablished: table.acknowledge(session: command.session, gate: sequence, replies: &sink)
        case .sessionTerminated: table.close(command, gate: sequence, replies: &sink)
        default: break
        }
    }

    /// Looks at the answers: each must be a message that a client's framer takes.
    private func drain(atMost count: Int) {
        hold(sink.count <= count, "\(sink.count) answers to one message")
        for index in 0..<sink.count {
            let bytes = OutboundMessage.bytes(of: sink.base + index)
            var framer = MessageFramer(bytes, length: MessageHeader.length(at: bytes))
            guard case .message = framer.next() else { Fuzz.stop("an answer is no message") }
        }
        sink.removeAll()
    }
}
