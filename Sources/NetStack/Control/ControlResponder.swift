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

/// Keeps an interface usable: answers ARP (RFC 826) and ICMP echo (RFC 792), each in the buffer it came in, claims our
/// address (RFC 5227), is a member of our groups (RFC 3376), and takes and sends ICMP errors (RFC 1122 §3.2.2).
///
/// Takes packets that `FrameParser` passed as `.arp`, `.icmp` or `.igmp`. Frames of its own leave by `takeFrame`, which
/// is asked once `deadline` has passed. One thread; the counters may be read by any.
public struct ControlResponder: @unchecked Sendable {
    public struct Settings: Sendable {
        /// Echo requests answered per second; a tenth of them at once.
        public var echoPerSecond = 1_000
        /// ICMP errors sent per second (RFC 1812 §4.3.2.8); a tenth of them at once.
        public var errorsPerSecond = 100
        /// UDP port our datagrams leave from: errors about others are no errors about us.
        public var ownPort: UInt16 = 0
        /// Probes for the address and joins the groups: one queue of an interface does.
        public var announces = false
        public var seed: UInt64 = 0

        public init() {}
    }

    public let neighbours: NeighbourTable
    public let events: CounterBlock<ControlEvent>
    public internal(set) var claim = AddressClaim()
    public internal(set) var membership: MulticastMembership
    /// When `takeFrame` has something to do, nanoseconds.
    public internal(set) var deadline: UInt64 = 0
    let interface: InterfaceConfiguration
    let settings: Settings
    /// nil: none may leave.
    let echoLimit: RateLimit?
    let errorLimit: RateLimit?
    var echoes = TokenBucket()
    var errors = TokenBucket()
    var random: SplitMix64
    var hasBegun = false
    var neighbourDeadline: UInt64 = 0
    var smallestPathMTU: Int
    var pathMTUExpiry: UInt64 = 0

    /// - Parameters: neighbours and membership become the responder's.
    public init(
        _ interface: InterfaceConfiguration, settings: Settings = Settings(),
        neighbours: NeighbourTable = NeighbourTable(), membership: MulticastMembership = MulticastMembership()
    ) {
        self.interface = interface
        self.settings = settings
        self.neighbours = neighbours
        self.membership = membership
        events = CounterBlock()
        // A tenth of a second's worth may come at once.
        func limit(_ rate: Int) -> RateLimit? { RateLimit(packetsPerSecond: rate, burst: max(rate / 10, 1)) }
        echoLimit = limit(settings.echoPerSecond)
        errorLimit = limit(settings.errorsPerSecond)
        // Two hosts with one seed must not answer a query at the same moment.
        random = SplitMix64(seed: settings.seed ^ interface.macAddress.rawValue)
        smallestPathMTU = interface.mtu
    }

    /// Gives back neighbours, membership and counters; the interface stays its maker's.
    public func deallocate() {
        neighbours.deallocate()
        membership.deallocate()
        events.deallocate()
    }

    /// - Parameter now: nanoseconds since the Unix epoch, for the age of neighbours.
    public mutating func respond(to packet: Packet, now: UInt64) -> ControlOutcome {
        let ethernet = EthernetHeader(checked: packet.bytes)
        switch ethernet.etherType {
        case .arp: return respondToARP(packet, at: ethernet.length, now: now)
        case .ipv4: break
        default: return .drop(.unknownEtherType)
        }
        let ip = IPv4Header(checked: packet.bytes + ethernet.length)
        switch ip.transport {
        case .icmp: return respondToICMP(packet, ip, at: ethernet.length, now: now)
        case .igmp: return respondToIGMP(packet, ip, at: ethernet.length &+ ip.headerLength, now: now)
        default: return .drop(.protocolUnsupported)
        }
    }

    private mutating func respondToARP(_ packet: Packet, at offset: Int, now: UInt64) -> ControlOutcome {
        let bytes = packet.bytes + offset
        let arp = ARPPacket(checked: bytes)
        let sender = arp.senderAddress
        let isOurs = arp.senderMAC == interface.macAddress
        if sender == interface.ipAddress {
            return isOurs ? .drop(.notForUs) : conflict(with: arp.senderMAC, now: now)
        }
        guard arp.targetAddress == interface.ipAddress else { return .drop(.notForUs) }
        // A probe asks in nobody's name (RFC 5227): it is answered and teaches nothing.
        let isProbe = sender == .any && arp.isRequest
        if isProbe, claim.state == .probing {
            return isOurs ? .drop(.notForUs) : conflict(with: arp.senderMAC, now: now)
        }
        guard isProbe || (sender.isPossibleSource && interface.prefix.contains(sender)) else {
            return .drop(.arpInvalid)
        }
        guard arp.isRequest else {
            guard neighbours.confirm(sender, arp.senderMAC, now: now) else { return .drop(.arpUnsolicited) }
            events.add(.arpReplyLearned)
            return .done
        }
        if !isProbe, neighbours.learn(sender, arp.senderMAC, now: now) == .contested { events.add(.neighbourContested) }
        guard claim.state != .yielded else { return .drop(.arpAddressConflict) }
        ARPPacket.turnIntoReply(bytes, mac: interface.macAddress, address: interface.ipAddress)
        turnRound(packet)
        events.add(.arpRequestAnswered)
        return .reply
    }

    private mutating func conflict(with mac: MACAddress, now: UInt64) -> ControlOutcome {
        events.add(.addressConflicts)
        events.set(.addressConflictMAC, to: mac.rawValue)
        claim.conflict(now: now)
        events.set(.addressYielded, to: claim.state == .yielded ? 1 : 0)
        updateDeadline()
        return .drop(.arpAddressConflict)
    }

    private mutating func respondToIGMP(
        _ packet: Packet, _ ip: IPv4Header, at offset: Int, now: UInt64
    ) -> ControlOutcome {
        let message = IGMPMessage(checked: packet.bytes + offset, length: ip.payloadLength)
        guard membership.receive(message, in: ip, now: now) else { return .drop(.igmpIgnored) }
        if message.type == .query { events.add(.igmpQueriesReceived) }
        events.set(.igmpVersionTwo, to: membership.isVersionTwo ? 1 : 0)
        updateDeadline()
        return .done
    }

    /// Sends a received frame back, in the VLAN it came in, with our priority.
    func turnRound(_ packet: Packet) {
        let ethernet = EthernetHeader(checked: packet.bytes)
        let tag = interface.tag(interface.marking.control, vlan: ethernet.vlan)
        EthernetHeader.turnRound(packet.bytes, source: interface.macAddress)
        if ethernet.isTagged {
            // A tag without a VLAN came from one who wants priorities: it goes back with one, whatever is set.
            let priority = 0x8100_0000 | UInt32(interface.marking.control.priority) << 13
            EthernetHeader.setTag(tag != 0 ? tag : priority, of: packet.bytes)
        } else if tag != 0, packet.capacity >= packet.length &+ 4 {
            EthernetHeader.insertTag(tag, into: packet.bytes, length: Int(packet.length))
            packet.length &+= 4
        }
    }
}
