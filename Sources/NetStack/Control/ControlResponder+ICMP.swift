import Runtime
import Wire

extension ControlResponder {
    /// Smallest MTU a "fragmentation needed" is believed: what every host takes (RFC 791). Smaller ones serve attackers.
    static var smallestBelievedMTU: Int { 576 }
    /// How long a smaller path MTU is kept before the link's own is tried again (RFC 1191 §6.3), nanoseconds.
    static var pathMTULifetime: UInt64 { 600_000_000_000 }

    mutating func respondToICMP(
        _ packet: Packet, _ ip: IPv4Header, at offset: Int, now: UInt64
    ) -> ControlOutcome {
        let bytes = packet.bytes + offset
        let headerLength = ip.headerLength
        let message = ICMPMessage(checked: bytes + headerLength)
        if message.isError { return receive(error: message, length: ip.payloadLength, now: now) }
        // Options such as a source route would have to be turned round too (RFC 1122 §3.2.2.6); nobody needs them here.
        guard headerLength == IPv4Header.minimumLength, message.isEchoRequest else { return .drop(.icmpUnsupported) }
        guard let echoLimit, echoes.take(echoLimit, now: now) else { return .drop(.icmpRateLimited) }
        ICMPMessage.turnIntoEchoReply(bytes + headerLength)
        IPv4Header.turnRound(bytes, trafficClass: interface.marking.control.dscp << 2, timeToLive: 64)
        turnRound(packet)
        events.add(.echoAnswered)
        return .reply
    }

    /// Counts an error about a datagram of ours; only one that quotes our address and port can be that.
    private mutating func receive(error: ICMPMessage, length: Int, now: UInt64) -> ControlOutcome {
        guard let sender = error.quotedSender(length: length), sender.address == interface.ipAddress,
            settings.ownPort == 0 || sender.port == settings.ownPort
        else { return .drop(.icmpUnsupported) }
        if error.isPortUnreachable {
            events.add(.portUnreachableReceived)
        } else if error.isFragmentationNeeded {
            events.add(.fragmentationNeededReceived)
            let mtu = error.nextHopMTU
            if mtu >= Self.smallestBelievedMTU, mtu < pathMTU(now: now) {
                smallestPathMTU = mtu
                pathMTUExpiry = now &+ Self.pathMTULifetime
            } else {
                events.add(.fragmentationNeededIgnored)
            }
        } else {
            events.add(.icmpErrorsReceived)
        }
        return .done
    }

    /// Largest IP packet that fits every path, as far as we were told, bytes. One number for all paths: it only decides how
    /// many messages share a datagram.
    public func pathMTU(now: UInt64) -> Int { now < pathMTUExpiry ? smallestPathMTU : interface.mtu }

    /// Turns a datagram nobody listens to into the "port unreachable" about it, in its buffer.
    ///
    /// It quotes the header and 8 bytes, the least RFC 1122 §3.2.2 asks for, so the answer is hardly longer than the
    /// shortest question and nobody's amplifier.
    /// - Parameter headers: as the parser gave them; so the datagram is whole and its frame was sent to us alone.
    /// - Returns: false, with the packet as it was, when no error may be sent about it or the rate limit is reached.
    public mutating func turnIntoPortUnreachable(_ packet: Packet, _ headers: FrameHeaders, now: UInt64) -> Bool {
        guard headers.destinationAddress == interface.ipAddress, isSingleHost(headers.sourceAddress) else {
            return false
        }
        let offset = EthernetHeader(checked: packet.bytes).length
        let bytes = packet.bytes + offset
        let ip = IPv4Header(checked: bytes)
        let quotedLength = ip.headerLength &+ UDPHeader.length
        let length = IPv4Header.minimumLength &+ ICMPMessage.headerLength &+ quotedLength
        guard Int(packet.capacity) >= offset &+ length else { return false }
        guard let errorLimit, errors.take(errorLimit, now: now) else {
            events.add(.icmpErrorsWithheld)
            return false
        }
        let message = bytes + IPv4Header.minimumLength
        (message + ICMPMessage.headerLength).copyMemory(from: bytes, byteCount: quotedLength)
        ICMPMessage.writePortUnreachable(to: message, quotedLength: quotedLength)
        IPv4Header.write(
            to: bytes, trafficClass: interface.marking.control.dscp << 2, totalLength: UInt16(length),
            timeToLive: 64, transport: .icmp, source: interface.ipAddress, destination: headers.sourceAddress)
        packet.length = UInt32(offset &+ length)
        turnRound(packet)
        events.add(.icmpErrorsSent)
        return true
    }

    /// Not the network's own or broadcast address, which stand for many (RFC 1122 §3.2.2).
    private func isSingleHost(_ address: IPv4Address) -> Bool {
        address.isPossibleSource
            && (interface.prefix.length > 30
                || (address != interface.prefix.last && address != interface.prefix.address))
    }
}
