import Ethdev
import Foundation
import NetStack
import Runtime

/// The other side of a node's control socket: asks for a capture and reads its messages. One thread.
final class CaptureClient {
    /// A message of the node.
    enum Message {
        case frame(
            timestampNanoseconds: UInt64, originalLength: Int, interface: Int, direction: CaptureDirection,
            bytes: UnsafeRawBufferPointer)
        case end(CaptureProtocol.End)
        /// The connection ended without a word: the node is gone.
        case gone
        /// Nothing came for a tenth of a second.
        case nothing
    }

    private(set) var reply = CaptureProtocol.Reply()
    private let descriptor: Int32
    private var input = [UInt8](repeating: 0, count: 1 << 20)
    private var start = 0
    private var end = 0

    /// Connects and asks.
    /// - Throws: `CaptureFailure` with the node's reason when it refuses.
    init(path: String, start request: CaptureProtocol.Start) throws {
        descriptor = try ControlSocket.connected(to: path)
        let line = try JSONEncoder().encode(request) + Data([0x0A])
        let sent = line.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == line.count else {
            throw CaptureFailure(description: "the node at \(path) did not listen: \(errorText(errno))")
        }
        for _ in 0..<100 {
            if let (kind, body) = try message(), kind == .reply {
                reply = try JSONDecoder().decode(CaptureProtocol.Reply.self, from: Data(body))
                if let refusal = reply.refusal { throw CaptureFailure(description: "the node refused: \(refusal)") }
                return
            }
            if try fill() == false { break }
        }
        throw CaptureFailure(description: "the node at \(path) did not answer")
    }

    deinit { close(descriptor) }

    /// Tells the node to end; its last messages follow.
    func stop() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next message. The bytes of a frame are valid during `body`.
    func next(_ body: (Message) throws -> Void) throws {
        while true {
            if let (kind, bytes) = try message() {
                switch kind {
                case .frame: try bytes.withUnsafeBytes { try body(Self.frame($0)) }
                case .end: try body(.end(try JSONDecoder().decode(CaptureProtocol.End.self, from: Data(bytes))))
                case .reply: throw CaptureFailure(description: "the node answered twice")
                }
                return
            }
            switch try fill() {
            case true: continue
            case false: return try body(.gone)
            case nil: return try body(.nothing)
            }
        }
    }

    private static func frame(_ bytes: UnsafeRawBufferPointer) -> Message {
        .frame(
            timestampNanoseconds: bytes.loadUnaligned(as: UInt64.self),
            originalLength: Int(bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)),
            interface: Int(bytes.loadUnaligned(fromByteOffset: 12, as: UInt16.self)),
            direction: CaptureDirection(
                rawValue: UInt32(bytes.loadUnaligned(fromByteOffset: 14, as: UInt16.self))) ?? .inbound,
            bytes: UnsafeRawBufferPointer(rebasing: bytes[CaptureProtocol.frameHeaderBytes...]))
    }

    /// A whole message out of the buffer, or nil when more has to come.
    private func message() throws -> (CaptureProtocol.Kind, ArraySlice<UInt8>)? {
        guard end - start >= CaptureProtocol.headerBytes else { return nil }
        let position = start
        let (rawKind, length) = input.withUnsafeBytes {
            (
                $0.loadUnaligned(fromByteOffset: position, as: UInt32.self),
                Int($0.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
            )
        }
        guard let kind = CaptureProtocol.Kind(rawValue: rawKind), length <= input.count - CaptureProtocol.headerBytes,
            kind != .frame || length >= CaptureProtocol.frameHeaderBytes
        else {
            throw CaptureFailure(description: "the node sent something that is no message of this version")
        }
        guard end - start >= CaptureProtocol.headerBytes + length else { return nil }
        let first = start + CaptureProtocol.headerBytes
        start = first + length
        return (kind, input[first..<first + length])
    }

    /// Reads more; false at the end of the stream, nil when nothing came for a tenth of a second.
    private func fill() throws -> Bool? {
        if start > 0 {
            let (first, count) = (start, end - start)
            input.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                base.copyMemory(from: base + first, byteCount: count)
            }
            end -= start
            start = 0
        }
        var one = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        guard poll(&one, 1, 100) > 0 else { return nil }
        let (used, room) = (end, input.count - end)
        let count = input.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + used }, room) }
        if count > 0 {
            end += count
            return true
        }
        return count < 0 && errno == EINTR ? nil : false
    }
}
