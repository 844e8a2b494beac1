import Wire

/// From a received frame to a verdict in one pass over its headers: every length, checksum and address is looked at
/// before the next layer is.
///
/// The order of tests is the order of the bytes, so the reason of a drop names the outermost thing that is wrong.
/// Checksums the NIC found good are not done again; one it found bad is, because drivers disagree about what they call
/// bad (a UDP checksum of zero, for one) and software is the same for all of them.
///
/// Reads only the first `length` bytes of the frame, writes only the packet's `payloadOffset` and `payloadLength`.
public struct FrameParser: @unchecked Sendable {
    @usableFromInline let interface: InterfaceConfiguration
    @usableFromInline let maximumFrameLength: Int

    public init(_ interface: InterfaceConfiguration) {
        self.interface = interface
        maximumFrameLength = interface.mtu + EthernetHeader.taggedLength
    }

    /// Says what `packet` is. For anything but a drop its `payloadOffset` and `payloadLength` then frame the ARP packet,
    /// the ICMP or IGMP message or the UDP payload.
    @inlinable @inline(__always) public func parse(_ packet: Packet) -> FrameVerdict {
        let frame = UnsafeRawPointer(packet.bytes)
        let length = Int(packet.length)
        guard !packet.isSegmented else { return .drop(.segmented) }
        guard length <= maximumFrameLength else { return .drop(.oversized) }
        if let reason = EthernetHeader.check(frame, length: length) { return .drop(reason) }
        let ethernet = EthernetHeader(checked: frame)
        guard ethernet.source.isStation else { return .drop(.ethernetSourceInvalid) }
        let vlan = ethernet.vlan
        guard vlan == 0 || vlan == interface.vlan else { return .drop(.vlanNotAccepted) }
        let offset = ethernet.length
        switch ethernet.etherType {
        case .ipv4: return parseIPv4(packet, ethernet, at: offset)
        case .arp: return parseARP(packet, ethernet, at: offset)
        case .vlan, .serviceVLAN: return .drop(.vlanNotAccepted)
        default: return .drop(.unknownEtherType)
        }
    }

    @inlinable @inline(__always)
    func parseIPv4(_ packet: Packet, _ ethernet: EthernetHeader, at offset: Int) -> FrameVerdict {
        let bytes = UnsafeRawPointer(packet.bytes) + offset
        if let reason = IPv4Header.check(bytes, length: Int(packet.length) &- offset) { return .drop(reason) }
        let ip = IPv4Header(checked: bytes)
        guard packet.flags.contains(.ipChecksumGood) || ip.isChecksumValid else { return .drop(.ipChecksumBad) }
        let source = ip.source
        guard source.isPossibleSource, source != interface.ipAddress else { return .drop(.ipSourceInvalid) }
        let destination = ip.destination
        let isUnicast = destination == interface.ipAddress
        guard isForUs(ethernet.destination, destination, isUnicast: isUnicast) else { return .drop(.notForUs) }
        guard !ip.isFragment else { return .drop(.fragmented) }
        let headerLength = ip.headerLength
        switch ip.transport {
        case .udp: return parseUDP(packet, ethernet, ip, at: offset &+ headerLength)
        case .icmp: return parseICMP(packet, ip, at: offset &+ headerLength, isUnicast: isUnicast)
        case .igmp: return parseIGMP(packet, ip, at: offset &+ headerLength)
        default: return .drop(.protocolUnsupported)
        }
    }

    @inlinable @inline(__always)
    func parseUDP(
        _ packet: Packet, _ ethernet: EthernetHeader, _ ip: IPv4Header, at offset: Int
    ) -> FrameVerdict {
        let bytes = UnsafeRawPointer(packet.bytes) + offset
        if let reason = UDPHeader.check(bytes, length: ip.payloadLength) { return .drop(reason) }
        let udp = UDPHeader(checked: bytes)
        guard packet.flags.contains(.l4ChecksumGood) || udp.isChecksumValid(in: ip) else {
            return .drop(.udpChecksumBad)
        }
        packet.setPayload(offset: offset &+ UDPHeader.length, length: udp.payloadLength)
        return .udp(
            FrameHeaders(
                sourceMAC: ethernet.source, sourceAddress: ip.source, destinationAddress: ip.destination,
                sourcePort: udp.sourcePort, destinationPort: udp.destinationPort, vlan: ethernet.vlan))
    }

    @usableFromInline func parseICMP(
        _ packet: Packet, _ ip: IPv4Header, at offset: Int, isUnicast: Bool
    ) -> FrameVerdict {
        // No answer to a question put to a whole group (RFC 1122 §3.2.2.6).
        guard isUnicast else { return .drop(.icmpUnsupported) }
        let bytes = UnsafeRawPointer(packet.bytes) + offset
        if let reason = ICMPMessage.check(bytes, length: ip.payloadLength) { return .drop(reason) }
        packet.setPayload(offset: offset, length: ip.payloadLength)
        return .icmp
    }

    @usableFromInline func parseIGMP(_ packet: Packet, _ ip: IPv4Header, at offset: Int) -> FrameVerdict {
        let bytes = UnsafeRawPointer(packet.bytes) + offset
        if let reason = IGMPMessage.check(bytes, length: ip.payloadLength) { return .drop(reason) }
        packet.setPayload(offset: offset, length: ip.payloadLength)
        return .igmp
    }

    @usableFromInline func parseARP(_ packet: Packet, _ ethernet: EthernetHeader, at offset: Int) -> FrameVerdict {
        guard ethernet.destination == interface.macAddress || ethernet.destination == .broadcast else {
            return .drop(.notForUs)
        }
        let length = Int(packet.length) &- offset
        if let reason = ARPPacket.check(UnsafeRawPointer(packet.bytes) + offset, length: length) {
            return .drop(reason)
        }
        packet.setPayload(offset: offset, length: ARPPacket.length)
        return .arp
    }

    /// Both addresses must agree: a packet to our IPv4 address in a broadcast frame is not for us (RFC 1122 §3.3.6).
    @inlinable @inline(__always)
    func isForUs(_ mac: MACAddress, _ address: IPv4Address, isUnicast: Bool) -> Bool {
        if isUnicast { return mac == interface.macAddress }
        return address.isMulticast && mac == MACAddress(multicastGroup: address)
            && interface.multicastGroups.contains(address)
    }
}

extension Packet {
    /// Both numbers lie within a frame of at most 65,553 bytes whose header ends at 78 or before.
    @inlinable @inline(__always) func setPayload(offset: Int, length: Int) {
        payloadOffset = UInt16(truncatingIfNeeded: offset)
        payloadLength = UInt16(truncatingIfNeeded: length)
    }
}
