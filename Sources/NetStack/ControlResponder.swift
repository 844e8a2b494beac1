import Runtime
import Wire

/// What became of a control packet; in every case the caller still owns it.
@frozen public enum ControlOutcome: BitwiseCopyable, Equatable, Sendable {
    /// The packet is now the answer: transmit it.
    case reply
    /// Taken note of: free it.
    case done
    /// Free and count it.
    case drop(DropReason)
}

/// What a `ControlResponder` did, as keys of its counters.
@frozen public enum ControlEvent: UInt8, CaseIterable, Sendable {
    case arpRequestAnswered
    case arpReplyLearned
    case echoAnswered
}

/// Answers ARP requests for our address (RFC 826) and ICMP echo requests (RFC 792), each in the buffer it came in.
///
/// Takes packets that `FrameParser` passed as `.arp` or `.icmp`. One thread; the counters may be read by any.
public struct ControlResponder: @unchecked Sendable {
    public let neighbours: NeighbourTable
    public let events: CounterBlock<ControlEvent>
    private let interface: InterfaceConfiguration

    public init(_ interface: InterfaceConfiguration, neighbours: NeighbourTable = NeighbourTable()) {
        self.interface = interface
        self.neighbours = neighbours
        events = CounterBlock()
    }

    /// Gives back neighbours and counters; the interface stays its maker's.
    public func deallocate() {
        neighbours.deallocate()
        events.deallocate()
    }

    /// - Parameter now: nanoseconds since the Unix epoch, for the age of neighbours.
    public func respond(to packet: Packet, now: UInt64) -> ControlOutcome {
        let ethernet = EthernetHeader(checked: packet.bytes)
        switch ethernet.etherType {
        case .arp: return respondToARP(packet, at: ethernet.length, now: now)
        case .ipv4: return respondToICMP(packet, at: ethernet.length)
        default: return .drop(.unknownEtherType)
        }
    }

    private func respondToARP(_ packet: Packet, at offset: Int, now: UInt64) -> ControlOutcome {
        let bytes = packet.bytes + offset
        let arp = ARPPacket(checked: bytes)
        let sender = arp.senderAddress
        if sender == interface.ipAddress {
            return .drop(arp.senderMAC == interface.macAddress ? .notForUs : .arpAddressConflict)
        }
        guard arp.targetAddress == interface.ipAddress else { return .drop(.notForUs) }
        // A probe asks in nobody's name (RFC 5227): it is answered and teaches nothing.
        let isProbe = sender == .any && arp.isRequest
        guard isProbe || (sender.isPossibleSource && interface.prefix.contains(sender)) else {
            return .drop(.arpInvalid)
        }
        if !isProbe { neighbours.learn(sender, arp.senderMAC, now: now) }
        guard arp.isRequest else {
            events.add(.arpReplyLearned)
            return .done
        }
        ARPPacket.turnIntoReply(bytes, mac: interface.macAddress, address: interface.ipAddress)
        EthernetHeader.turnRound(packet.bytes, source: interface.macAddress)
        events.add(.arpRequestAnswered)
        return .reply
    }

    private func respondToICMP(_ packet: Packet, at offset: Int) -> ControlOutcome {
        let bytes = packet.bytes + offset
        let ip = IPv4Header(checked: bytes)
        guard ip.transport == .icmp else { return .drop(.protocolUnsupported) }
        let headerLength = ip.headerLength
        // Options such as a source route would have to be turned round too (RFC 1122 §3.2.2.6); nobody needs them here.
        guard headerLength == IPv4Header.minimumLength else { return .drop(.icmpUnsupported) }
        guard ICMPMessage(checked: bytes + headerLength).isEchoRequest else { return .drop(.icmpUnsupported) }
        ICMPMessage.turnIntoEchoReply(bytes + headerLength)
        IPv4Header.turnRound(bytes, timeToLive: 64)
        EthernetHeader.turnRound(packet.bytes, source: interface.macAddress)
        events.add(.echoAnswered)
        return .reply
    }
}
