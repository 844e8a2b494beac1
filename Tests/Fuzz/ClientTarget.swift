import OrderEntry
import Orders

/// Datagrams from a node to a client's session, as the load client meets them: a row of them.
final class ClientTarget: FuzzTarget {
    var seeds: [[UInt8]] {
        let ack = OrderTarget.message {
            EstablishAck(
                session: 7, nextClientSequence: 1, nextReportSequence: 1, sessionVersion: 1, heartbeatMilliseconds: 100,
                acknowledgementMode: 1
            ).encode(into: $0)
        }
        let reports = (1...4).map { Self.report(UInt64($0)) }
        let heartbeat = OrderTarget.message { SessionMessage.encodeHeartbeat(session: 7, nextSequence: 5, into: $0) }
        let end = OrderTarget.message { SessionMessage.encodeTerminate(session: 7, reason: .replaced, into: $0) }
        let gap = OrderTarget.message {
            SessionMessage.encodeNotApplied(session: 7, expected: 1, reason: .tooOld, into: $0)
        }
        return [
            InputReader.row([ack] + reports + [heartbeat]), InputReader.row([ack, reports[3], reports[1], heartbeat]),
            InputReader.row([ack, gap, end]), InputReader.row([ack + reports.flatMap(\.self)]), InputReader.row([end]),
        ]
    }

    private static func report(_ sequence: UInt64) -> [UInt8] {
        let command = Command(kind: .newOrder, sequence: sequence, clientSequence: sequence, session: 7)
        var report = command.rejection(reason: .unknownInstrument)
        report.reportSequence = sequence
        return OrderTarget.message {
            ExecutionReportMessage.encode(report, into: $0)
            return MessageHeader.length(at: $0)
        }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        var session = ClientSession(
            ClientSessionConfiguration(
                session: 7, participant: 70, accessKey: OrderTarget.key, sessionVersion: 1, windowCapacity: 64))
        var reader = InputReader(input)
        var now: UInt64 = 1_000_000_000
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_472, alignment: 8)
        defer { buffer.deallocate() }
        session.establish(now: now)
        for number in 1...4 as ClosedRange<UInt64> {
            step(&session, reader.isAtEnd ? [] : reader.datagram(), now: now, buffer)
            guard session.canSend else { continue }
            // With terms and without, so that what is sent again has both lengths.
            let terms = OrderTerms(triggerPrice: Int64(number & 1))
            _ = session.send(Command(kind: .newOrder, clientOrderID: number, session: 7), terms: terms, now: now)
        }
        var expected = session.firstReportSequence
        while !reader.isAtEnd {
            now += 500_000
            step(&session, reader.datagram(), now: now, buffer)
            while let report = session.nextReport() {
                hold(report.reportSequence >= expected, "report \(report.reportSequence) came after \(expected)")
                expected = report.reportSequence &+ 1
            }
        }
        hold(session.unansweredCount <= 4, "\(session.unansweredCount) of four commands are unanswered")
    }

    private func step(
        _ session: inout ClientSession, _ datagram: [UInt8], now: UInt64, _ buffer: UnsafeMutableRawBufferPointer
    ) {
        withExactly(datagram) { session.receive(UnsafeRawBufferPointer($0), now: now) }
        session.poll(now: now)
        while let length = session.takeDatagram(into: buffer) {
            var framer = MessageFramer(buffer.baseAddress!, length: length)
            walk: while true {
                switch framer.next() {
                case .message: continue
                case .failure(let fault): Fuzz.stop("the client sent what is no row of messages: \(fault)")
                case .end: break walk
                }
            }
        }
    }
}
