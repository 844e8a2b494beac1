import NetStack
import Wire

/// One line of the table of packets: bytes in, verdict and counter out.
public struct PacketFixture: Sendable, CustomStringConvertible {
    /// What the parser says.
    public enum Verdict: Equatable, Sendable {
        case drop(DropReason)
        case arp
        case icmp
        case igmp
        case udp

        public init(_ verdict: FrameVerdict) {
            switch verdict {
            case .drop(let reason): self = .drop(reason)
            case .arp: self = .arp
            case .icmp: self = .icmp
            case .igmp: self = .igmp
            case .udp: self = .udp
            }
        }
    }

    /// The lane a packet that passes the parser is counted in.
    public enum Lane: Sendable { case order, control, marketData }

    public let name: String
    public let frame: [UInt8]
    /// What the NIC says about it.
    public let flags: Packet.Flags
    /// Buffers it is spread over.
    public let segments: UInt16
    public let verdict: Verdict
    public let lane: Lane?
    /// The one reason it is counted under, if any.
    public let drop: DropReason?

    /// A frame the parser drops.
    init(_ name: String, _ frame: [UInt8], _ reason: DropReason, _ flags: Packet.Flags = [], segments: UInt16 = 1) {
        (self.name, self.frame, self.flags, self.segments) = (name, frame, flags, segments)
        (verdict, lane, drop) = (.drop(reason), nil, reason)
    }

    /// A frame that passes the parser; `drop` is why it, or the message in it, is let go of later.
    init(
        _ name: String, _ frame: [UInt8], _ verdict: Verdict, _ lane: Lane?, _ drop: DropReason? = nil,
        flags: Packet.Flags = []
    ) {
        (self.name, self.frame, self.flags, segments) = (name, frame, flags, 1)
        (self.verdict, self.lane, self.drop) = (verdict, lane, drop)
    }

    public var description: String {
        let end = [lane.map { "\($0) lane" }, drop.map { "\($0)" }].compactMap(\.self).joined(separator: ", ")
        return "\(name) → \(end)"
    }
}

extension PacketFixture {
    private static let plain = FrameBuilder()
    private static let feed = FrameBuilder.feed
    private static let everyone = FrameBuilder().with { $0.destinationMAC = .broadcast }
    private static let stranger = FrameBuilder().from(IPv4Address(10, 0, 0, 77))
    private static let query = FrameBuilder.query
    /// What the bench's access list refuses.
    public static let refused = IPv4Address(10, 0, 0, 66)
    private static let order = plain.udp([1, 2, 3])
    private static let ping = plain.echo([1, 2, 3])
    private static let ask = everyone.arp()
    private static let tagged = plain.with { $0.tag = 42 }.udp([1])
    /// A heartbeat of order entry and of the feed, whole and right.
    private static let message: [UInt8] = [16, 0, 4, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    private static let segment: [UInt8] = [1, 0, 4, 0x80, 1] + [UInt8](repeating: 0, count: 35)

    /// Every way a frame can go, for `FrameBuilder`'s addresses without a VLAN; in the order of `DropReason`.
    public static let all: [PacketFixture] = frames + arps + datagrams + controls + edges + messages

    private static let frames = [
        PacketFixture("first buffer of two", order, .segmented, segments: 2),
        PacketFixture("1,519 bytes at MTU 1500", order + [UInt8](repeating: 0, count: 1519 - order.count), .oversized),
        PacketFixture("no bytes", [], .truncatedEthernet),
        PacketFixture("13 bytes", Array(order[..<13]), .truncatedEthernet),
        PacketFixture("tag cut off", Array(tagged[..<17]), .truncatedEthernet),
        PacketFixture("source is a group", order.replacing(6, 3), .ethernetSourceInvalid),
        PacketFixture("source is zero", order.replacing(6, 0, 0, 0, 0, 0, 0), .ethernetSourceInvalid),
        PacketFixture("another VLAN", tagged.replacing(14, 0, 43), .vlanNotAccepted),
        PacketFixture("two tags", tagged.replacing(16, 0x81, 0), .vlanNotAccepted),
        PacketFixture("service tag", order.replacing(12, 0x88, 0xA8), .vlanNotAccepted),
        PacketFixture("IPv6", order.replacing(12, 0x86, 0xDD), .unknownEtherType),
        PacketFixture("IEEE 802.3 length", order.replacing(12, 0, 40), .unknownEtherType),
        PacketFixture("another host's MAC", order.replacing(5, 2), .notForUs),
        PacketFixture("another host's IPv4", plain.to(IPv4Address(10, 0, 0, 2)).udp([1]), .notForUs),
        PacketFixture("our IPv4 in a broadcast frame", everyone.udp([1]), .notForUs),
        PacketFixture("broadcast IPv4", order.replacing(30, 255, 255, 255, 255), .notForUs, .ipChecksumGood),
        PacketFixture("group in our frame", feed.with { $0.destinationMAC = FrameBuilder.ownMAC }.udp([1]), .notForUs),
        PacketFixture("group not joined", feed.udp([1]).replacing(33, 2), .notForUs, .ipChecksumGood),
    ]

    private static let arps = [
        PacketFixture("ARP in another's frame", ask.replacing(0, 2, 0, 0, 0, 0, 2), .notForUs),
        PacketFixture("ARP cut off", Array(ask[..<41]), .truncatedARP),
        PacketFixture("ARP for IPv6", ask.replacing(16, 0x86, 0xDD), .arpInvalid),
        PacketFixture("ARP operation 3", ask.replacing(21, 3), .arpInvalid),
        PacketFixture("ARP from a group", ask.replacing(22, 1), .arpInvalid),
        PacketFixture("ARP request", ask, .arp, .control),
        PacketFixture("ARP request, padded", ask + [UInt8](repeating: 0, count: 18), .arp, .control),
        PacketFixture("ARP reply", plain.arp(operation: 2), .arp, .control, .arpUnsolicited),
        PacketFixture("ARP probe", everyone.from(.any).arp(), .arp, .control),
        PacketFixture("ARP for another host", ask.replacing(41, 2), .arp, .control, .notForUs),
        PacketFixture("ARP from another network", ask.replacing(28, 11), .arp, .control, .arpInvalid),
        PacketFixture(
            "ARP in our name", everyone.from(FrameBuilder.ownAddress).arp(), .arp, .control,
            .arpAddressConflict),
    ]

    private static let datagrams = [
        PacketFixture("IPv4 header cut off", Array(order[..<33]), .truncatedIPv4),
        PacketFixture("IPv4 options cut off", order.replacing(14, 0x4F), .truncatedIPv4),
        PacketFixture("version 6", order.replacing(14, 0x65), .ipVersionNotFour),
        PacketFixture("header of 16 bytes", order.replacing(14, 0x44), .ipHeaderLengthInvalid),
        PacketFixture("total length above the frame", order.replacing(16, 0, 32), .ipLengthInvalid),
        PacketFixture("total length below the header", order.replacing(16, 0, 19), .ipLengthInvalid),
        PacketFixture("header checksum", order.replacing(24, 0), .ipChecksumBad),
        PacketFixture("NIC says bad and is right", order.replacing(24, 0), .ipChecksumBad, .ipChecksumBad),
        PacketFixture("from 127.0.0.1", plain.from(IPv4Address(127, 0, 0, 1)).udp([1]), .ipSourceInvalid),
        PacketFixture("from 0.0.0.0", plain.from(.any).udp([1]), .ipSourceInvalid),
        PacketFixture("from a group", plain.from(FrameBuilder.group).udp([1]), .ipSourceInvalid),
        PacketFixture("from ourselves", plain.from(FrameBuilder.ownAddress).udp([1]), .ipSourceInvalid),
        PacketFixture("first fragment", plain.with { $0.flagsAndOffset = 0x2000 }.udp([1]), .fragmented),
        PacketFixture("last fragment", plain.with { $0.flagsAndOffset = 0x0003 }.udp([1]), .fragmented),
        PacketFixture("TCP", plain.with { $0.transport = 6 }.ipv4([1, 2, 3, 4, 5, 6, 7, 8]), .protocolUnsupported),
    ]

    private static let controls = [
        PacketFixture("ICMP of 7 bytes", plain.with { $0.transport = 1 }.ipv4([8, 0, 0, 0, 0, 0, 0]), .icmpInvalid),
        PacketFixture("ICMP checksum", ping.replacing(36, 0, 0), .icmpChecksumBad),
        PacketFixture("ICMP checksum, NIC speaks of UDP", ping.replacing(36, 0, 0), .icmpChecksumBad, .l4ChecksumGood),
        PacketFixture("ping of a group", feed.echo([1]), .icmpUnsupported),
        PacketFixture("ping", ping, .icmp, .control),
        PacketFixture("ping without data", plain.echo([]), .icmp, .control),
        PacketFixture("echo reply", plain.echo([1], type: 0), .icmp, .control, .icmpUnsupported),
        PacketFixture("echo request with a code", plain.echo([1], code: 1), .icmp, .control, .icmpUnsupported),
        PacketFixture(
            "ping with options", plain.with { $0.options = [1, 1, 1, 0] }.echo([1]), .icmp, .control, .icmpUnsupported),
        PacketFixture("IGMP of 7 bytes", query.with { $0.transport = 2 }.ipv4([17, 0, 0, 0, 0, 0, 0]), .igmpInvalid),
        PacketFixture("IGMP query of 10 bytes", query.igmp([17, 1, 0, 0, 0, 0, 0, 0, 0, 0]), .igmpInvalid),
        PacketFixture(
            "IGMP sources cut off", query.igmp([17, 1, 0, 0, 0, 0, 0, 0, 2, 125, 0, 2, 1, 2, 3, 4, 5]), .igmpInvalid),
        PacketFixture("IGMP checksum", query.igmp([17, 1, 0, 0, 0, 0, 0, 0]).replacing(40, 0, 0), .igmpChecksumBad),
        PacketFixture(
            "another host's IGMP report", query.igmp([0x16, 0, 0, 0, 233, 1, 1, 1]), .igmp, .control, .igmpIgnored),
    ]

    private static let edges = [
        PacketFixture("UDP header cut off", plain.ipv4([1, 2, 3, 4, 5, 6, 7]), .truncatedUDP),
        PacketFixture("UDP length 7", order.replacing(38, 0, 7), .udpLengthInvalid),
        PacketFixture("UDP length above the IPv4 length", order.replacing(38, 0, 12), .udpLengthInvalid),
        PacketFixture("UDP checksum", order.replacing(40, 1), .udpChecksumBad),
        PacketFixture("UDP payload", order.replacing(44, 9), .udpChecksumBad, .l4ChecksumBad),
        PacketFixture("port nobody listens on", plain.with { $0.destinationPort = 9 }.udp([1]), .udp, nil, .noListener),
        PacketFixture("order from a stranger", stranger.udp(message), .udp, nil, .unknownSource),
        PacketFixture("refused by a rule", plain.from(refused).udp(message), .udp, nil, .aclDenied),
        PacketFixture("from nobody's address", plain.from(IPv4Address(240, 0, 0, 1)).udp([1]), .ipSourceInvalid),
        PacketFixture(
            "from a limited broadcast's network", plain.from(IPv4Address(192, 0, 2, 1)).udp([1]), .udp, nil,
            .bogonSource),
        PacketFixture(
            "from a name server's port", plain.with { $0.sourcePort = 53 }.udp(message), .udp, nil, .amplificationPort),
        PacketFixture(
            "feed from elsewhere", feed.from(IPv4Address(10, 0, 0, 78)).udp(segment), .udp, nil, .feedSourceUnknown),
        PacketFixture("order datagram without messages", plain.udp([]), .udp, .order),
        PacketFixture("order datagram, priority tag", plain.with { $0.tag = 0xE000 }.udp([]), .udp, .order),
        PacketFixture("order datagram, time to live 0", plain.with { $0.timeToLive = 0 }.udp([]), .udp, .order),
        PacketFixture("order datagram, options", plain.with { $0.options = [1, 1, 1, 0] }.udp([]), .udp, .order),
        PacketFixture("order datagram, padded", plain.udp([]) + [UInt8](repeating: 9, count: 18), .udp, .order),
        PacketFixture("feed's heartbeat", feed.udp(segment), .udp, .marketData),
        PacketFixture("feed from a stranger", feed.from(stranger.source).udp(segment), .udp, .marketData),
    ]

    private static let messages = [
        PacketFixture("message cut off", plain.udp(Array(message[..<15])), .udp, .order, .messageTruncated),
        PacketFixture("24-byte heartbeat", plain.udp(message.replacing(0, 24)), .udp, .order, .messageLengthInvalid),
        PacketFixture("version 2", plain.udp(message.replacing(3, 2)), .udp, .order, .protocolVersionUnsupported),
        PacketFixture("message type 99", plain.udp(message.replacing(2, 99)), .udp, .order, .messageTypeUnknown),
        PacketFixture("session 2000", plain.udp(message.replacing(4, 0xD0, 7)), .udp, .order, .sessionUnknown),
        PacketFixture("session not established", plain.udp(message), .udp, .order, .sessionNotEstablished),
        PacketFixture("feed packet cut off", feed.udp(Array(segment[..<39])), .udp, .marketData, .feedTruncated),
        PacketFixture("feed version 2", feed.udp(segment.replacing(0, 2)), .udp, .marketData, .feedVersionUnsupported),
        PacketFixture("feed protocol 5", feed.udp(segment.replacing(2, 5)), .udp, .marketData, .feedProtocolUnknown),
        PacketFixture("feed counts one message", feed.udp(segment.replacing(14, 1)), .udp, .marketData, .feedMalformed),
    ]
}

extension FrameBuilder {
    fileprivate func from(_ address: IPv4Address) -> FrameBuilder { with { $0.source = address } }
    fileprivate func to(_ address: IPv4Address) -> FrameBuilder { with { $0.destination = address } }
}
