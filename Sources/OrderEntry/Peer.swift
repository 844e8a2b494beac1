/// Where a message came from and its answer goes: 16 bytes, host byte order.
@frozen public struct Peer: BitwiseCopyable, Sendable, Equatable {
    /// The low 48 bits, first octet of the address in bits 47…40.
    public var mac: UInt64
    public var ipv4: UInt32
    public var port: UInt16
    /// VLAN identifier, 0 for untagged.
    public var vlan: UInt16

    @inlinable public init(mac: UInt64 = 0, ipv4: UInt32 = 0, port: UInt16 = 0, vlan: UInt16 = 0) {
        self.mac = mac
        self.ipv4 = ipv4
        self.port = port
        self.vlan = vlan
    }

    /// Same address and port: the endpoint a session is bound to. A changed hardware address (fail-over of a router)
    /// does not end a session.
    @inlinable public func isSameEndpoint(as other: Peer) -> Bool { ipv4 == other.ipv4 && port == other.port }
}
