import OrderEntry
import Orders

/// A client at the bench that sends what it is told over a link that loses nothing: session 1, messages written by hand.
final class PlainClient {
    private let bench: Bench
    private var next: UInt64 = 1

    init(_ bench: Bench) { self.bench = bench }

    /// Establishes the session: asks until the node has answered.
    func establish() {
        let participant = bench.configuration.orderEntry.participants[0]
        let request = EstablishRequest(
            session: 1, participant: participant.id, cancelsOnDisconnect: false, heartbeatMilliseconds: 10_000,
            sessionVersion: 1, nextReportSequence: 1, accessKey: EstablishRequest.InlineKey(participant.accessKey))
        for _ in 0..<100 {
            deliver { request.encode(into: $0) }
            waitForDisk()
            guard bench.receive() == nil else { return }
        }
    }

    /// Sends a command under the next client sequence, or under a given one, and waits.
    func send(_ command: Command, _ terms: OrderTerms = OrderTerms(), as sequence: UInt64? = nil) {
        var own = command
        own.session = 1
        own.clientSequence = sequence ?? next
        if sequence == nil { next += 1 }
        if own.kind == .newOrder, terms != OrderTerms() { own.flags = Command.hasTerms }
        deliver { OrderMessage.encode(own, terms: terms, into: $0) }
    }

    /// The reports that came since it was asked last. Waits for the disk, which a report may wait for.
    func reports() -> [ExecutionReport] {
        waitForDisk()
        var found: [ExecutionReport] = []
        while let datagram = bench.receive() {
            datagram.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                var framer = MessageFramer(base, length: bytes.count)
                while case .message(let message, _) = framer.next() {
                    guard MessageHeader.type(at: message) == .executionReport else { continue }
                    found.append(ExecutionReportMessage.decode(message))
                }
            }
        }
        return found
    }

    private func waitForDisk() {
        for _ in 0..<1_000 where bench.node.statistics.durableSequence < bench.node.sequence { bench.settle() }
        bench.settle()
    }

    private func deliver(_ write: (UnsafeMutableRawPointer) -> Int) {
        var bytes = [UInt8](repeating: 0, count: MessageHeader.maximumMessageLength)
        let length = bytes.withUnsafeMutableBytes { $0.baseAddress.map(write) ?? 0 }
        bench.send(Array(bytes[..<length]), port: 9_000)
        bench.settle()
    }
}
