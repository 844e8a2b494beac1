import Wire

/// The headers of UDP datagrams to one destination, ready but for length and checksums.
///
/// A plain value of two addresses and what was summed up beforehand; make one per session or feed, keep it anywhere.
/// Datagrams are never fragmented (don't fragment set, identification 0, RFC 6864 §4.1) and carry no 802.1Q tag.
@frozen public struct UDPTemplate: BitwiseCopyable, Sendable, Equatable {
    /// Bytes in front of the payload: Ethernet 14, IPv4 20, UDP 8.
    @inlinable public static var headerLength: Int { 42 }

    public let sourceMAC: MACAddress
    public let destinationMAC: MACAddress
    public let sourceAddress: IPv4Address
    public let destinationAddress: IPv4Address
    public let sourcePort: UInt16
    public let destinationPort: UInt16
    /// Differentiated services code point in the upper six bits of its byte, ECN zero.
    public let trafficClass: UInt8
    public let timeToLive: UInt8
    /// Sum of all IPv4 header words but total length and checksum.
    @usableFromInline let ipSum: UInt64
    /// Sum of the addresses, the protocol and both ports.
    @usableFromInline let udpSum: UInt64

    /// - Parameters:
    ///   - dscp: 0…63; 46 (expedited forwarding, RFC 3246) suits order reports.
    ///   - timeToLive: routers passed at most; 1 keeps multicast on its link.
    public init(
        sourceMAC: MACAddress, destinationMAC: MACAddress, sourceAddress: IPv4Address,
        destinationAddress: IPv4Address, sourcePort: UInt16, destinationPort: UInt16, dscp: UInt8 = 0,
        timeToLive: UInt8 = 64
    ) {
        precondition(dscp < 64, "DSCP \(dscp) is outside 0…63")
        self.sourceMAC = sourceMAC
        self.destinationMAC = destinationMAC
        self.sourceAddress = sourceAddress
        self.destinationAddress = destinationAddress
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        trafficClass = dscp << 2
        self.timeToLive = timeToLive
        let addresses = Self.adding(destinationAddress, to: Self.adding(sourceAddress, to: 0))
        var ip = InternetChecksum.adding(0x4500 | UInt16(trafficClass), to: addresses)
        ip = InternetChecksum.adding(Self.dontFragment, to: ip)
        ipSum = InternetChecksum.adding(UInt16(timeToLive) << 8 | UInt16(IPProtocol.udp.rawValue), to: ip)
        var udp = InternetChecksum.adding(UInt16(IPProtocol.udp.rawValue), to: addresses)
        udp = InternetChecksum.adding(sourcePort, to: udp)
        udpSum = InternetChecksum.adding(destinationPort, to: udp)
    }

    /// The answer to a received datagram: from where it went to, back to where it came from.
    public init(
        replyingTo headers: FrameHeaders, from interface: InterfaceConfiguration, dscp: UInt8 = 0,
        timeToLive: UInt8 = 64
    ) {
        self.init(
            sourceMAC: interface.macAddress, destinationMAC: headers.sourceMAC, sourceAddress: interface.ipAddress,
            destinationAddress: headers.sourceAddress, sourcePort: headers.destinationPort,
            destinationPort: headers.sourcePort, dscp: dscp, timeToLive: timeToLive)
    }

    @usableFromInline static var dontFragment: UInt16 { 0x4000 }

    private static func adding(_ address: IPv4Address, to sum: UInt64) -> UInt64 {
        let upper = InternetChecksum.adding(UInt16(truncatingIfNeeded: address.rawValue >> 16), to: sum)
        return InternetChecksum.adding(UInt16(truncatingIfNeeded: address.rawValue), to: upper)
    }

    /// Largest payload of one datagram, whatever the link: 65,535 − 20 − 8.
    @inlinable public static var maximumPayloadLength: Int { 65_507 }

    /// Writes 42 bytes at `frame`, in front of a payload that is already there, with both checksums.
    /// - Parameter payloadLength: bytes from `frame + 42` on, 0…`maximumPayloadLength`; fitting the MTU is the caller's.
    /// - Returns: length of the frame.
    public func writeHeaders(to frame: UnsafeMutableRawPointer, payloadLength: Int) -> Int {
        precondition(
            payloadLength >= 0 && payloadLength <= Self.maximumPayloadLength, "payload outside one UDP datagram")
        let udpLength = UInt16(truncatingIfNeeded: payloadLength &+ UDPHeader.length)
        let totalLength = udpLength &+ UInt16(truncatingIfNeeded: IPv4Header.minimumLength)
        EthernetHeader.write(to: frame, destination: destinationMAC, source: sourceMAC, etherType: .ipv4)
        IPv4Header.write(
            to: frame + 14, trafficClass: trafficClass, totalLength: totalLength, flagsAndOffset: Self.dontFragment,
            timeToLive: timeToLive, transport: .udp,
            checksum: InternetChecksum.checksum(of: InternetChecksum.adding(totalLength, to: ipSum)),
            source: sourceAddress, destination: destinationAddress)
        // The length counts twice: once in the pseudo header, once in the UDP header.
        var sum = InternetChecksum.adding(udpLength, to: InternetChecksum.adding(udpLength, to: udpSum))
        sum = InternetChecksum.sum(frame + Self.headerLength, length: payloadLength, adding: sum)
        let checksum = InternetChecksum.checksum(of: sum)
        UDPHeader.write(
            to: frame + 34, sourcePort: sourcePort, destinationPort: destinationPort, length: udpLength,
            // Zero would mean "no checksum"; its other form means the same number (RFC 768).
            checksum: checksum == 0 ? 0xFFFF : checksum)
        return Self.headerLength &+ payloadLength
    }
}
