import OrderEntry
import Orders

/// Order-entry datagrams to the node: framing, then the session table with an engine that accepts everything.
///
/// The input is a row of datagrams, each with a byte in front that says who sends it and how much time has passed.
final class OrderTarget: FuzzTarget {
    static let key = EstablishRequest.InlineKey(1...32)
    static let sessions: [UInt32] = [1, 7]
    static let peers = [
        Peer(mac: 1, ipv4: 0x0A00_0002, port: 40_000), Peer(mac: 2, ipv4: 0x0A00_0003, port: 40_000),
        Peer(mac: 3, ipv4: 0xC0A8_0001, port: 9),
    ]

    var seeds: [[UInt8]] {
        let begin = Self.establish()
        let life = [begin, Self.order(1), Self.cancel(2), Self.replace(3), Self.heartbeat(9)]
        let missing = [begin, Self.order(1), Self.order(5), Self.order(1), Self.retransmit(1), Self.terminate()]
        let all = [begin, Self.stop(1), Self.quote(2), Self.massCancel(3), Self.stop(1)]
        return [
            Self.row(all), Self.row(life), Self.row(missing), Self.row([life.flatMap(\.self)]),
            Self.row([Self.order(1)]),
            Self.row([Self.establish(version: 2), begin]), Self.row([Array(Self.order(1).dropLast())]),
        ]
    }

    func run(_ input: UnsafeRawBufferPointer) {
        let table = OrderTable()
        var reader = InputReader(input)
        while !reader.isAtEnd {
            let said = reader.byte()
            let peer = Self.peers[Int(said & 3) % Self.peers.count]
            table.receive(reader.datagram(), from: peer, after: UInt64(said >> 2) * 1_000_000)
        }
        table.check()
    }

    // MARK: Seeds

    private static func row(_ datagrams: [[UInt8]]) -> [UInt8] { datagrams.flatMap { [4] + InputReader.row([$0]) } }

    static func message(_ write: (UnsafeMutableRawPointer) -> Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: MessageHeader.maximumMessageLength)
        let length = bytes.withUnsafeMutableBytes { write($0.baseAddress!) }
        return Array(bytes[..<length])
    }

    private static func establish(version: UInt64 = 1) -> [UInt8] {
        let request = EstablishRequest(
            session: 7, participant: 70, cancelsOnDisconnect: true, heartbeatMilliseconds: 100, sessionVersion: version,
            nextReportSequence: 1, accessKey: key)
        return message { request.encode(into: $0) }
    }

    private static func command(_ kind: CommandKind, _ sequence: UInt64) -> [UInt8] {
        let command = Command(
            kind: kind, clientSequence: sequence, clientOrderID: sequence, originalClientOrderID: 1, price: 100,
            quantity: 5, session: 7, instrument: 1, side: .buy, timeInForce: .day)
        return message { OrderMessage.encode(command, into: $0) }
    }

    private static func stop(_ sequence: UInt64) -> [UInt8] {
        let command = Command(
            kind: .newOrder, clientSequence: sequence, clientOrderID: sequence,
            originalClientOrderID: OrderTraits(.stop).rawValue, quantity: 5, session: 7, instrument: 1, side: .buy,
            timeInForce: .day, flags: Command.hasTerms)
        return message { OrderMessage.encode(command, terms: OrderTerms(triggerPrice: 101), into: $0) }
    }

    private static func quote(_ sequence: UInt64) -> [UInt8] {
        let command = Command(
            kind: .quote, clientSequence: sequence, clientOrderID: sequence, price: 100, quantity: 5, session: 7,
            instrument: 1, side: .buy, timeInForce: .day)
        return message { OrderMessage.encode(command, into: $0) }
    }

    private static func massCancel(_ sequence: UInt64) -> [UInt8] {
        let command = Command(
            kind: .massCancel, clientSequence: sequence, clientOrderID: sequence, originalClientOrderID: 90, price: 110,
            session: 7, instrument: 1, side: .buy, flags: Command.hasPriceRange)
        return message { OrderMessage.encode(command, into: $0) }
    }

    private static func order(_ sequence: UInt64) -> [UInt8] { command(.newOrder, sequence) }
    private static func cancel(_ sequence: UInt64) -> [UInt8] { command(.cancel, sequence) }
    private static func replace(_ sequence: UInt64) -> [UInt8] { command(.replace, sequence) }
    private static func heartbeat(_ next: UInt64) -> [UInt8] {
        message { SessionMessage.encodeHeartbeat(session: 7, nextSequence: next, into: $0) }
    }
    private static func retransmit(_ from: UInt64) -> [UInt8] {
        message { SessionMessage.encodeRetransmitRequest(session: 7, from: from, count: 9, into: $0) }
    }
    private static func terminate() -> [UInt8] {
        message { SessionMessage.encodeTerminate(session: 7, reason: .finished, into: $0) }
    }
}
