import CPlatform
import Glibc

/// Owner of one kernel UDP socket, IPv4, non-blocking; closes it at its end. One thread.
///
/// A datagram the system did not take, or that the other side's system refused because nothing listens yet, is a lost
/// datagram like any other: the protocol above repeats it. Only what will not heal by itself is thrown.
public struct UDPSocket: ~Copyable {
    /// What became of a datagram handed to the system.
    public enum SendOutcome: Sendable, Equatable {
        case sent
        /// The system's send buffer is full, or the network is away (interface down, no route any more); the datagram was
        /// not taken. A socket that connected had a route once, so it may have one again.
        case full
        /// An earlier datagram reached no listener (ICMP port unreachable); this one was not taken.
        case refused
    }

    /// What a receive found.
    public enum ReceiveOutcome: Sendable, Equatable {
        /// A datagram of so many bytes, cut to the size of the buffer.
        case datagram(byteCount: Int)
        case empty
        /// An earlier datagram reached no listener.
        case refused
    }

    let descriptor: Int32
    let remote: SocketAddress?

    /// Opens, binds and connects a socket.
    /// - Parameters:
    ///   - local: source address and port; 0.0.0.0 and port 0 let the system choose.
    ///   - remote: the only peer, or nil for a socket that only receives, from anyone.
    ///   - bufferBytes: asked for with SO_RCVBUF and SO_SNDBUF; the system may give less (net.core.rmem_max, wmem_max).
    public init(
        local: SocketAddress, remote: SocketAddress?, bufferBytes: Int32 = 4 << 20
    ) throws(SocketError) {
        let descriptor = try Self.open()
        for option in [SO_RCVBUF, SO_SNDBUF] {
            // The socket also works with the buffer it has, so a refusal is no error.
            var bytes = bufferBytes
            _ = setsockopt(descriptor, SOL_SOCKET, option, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        if local.withSystemForm({ bind(descriptor, $0, $1) }) != 0 {
            let code = errno
            close(descriptor)
            throw SocketError(.bind, local.description, code: code)
        }
        if let remote, remote.withSystemForm({ connect(descriptor, $0, $1) }) != 0 {
            let code = errno
            close(descriptor)
            throw SocketError(.connect, remote.description, code: code)
        }
        self.descriptor = descriptor
        self.remote = remote
    }

    deinit { close(descriptor) }

    /// The address the socket got, with the port the system chose.
    public var localAddress: SocketAddress {
        var form = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &form) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return SocketAddress(address: UInt32(bigEndian: form.sin_addr.s_addr), port: UInt16(bigEndian: form.sin_port))
    }

    /// Hands one datagram to the system; never waits.
    public func send(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> SendOutcome {
        if Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) >= 0 { return .sent }
        switch errno {
        case EAGAIN, ENOBUFS, EINTR, ENETDOWN, ENETUNREACH, EHOSTUNREACH: return .full
        case ECONNREFUSED: return .refused
        default: throw SocketError(.send, remote?.description ?? "nobody", code: errno)
        }
    }

    /// Takes one datagram if there is one; never waits.
    public func receive(into buffer: UnsafeMutableRawBufferPointer) throws(SocketError) -> ReceiveOutcome {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count >= 0 { return .datagram(byteCount: count) }
        switch errno {
        // What an earlier send met may be told here.
        case EAGAIN, EINTR, ENETDOWN, ENETUNREACH, EHOSTUNREACH: return .empty
        case ECONNREFUSED: return .refused
        default: throw SocketError(.receive, remote?.description ?? "anyone", code: errno)
        }
    }

    /// Waits until a datagram is there or the time is over, with the thread asleep.
    /// - Parameter timeoutNanoseconds: up to a minute; the kernel may be some 50 µs late.
    /// - Returns: whether there is something to receive.
    public func wait(timeoutNanoseconds: UInt64) throws(SocketError) -> Bool {
        let count = cplatform_wait_readable(descriptor, min(timeoutNanoseconds, 60_000_000_000))
        if count < 0 && count != -EINTR {
            throw SocketError(.wait, remote?.description ?? "anyone", code: -count)
        }
        return count > 0
    }

    private static func open() throws(SocketError) -> Int32 {
        let flags = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, flags, Int32(IPPROTO_UDP))
        guard descriptor >= 0 else { throw SocketError(.open, "", code: errno) }
        return descriptor
    }
}
