import Foundation
import Glibc
import LoadClient
import OrderEntry
import Orders
import Synchronization

/// A node in miniature on 127.0.0.1: the real session table before a naive exchange, on a thread of its own.
final class ToyNode: @unchecked Sendable {
    static let session: UInt32 = 2
    static let participant: UInt32 = 7
    static let accessKey = [UInt8]("0123456789abcdef".utf8)

    private let descriptor: Int32
    private let isStopping = Atomic(false)
    private let hasStopped = DispatchSemaphore(value: 0)
    private var table: SessionTable
    private var exchange: ToyExchange
    private var sequence: UInt64 = 0
    private var replies = MessageSink(capacity: 16)
    private let record = UnsafeMutablePointer<InboundMessage>.allocate(capacity: 1)
    private let outgoing = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_400, alignment: 8)
    private var outgoingLength = 0
    private var destination = Peer()

    init(_ misbehaviour: ToyExchange.Misbehaviour = .none) {
        exchange = ToyExchange(misbehaviour)
        table = SessionTable(
            configurations: [
                SessionConfiguration(
                    session: Self.session, participant: Self.participant,
                    accessKey: EstablishRequest.InlineKey(Self.accessKey), sources: [(0x7F00_0001, 32)])
            ], reportHistoryCapacity: 1 << 14, acknowledgementMode: 0, authenticator: AccessKeyAuthenticator())
        record.initialize(to: InboundMessage())
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var timeout = timeval(tv_sec: 0, tv_usec: 1_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let isBound = Self.withForm(address: 0x7F00_0001, port: 0) { bind(descriptor, $0, $1) }
        precondition(isBound == 0, "no port on 127.0.0.1")
    }

    deinit {
        close(descriptor)
        replies.deallocate()
        record.deallocate()
        outgoing.deallocate()
    }

    var address: SocketAddress {
        var form = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &form) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return SocketAddress(address: 0x7F00_0001, port: UInt16(bigEndian: form.sin_port))
    }

    func start() { Thread.detachNewThread { [self] in run() } }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        hasStopped.wait()
    }

    private func run() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 8)
        defer { buffer.deallocate() }
        while !isStopping.load(ordering: .acquiring) {
            var form = sockaddr_in()
            var formLength = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &form) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, $0, &formLength)
                }
            }
            let now = DispatchTime.now().uptimeNanoseconds
            if count > 0, let base = buffer.baseAddress {
                let peer = Peer(ipv4: UInt32(bigEndian: form.sin_addr.s_addr), port: UInt16(bigEndian: form.sin_port))
                take(UnsafeRawPointer(base), count, peer, now)
            }
            if let command = table.pollTimers(now: now, replies: &replies) { apply(command) }
            sendReplies()
            flush()
        }
        hasStopped.signal()
    }

    private func take(_ bytes: UnsafeRawPointer, _ count: Int, _ peer: Peer, _ now: UInt64) {
        var framer = MessageFramer(bytes, length: count)
        while case .message(let message, let length) = framer.next() {
            record.pointee.peer = peer
            InboundMessage.bytes(of: record).copyMemory(from: message, byteCount: length)
            switch table.receive(record, now: now, replies: &replies) {
            case .command(let command): apply(command)
            case .resend(let session, let first, let count):
                for number in first..<first + UInt64(count) {
                    guard var report = table.history(session: session, reportSequence: number)?.pointee else {
                        continue
                    }
                    report.flags.insert(.possibleDuplicate)
                    send(report)
                }
            case .handled, .dropped: break
            }
            sendReplies()
        }
    }

    private func apply(_ unnumbered: Command) {
        sequence += 1
        var command = unnumbered
        command.sequence = sequence
        table.applied(command)
        switch command.kind {
        case .sessionEstablished: table.acknowledge(session: command.session, gate: 0, replies: &replies)
        case .sessionTerminated: table.close(command, gate: 0, replies: &replies)
        default:
            for var report in exchange.apply(command) {
                table.record(&report)
                send(report)
            }
        }
    }

    // MARK: Sending

    private func send(_ report: ExecutionReport) {
        guard let peer = table.peer(of: report.session) else { return }
        claim(MessageType.executionReport.length, for: peer) { ExecutionReportMessage.encode(report, into: $0) }
    }

    private func sendReplies() {
        for index in 0..<replies.count {
            let reply = replies.base + index
            let bytes = UnsafeRawPointer(OutboundMessage.bytes(of: reply))
            let length = MessageHeader.length(at: bytes)
            claim(length, for: reply.pointee.peer) {
                $0.copyMemory(from: bytes, byteCount: length)
                return length
            }
        }
        replies.removeAll()
    }

    private func claim(_ length: Int, for peer: Peer, write: (UnsafeMutableRawPointer) -> Int) {
        if outgoingLength + length > outgoing.count || peer != destination { flush() }
        destination = peer
        guard let base = outgoing.baseAddress else { return }
        outgoingLength += write(base + outgoingLength)
    }

    private func flush() {
        guard outgoingLength > 0 else { return }
        _ = Self.withForm(address: destination.ipv4, port: destination.port) {
            sendto(descriptor, outgoing.baseAddress, outgoingLength, 0, $0, $1)
        }
        outgoingLength = 0
    }

    private static func withForm<Result>(
        address: UInt32, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var form = sockaddr_in()
        form.sin_family = sa_family_t(AF_INET)
        form.sin_port = port.bigEndian
        form.sin_addr.s_addr = address.bigEndian
        return withUnsafePointer(to: &form) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
