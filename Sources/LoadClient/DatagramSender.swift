import Glibc

/// Sends datagrams to one address, unicast or multicast, over an ordinary kernel socket: what plays a feed. One thread.
public struct DatagramSender: ~Copyable {
    private let socket: UDPSocket
    /// Datagrams the system took.
    public private(set) var sentCount: UInt64 = 0
    /// Datagrams the system did not take because its buffer was full.
    public private(set) var fullCount: UInt64 = 0

    /// - Parameters:
    ///   - destination: address and port to send to.
    ///   - interfaceAddress: address of the interface to send from; needed for multicast, which has no route otherwise.
    ///   - timeToLive: hops a multicast datagram may take, 0…255; 1 stays in the local network.
    public init(
        destination: SocketAddress, interfaceAddress: String = "0.0.0.0", timeToLive: UInt8 = 1
    ) throws(SocketError) {
        let interface = try SocketAddress(interfaceAddress, port: 0)
        let socket = try UDPSocket(local: interface, remote: nil)
        let descriptor = socket.descriptor
        if destination.isMulticast {
            var source = in_addr(s_addr: interface.address.bigEndian)
            var hops = Int32(timeToLive)
            guard
                setsockopt(
                    descriptor, Int32(IPPROTO_IP), IP_MULTICAST_IF, &source, socklen_t(MemoryLayout<in_addr>.size)) == 0
            else { throw SocketError(.option, "multicast from \(interface.host)", code: errno) }
            guard
                setsockopt(
                    descriptor, Int32(IPPROTO_IP), IP_MULTICAST_TTL, &hops, socklen_t(MemoryLayout<Int32>.size)) == 0
            else { throw SocketError(.option, "multicast with \(timeToLive) hops", code: errno) }
        }
        if destination.withSystemForm({ connect(descriptor, $0, $1) }) != 0 {
            throw SocketError(.connect, destination.description, code: errno)
        }
        self.socket = socket
    }

    /// Hands one datagram to the system; never waits.
    /// - Returns: whether the system took it.
    @discardableResult
    public mutating func send(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Bool {
        switch try socket.send(bytes) {
        case .sent:
            sentCount += 1
            return true
        case .full:
            fullCount += 1
            return false
        case .refused:
            // Nobody listens at the destination: a feed goes on all the same. The error stood for an earlier datagram.
            if try socket.send(bytes) == .sent { sentCount += 1 }
            return true
        }
    }
}
