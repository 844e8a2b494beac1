import Glibc

/// An IPv4 address and a UDP port.
public struct SocketAddress: Sendable, Equatable, Hashable, CustomStringConvertible {
    /// The address as a number: 10.0.0.1 is 0x0A000001.
    public var address: UInt32
    public var port: UInt16

    public init(address: UInt32, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// - Parameter host: an IPv4 address in dotted decimal; names are not looked up.
    /// - Throws: `SocketError` when it is not one.
    public init(_ host: String, port: UInt16) throws(SocketError) {
        var parsed = in_addr()
        guard inet_pton(AF_INET, host, &parsed) == 1 else { throw SocketError(.address, "\"\(host)\"", code: 0) }
        self.init(address: UInt32(bigEndian: parsed.s_addr), port: port)
    }

    /// 224.0.0.0/4 (RFC 5771).
    public var isMulticast: Bool { address >> 28 == 0xE }

    public var host: String {
        "\(address >> 24).\(address >> 16 & 0xFF).\(address >> 8 & 0xFF).\(address & 0xFF)"
    }

    public var description: String { "\(host):\(port)" }

    /// Calls `body` with the address in the system's form.
    func withSystemForm<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
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
