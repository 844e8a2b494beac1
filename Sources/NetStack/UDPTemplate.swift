import Wire

/// The headers of UDP datagrams to one destination, ready but for length and checksums.
///
/// A plain value of two addresses and what was summed up beforehand; make one per session or feed, keep it anywhere.
/// Datagrams are never fragmented (don't fragment set, identification 0, RFC 6864 §4.1) and carry an 802.1Q tag when
/// the template was made with one.
@frozen public struct UDPTemplate: BitwiseCopyable, Sendable, Equatable {
    /// Bytes in front of the payload of an untagged frame: Ethernet 14, IPv4 20, UDP 8.
    @inlinable public static var headerLength: Int { 42 }

    /// Bytes in front of the payload: 42, or 46 with a tag.
    @inlinable public var length: Int { tag == 0 ? Self.headerLength : Self.headerLength &+ 4 }

    public let sourceMAC: MACAddress
    public let destinationMAC: MACAddress
    public let sourceAddress: IPv4Address
    public let destinationAddress: IPv4Address
    public let sourcePort: UInt16
    public let destinationPort: UInt16
    /// Differentiated services code point in the upper six bits of its byte, ECN zero.
    public let trafficClass: UInt8
    public let timeToLive: UInt8
    /// The four bytes of the 802.1Q tag as a number; 0 without one.
    public let tag: UInt32
    /// Sum of all IPv4 header words but total length and checksum.
    @usableFromInline let ipSum: UInt64
    /// Sum of the addresses, the protocol and both ports.
    @usableFromInline let udpSum: UInt64

    /// - Parameters:
    ///   - dscp: 0…63; 46 (expedited forwarding, RFC 3246) suits order reports.
    ///   - timeToLive: routers passed at most; 1 keeps multicast on its link.
    ///   - tag: as `InterfaceConfiguration.tag` makes it.
    public init(
        sourceMAC: MACAddress, destinationMAC: MACAddress, sourceAddress: IPv4Address,
        destinationAddress: IPv4Address, sourcePort: UInt16, destinationPort: UInt16, dscp: UInt8 = 0,
        timeToLive: UInt8 = 64, tag: UInt32 = 0
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
        self.tag = tag
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

    /// Writes `length` bytes at `frame`, in front of a payload that is already there, with both checksums.
    /// - Parameters:
    ///   - payloadLength: bytes from `frame + length` on, 0…`maximumPayloadLength`; fitting the MTU is the caller's.
    ///   - leavesChecksums: the device will compute both (`Packet.requestChecksums`): the IPv4 checksum is 0 then and the
    ///     UDP checksum the sum of the pseudo header, which the device's sum starts from.
    /// - Returns: length of the frame.
    public func writeHeaders(
        to frame: UnsafeMutableRawPointer, payloadLength: Int, leavesChecksums: Bool = false
    ) -> Int {
        precondition(
            payloadLength >= 0 && payloadLength <= Self.maximumPayloadLength, "payload outside one UDP datagram")
        let udpLength = UInt16(truncatingIfNeeded: payloadLength &+ UDPHeader.length)
        let totalLength = udpLength &+ UInt16(truncatingIfNeeded: IPv4Header.minimumLength)
        let offset = EthernetHeader.write(
            to: frame, destination: destinationMAC, source: sourceMAC, etherType: .ipv4, tag: tag)
        IPv4Header.write(
            to: frame + offset, trafficClass: trafficClass, totalLength: totalLength,
            flagsAndOffset: Self.dontFragment, timeToLive: timeToLive, transport: .udp,
            checksum: leavesChecksums
                ? 0 : InternetChecksum.checksum(of: InternetChecksum.adding(totalLength, to: ipSum)),
            source: sourceAddress, destination: destinationAddress)
        UDPHeader.write(
            to: frame + offset + IPv4Header.minimumLength, sourcePort: sourcePort, destinationPort: destinationPort,
            length: udpLength,
            checksum: leavesChecksums
                ? pseudoHeaderChecksum(udpLength)
                : checksum(udpLength, of: frame + length, payloadLength: payloadLength))
        return length &+ payloadLength
    }

    private func checksum(_ udpLength: UInt16, of payload: UnsafeRawPointer, payloadLength: Int) -> UInt16 {
        // The length counts twice: once in the pseudo header, once in the UDP header.
        let sum = InternetChecksum.adding(udpLength, to: InternetChecksum.adding(udpLength, to: udpSum))
        let checksum = InternetChecksum.checksum(
            of: InternetChecksum.sum(payload, length: payloadLength, adding: sum))
        // Zero would mean "no checksum"; its other form means the same number (RFC 768).
        return checksum == 0 ? 0xFFFF : checksum
    }

    /// Sum over addresses, protocol and length, not complemented: what the device expects to find in the field.
    private func pseudoHeaderChecksum(_ udpLength: UInt16) -> UInt16 {
        var sum = Self.adding(destinationAddress, to: Self.adding(sourceAddress, to: 0))
        sum = InternetChecksum.adding(UInt16(IPProtocol.udp.rawValue), to: sum)
        return ~InternetChecksum.checksum(of: InternetChecksum.adding(udpLength, to: sum))
    }
}
