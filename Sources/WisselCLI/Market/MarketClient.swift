import Foundation
import Runtime

/// The other side of a node's control socket for `wissel market`: one request, one reply.
enum MarketClient {
    /// Longer than the node waits for its engine.
    private static let patienceSeconds = 10

    /// - Throws: `CaptureFailure` when there is no node or no answer.
    static func ask(_ request: MarketProtocol.Request, at path: String) throws -> MarketProtocol.Reply {
        let descriptor = try ControlSocket.connected(to: path)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let line = try JSONEncoder().encode(request) + Data([0x0A])
        let sent = line.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == line.count else {
            throw CaptureFailure(description: "the node at \(path) did not listen: \(errorText(errno))")
        }
        var answer = Data()
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while !answer.contains(0x0A) {
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 {
                answer += chunk[..<count]
            } else if count == 0 || errno != EINTR {
                throw CaptureFailure(description: "the node at \(path) did not answer: is it of this version?")
            }
        }
        return try JSONDecoder().decode(MarketProtocol.Reply.self, from: answer.prefix { $0 != 0x0A })
    }

    /// Writes a reply and closes: the node's side. It fits the socket's buffer or the client is not listening.
    static func reply(_ reply: MarketProtocol.Reply, to descriptor: Int32) {
        defer { close(descriptor) }
        // Encoding our own records of numbers and texts cannot fail.
        guard let line = try? JSONEncoder().encode(reply) + Data([0x0A]) else { return }
        line.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var start = 0
            while start < bytes.count {
                let count = send(descriptor, base + start, bytes.count - start, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                if count > 0 { start += count } else if errno != EINTR { return }
            }
        }
    }
}
