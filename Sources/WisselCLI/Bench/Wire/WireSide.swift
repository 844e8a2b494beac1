import Glibc
import LoadClient
import NetStack
import OrderEntry
import Orders
import Runtime
import Wire

/// Everything outside the node, on one thread: a client with one session that sends orders at a set rate, and whoever
/// sends what competes with them. Both on the same wire, both in an open loop: what is due goes out, whether or not the
/// node keeps up.
struct WireSide: ~Copyable {
    /// What happened in one phase.
    struct Outcome: Sendable {
        /// From the scheduled time of a command to its report.
        var latencies = LatencyHistogram()
        var commands: UInt64 = 0
        var answered: UInt64 = 0
        /// Those answered before the phase was over.
        var answeredInTime: UInt64 = 0
        /// Answers that say no, but to requests for orders that had traded away.
        var rejected: UInt64 = 0
        var fills: UInt64 = 0
        /// Commands the client had to send again.
        var resends: UInt64 = 0
        /// Messages of the session put on the wire, or refused by it because the node's queue was full.
        var messages: UInt64 = 0
        var backgroundOffered: UInt64 = 0
        /// Frames the node's queue had no room for.
        var backgroundRefused: UInt64 = 0
        var nanoseconds: UInt64 = 0
    }

    private let device: PacketDevice
    private let headers: UDPTemplate
    private let clock: Clock
    private let instruments: [UInt32]
    private let yieldsWhenIdle: Bool
    private var session: ClientSession
    private var outcome = Outcome()
    private let packets: UnsafeMutablePointer<Packet>
    private let datagram: UnsafeMutableRawBufferPointer
    /// When each command was due, by its number.
    private let due: UnsafeMutablePointer<UInt64>
    private static let window = 65_536
    private static let burst = 32
    /// How far the background may fall behind its rate and still catch up.
    private static let debtSeconds = 20e-6
    private var nextOrderID: UInt64 = 1
    private var restingOrderID: UInt64 = 0

    /// - Parameters:
    ///   - instruments: traded by turns; at least one.
    ///   - yieldsWhenIdle: for a CPU that is shared with stages of the node.
    init(
        device: PacketDevice, headers: UDPTemplate, session: ClientSessionConfiguration, instruments: [UInt32],
        clock: Clock, yieldsWhenIdle: Bool = false
    ) {
        self.device = device
        self.headers = headers
        self.clock = clock
        self.instruments = instruments
        self.yieldsWhenIdle = yieldsWhenIdle
        self.session = ClientSession(session)
        packets = .allocate(capacity: Self.burst)
        datagram = .allocate(byteCount: ClientSession.maximumDatagramLength, alignment: 8)
        due = .allocate(capacity: Self.window)
    }

    deinit {
        packets.deallocate()
        datagram.deallocate()
        due.deallocate()
    }

    /// The first session of the first participant, established.
    /// - Parameter yieldsWhenIdle: as above.
    init(_ wired: WiredNode, yieldsWhenIdle: Bool = false) throws {
        let participant = wired.configuration.orderEntry.participants[0]
        self.init(
            device: wired.device, headers: wired.headers(port: wired.configuration.orderEntry.port),
            session: ClientSessionConfiguration(
                session: participant.sessions[0], participant: participant.id,
                accessKey: EstablishRequest.InlineKey(participant.accessKey), sessionVersion: wired.clock.now()),
            instruments: [wired.configuration.instruments[0].specification.id], clock: wired.clock,
            yieldsWhenIdle: yieldsWhenIdle)
        guard establish(withinNanoseconds: 3_000_000_000) else {
            throw PacketBenchmark.Failure(description: "the node did not answer the client within 3 s")
        }
    }

    /// Of a datagram from a client to a port of the node.
    static func headers(
        from host: IPv4Address, to address: IPv4Address, _ mac: MACAddress, port: UInt16
    ) -> UDPTemplate {
        UDPTemplate(
            sourceMAC: MACAddress(rawValue: 0x0200_0000_00AA), destinationMAC: mac, sourceAddress: host,
            destinationAddress: address, sourcePort: 40_000, destinationPort: port)
    }

    /// Where the session stands, for messages.
    var text: String { "\(session.state), \(session.unansweredCount) unanswered, \(session.counters)" }

    var isEstablished: Bool { session.state == .established }

    /// Asks for the session and waits for it.
    mutating func establish(withinNanoseconds limit: UInt64) -> Bool {
        let start = clock.now()
        session.establish(now: start)
        while !isEstablished, clock.now() &- start < limit { serveClient(now: clock.now()) }
        return isEstablished
    }

    /// One phase, then a rest until everything is answered or `settleNanoseconds` are over.
    /// - Parameters:
    ///   - ordersPerSecond, backgroundPerSecond: 0 for none.
    mutating func run(
        nanoseconds: UInt64, ordersPerSecond: Double, background: inout BackgroundTraffic, backgroundPerSecond: Double,
        settleNanoseconds: UInt64 = 5_000_000_000
    ) -> Outcome {
        outcome = Outcome()
        let resends = session.counters.resends
        let start = clock.now()
        let orders = Pacer(startNanoseconds: start, ratePerSecond: max(ordersPerSecond, 0.001))
        let frames = Pacer(startNanoseconds: start, ratePerSecond: max(backgroundPerSecond, 0.001))
        let debtLimit = UInt64(backgroundPerSecond * Self.debtSeconds) &+ UInt64(Self.burst)
        var forgone: UInt64 = 0
        var now = start
        while now &- start < nanoseconds {
            if ordersPerSecond > 0 {
                while case let time = orders.dueNanoseconds(outcome.commands), time <= now {
                    guard sendOrder(due: time, now: now) else { break }
                }
            }
            serveClient(now: now)
            if backgroundPerSecond > 0 {
                let wanted = frames.dueCount(now: now) &- outcome.backgroundOffered &- forgone
                // A wire that was kept from sending does not send faster afterwards; orders are late, not forgone.
                if wanted > debtLimit { forgone &+= wanted &- debtLimit }
                sendBackground(Int(min(wanted, UInt64(Self.burst))), &background)
            }
            now = clock.now()
        }
        outcome.nanoseconds = now &- start
        outcome.answeredInTime = outcome.answered
        while session.unansweredCount > 0, clock.now() &- now < settleNanoseconds { serveClient(now: clock.now()) }
        // What was sent again and is still on its way would otherwise be the next phase's.
        let end = clock.now()
        while settleNanoseconds > 0, clock.now() &- end < 20_000_000 { serveClient(now: clock.now()) }
        outcome.resends = session.counters.resends &- resends
        return outcome
    }

    /// In a closed loop: as many commands of the flow as the node answers, never more than `window` of them unanswered.
    mutating func run(nanoseconds: UInt64, window: Int, flow: inout OrderFlow) -> Outcome {
        outcome = Outcome()
        let resends = session.counters.resends
        let start = clock.now()
        var now = start
        while now &- start < nanoseconds {
            // A datagram's worth at a time, so that what comes is looked at in between.
            for _ in 0..<Self.burst {
                guard session.unansweredCount < window, session.canSend,
                    let sequence = session.send(flow.next(), now: now)
                else { break }
                due[Int(truncatingIfNeeded: sequence) & (Self.window - 1)] = now
                outcome.commands &+= 1
            }
            // The CPU is given away only when there is nothing to do but wait: what is sent meanwhile shares a group commit.
            serveClient(now: now, mayYield: session.unansweredCount >= window || !session.canSend)
            now = clock.now()
        }
        outcome.nanoseconds = now &- start
        outcome.answeredInTime = outcome.answered
        while session.unansweredCount > 0, clock.now() &- now < 5_000_000_000 { serveClient(now: clock.now()) }
        outcome.resends = session.counters.resends &- resends
        return outcome
    }

    /// A resting buy, then its cancel, and so on with the next instrument: each command has one report.
    private mutating func sendOrder(due time: UInt64, now: UInt64) -> Bool {
        let command: Command
        let instrument = instruments[Int((nextOrderID &- 1) / 2 % UInt64(instruments.count))]
        if restingOrderID == 0 {
            command = Command(
                kind: .newOrder, clientOrderID: nextOrderID, price: 9_990, quantity: 1, instrument: instrument,
                side: .buy,
                timeInForce: .day)
        } else {
            command = Command(
                kind: .cancel, clientOrderID: nextOrderID, originalClientOrderID: restingOrderID,
                instrument: instrument,
                side: .buy)
        }
        guard let sequence = session.send(command, now: now) else { return false }
        restingOrderID = restingOrderID == 0 ? nextOrderID : 0
        nextOrderID &+= 1
        due[Int(truncatingIfNeeded: sequence) & (Self.window - 1)] = time
        outcome.commands &+= 1
        return true
    }

    /// Sends what the session has to say, takes in what the node says.
    private mutating func serveClient(now: UInt64, mayYield: Bool = true) {
        session.poll(now: now)
        while let length = session.takeDatagram(into: datagram) { sendDatagram(length) }
        let received = device.receive(into: packets, count: Self.burst)
        guard received > 0 else {
            if yieldsWhenIdle, mayYield { sched_yield() }
            return
        }
        for index in 0..<received {
            let packet = packets[index]
            guard packet.length > UDPTemplate.headerLength else { continue }
            session.receive(
                UnsafeRawBufferPointer(
                    start: packet.bytes + UDPTemplate.headerLength, count: Int(packet.length) - UDPTemplate.headerLength
                ),
                now: now)
        }
        device.free(packets, count: received)
        let arrival = clock.now()
        while let report = session.nextReport() {
            if report.kind == .filled || report.kind == .partiallyFilled { outcome.fills &+= 1 }
            guard report.clientSequence > 0, report.kind != .filled, report.kind != .partiallyFilled else { continue }
            if report.kind == .rejected { outcome.rejected &+= 1 }
            outcome.answered &+= 1
            let time = due[Int(truncatingIfNeeded: report.clientSequence) & (Self.window - 1)]
            outcome.latencies.record(arrival &- time)
        }
    }

    private mutating func sendDatagram(_ length: Int) {
        guard let base = datagram.baseAddress, device.allocate(into: packets, count: 1) == 1 else { return }
        (packets[0].bytes + UDPTemplate.headerLength).copyMemory(from: base, byteCount: length)
        packets[0].length = UInt32(headers.writeHeaders(to: packets[0].bytes, payloadLength: length))
        outcome.messages &+= Self.messageCount(base, length)
        if device.transmit(packets, count: 1) == 0 { device.free(packets, count: 1) }
    }

    private static func messageCount(_ datagram: UnsafeRawPointer, _ length: Int) -> UInt64 {
        var count: UInt64 = 0
        var position = 0
        while position < length {
            count &+= 1
            position += MessageHeader.length(at: datagram + position)
        }
        return count
    }

    private mutating func sendBackground(_ count: Int, _ background: inout BackgroundTraffic) {
        guard count > 0 else { return }
        outcome.backgroundOffered &+= UInt64(count)
        guard device.allocate(into: packets, count: count) == count else {
            outcome.backgroundRefused &+= UInt64(count)
            return
        }
        for index in 0..<count { background.write(to: packets[index]) }
        let sent = device.transmit(packets, count: count)
        guard sent < count else { return }
        outcome.backgroundRefused &+= UInt64(count - sent)
        device.free(packets + sent, count: count - sent)
    }
}
