import Wire

/// What a received frame turned out to be.
@frozen public enum FrameVerdict: BitwiseCopyable, Equatable, Sendable {
    case drop(DropReason)
    /// An ARP packet, well formed.
    case arp
    /// An ICMP message to our address, checksum right.
    case icmp
    /// An IGMP message to us, one of our groups or all systems, checksum right.
    case igmp
    /// A UDP datagram to our address or one of our groups, whole and right.
    case udp(FrameHeaders)
}

/// What the headers of a UDP datagram said.
@frozen public struct FrameHeaders: BitwiseCopyable, Equatable, Sendable {
    public var sourceMAC: MACAddress
    public var sourceAddress: IPv4Address
    public var destinationAddress: IPv4Address
    public var sourcePort: UInt16
    public var destinationPort: UInt16
    /// 0 when untagged.
    public var vlan: UInt16

    @inlinable public init(
        sourceMAC: MACAddress, sourceAddress: IPv4Address, destinationAddress: IPv4Address, sourcePort: UInt16,
        destinationPort: UInt16, vlan: UInt16 = 0
    ) {
        self.sourceMAC = sourceMAC
        self.sourceAddress = sourceAddress
        self.destinationAddress = destinationAddress
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.vlan = vlan
    }
}
