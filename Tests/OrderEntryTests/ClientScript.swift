import OrderEntry
import Orders

/// A client's session, the node's side of which is written by hand.
final class ClientScript {
    /// One message the client sent; `first` and `count` are the fields of a retransmit request.
    struct Sent: Equatable {
        var type: MessageType
        var sequence: UInt64 = 0
        var first: UInt64 = 0
        var count: UInt32 = 0
    }

    static let number: UInt32 = 3
    static let millisecond: UInt64 = 1_000_000
    var session: ClientSession
    var now: UInt64 = 1_000_000_000
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_400, alignment: 8)

    var state: ClientSessionState { session.state }
    var counters: ClientSessionCounters { session.counters }
    var unansweredCount: Int { session.unansweredCount }
    var isComplete: Bool { session.isComplete }

    init(windowCapacity: Int = 1_024) {
        session = ClientSession(
            ClientSessionConfiguration(
                session: Self.number, participant: 8, accessKey: EstablishRequest.InlineKey([1, 2, 3]),
                sessionVersion: 5, windowCapacity: windowCapacity))
    }

    deinit { buffer.deallocate() }

    /// A session established on both sides, with nothing left to send.
    static func established(
        nextClientSequence: UInt64 = 1, nextReportSequence: UInt64 = 1, windowCapacity: Int = 1_024
    ) -> ClientScript {
        let script = ClientScript(windowCapacity: windowCapacity)
        script.session.establish(now: script.now)
        _ = script.sent()
        script.ack(nextClientSequence, nextReportSequence)
        return script
    }

    /// What the client has to say, of all its datagrams.
    func sent() -> [Sent] {
        var messages: [Sent] = []
        while let row = datagram() { messages += row }
        return messages
    }

    /// What the client's next datagram says.
    func datagram() -> [Sent]? {
        guard let length = session.takeDatagram(into: buffer), let base = buffer.baseAddress else { return nil }
        var messages: [Sent] = []
        var framer = MessageFramer(UnsafeRawPointer(base), length: length)
        while case .message(let bytes, _) = framer.next() {
            guard let type = MessageHeader.type(at: bytes) else { continue }
            var message = Sent(type: type, sequence: MessageHeader.sequence(at: bytes))
            if type == .retransmitRequest {
                (message.first, message.count) = SessionMessage.retransmitRequest(at: bytes)
            }
            messages.append(message)
        }
        return messages
    }

    func after(milliseconds: UInt64) {
        now += milliseconds * Self.millisecond
        session.poll(now: now)
    }

    func order() -> UInt64? {
        session.send(Command(kind: .newOrder, clientOrderID: 1, price: 5, quantity: 1, side: .buy), now: now)
    }

    func orders(_ count: Int) { for _ in 0..<count { _ = order() } }

    // MARK: The node's messages

    func receive(_ write: (UnsafeMutableRawPointer) -> Int) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 128, alignment: 8)
        defer { bytes.deallocate() }
        guard let base = bytes.baseAddress else { return }
        let length = write(base)
        session.receive(UnsafeRawBufferPointer(rebasing: bytes[0..<length]), now: now)
    }

    func ack(_ nextClientSequence: UInt64, _ nextReportSequence: UInt64, version: UInt64 = 5) {
        let ack = EstablishAck(
            session: Self.number, nextClientSequence: nextClientSequence, nextReportSequence: nextReportSequence,
            sessionVersion: version, heartbeatMilliseconds: 1_000, acknowledgementMode: 0)
        receive { ack.encode(into: $0) }
    }

    func report(_ number: UInt64, answering clientSequence: UInt64 = 0) {
        let report = ExecutionReport(
            kind: .accepted, reportSequence: number, clientSequence: clientSequence, session: Self.number)
        receive { ExecutionReportMessage.encode(report, into: $0) }
    }

    func notApplied(_ expected: UInt64, _ reason: NotAppliedReason) {
        receive { SessionMessage.encodeNotApplied(session: Self.number, expected: expected, reason: reason, into: $0) }
    }

    func heartbeat(_ next: UInt64) {
        receive { SessionMessage.encodeHeartbeat(session: Self.number, nextSequence: next, into: $0) }
    }

    func terminate(_ reason: TerminationReason) {
        receive { SessionMessage.encodeTerminate(session: Self.number, reason: reason, into: $0) }
    }

    /// Numbers of the reports the client hands over.
    func delivered() -> [UInt64] {
        var numbers: [UInt64] = []
        while let report = session.nextReport() { numbers.append(report.reportSequence) }
        return numbers
    }
}
