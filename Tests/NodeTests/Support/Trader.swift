import Glibc
import LoadClient
import NetStack
import OrderEntry
import Orders
import Runtime

/// A client at the bench: its session, its order flow, its model of what must come back, and a bad link if wanted.
final class Trader {
    private var session: ClientSession
    private var flow: OrderFlow
    private(set) var model: OrderModel
    private var toNode: LinkFaults
    private var fromNode: LinkFaults
    private let bench: Bench
    private let port: UInt16
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_472, alignment: 8)

    init(
        _ bench: Bench, session id: UInt32 = 1, instrument: UInt32 = 1, seed: UInt64, faults: LinkFaultOptions = .none,
        orders: Int
    ) {
        self.bench = bench
        port = 40_000 + UInt16(id)
        let participant = bench.configuration.orderEntry.participants.first { $0.sessions.contains(id) }!
        session = ClientSession(
            ClientSessionConfiguration(
                session: id, participant: participant.id, accessKey: EstablishRequest.InlineKey(participant.accessKey),
                sessionVersion: 1, cancelsOnDisconnect: true))
        var options = OrderFlowOptions(instrument: instrument)
        options.midPriceTicks = 10_000
        flow = OrderFlow(options: options, seed: seed)
        model = OrderModel(expectedCommandCount: orders, isSoleParticipant: false)
        toNode = LinkFaults(faults, seed: seed &* 3 &+ 1)
        fromNode = LinkFaults(faults, seed: seed &* 5 &+ 2)
    }

    deinit { buffer.deallocate() }

    var streamHash: UInt64 { flow.streamHash.value }
    var unansweredCount: Int { session.unansweredCount }
    var resends: UInt64 { session.counters.resends }
    var state: ClientSessionState { session.state }
    var notApplied: UInt64 { session.counters.notAppliedJournalUnavailable }

    func establish() {
        session.establish(now: bench.now)
        for _ in 0..<200_000 where session.state != .established { exchange() }
    }

    /// Sends one command of the flow if the session takes it.
    func issue() -> Bool {
        guard session.canSend else { return false }
        let command = flow.next()
        model.sent(command)
        return session.send(command, now: bench.now) != nil
    }

    /// Runs the session, the link and the node once.
    func exchange(stepping: Bool = true) {
        session.poll(now: bench.now)
        while let length = session.takeDatagram(into: buffer) {
            toNode.put(UnsafeRawBufferPointer(rebasing: buffer[..<length]), now: bench.now)
            passToNode()
        }
        passToNode()
        if stepping, bench.step() == 0 { usleep(20) }
        while let payload = bench.receive(port: port) {
            payload.withUnsafeBytes {
                fromNode.put($0, now: bench.now)
                passToClient()
            }
        }
        passToClient()
        while let report = session.nextReport() { _ = model.received(report) }
    }

    private func passToNode() {
        while let datagram = toNode.take(now: bench.now) { bench.send(datagram, port: 9_000, fromPort: port) }
    }

    private func passToClient() {
        while let datagram = fromNode.take(now: bench.now) { session.receive(datagram, now: bench.now) }
    }

    /// Sends `count` commands with at most `window` unanswered and waits for every answer; at the end the node is asked
    /// to confirm that nothing is missing, which is an establish message, unless that is not wanted.
    func trade(_ count: Int, window: Int = 64, confirming: Bool = true) {
        var sent = 0
        var rounds = 0
        // Far more than any disk needs; a test that hangs says less than one that fails.
        while sent < count || !(confirming ? isComplete : session.unansweredCount == 0), rounds < 300_000,
            session.state == .established
        {
            while sent < count, session.unansweredCount < window, issue() { sent += 1 }
            if confirming, sent == count, session.unansweredCount == 0 { session.confirm(now: bench.now) }
            exchange()
            rounds += 1
        }
    }

    private var isComplete: Bool { session.isComplete }

    func leave() {
        session.terminate(now: bench.now)
        for _ in 0..<50_000 {
            if case .ended = session.state { return }
            exchange()
        }
    }
}
