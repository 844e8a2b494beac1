import NetStack
import Testing
import Wire

/// One line per case: what is on the wire, what the parser says.
struct ParserCase: Sendable, CustomTestStringConvertible {
    let name: String
    let frame: [UInt8]
    let reason: DropReason
    var flags: Packet.Flags = []

    init(_ name: String, _ frame: [UInt8], _ reason: DropReason, _ flags: Packet.Flags = []) {
        self.name = name
        self.frame = frame
        self.reason = reason
        self.flags = flags
    }

    var testDescription: String { "\(name) → \(reason)" }
}

@Suite struct FrameParserTests {
    static let plain = FrameBuilder()
    static let order = plain.udp([1, 2, 3])
    static let ping = plain.echo([1, 2, 3])
    static let ask = plain.with { $0.destinationMAC = .broadcast }.arp()
    static let tagged = plain.with { $0.tag = 42 }.udp([1])

    static func parse(_ frame: [UInt8], flags: Packet.Flags = []) -> (verdict: FrameVerdict, payload: [UInt8]) {
        let interface = FrameBuilder.interface()
        defer { interface.deallocate() }
        let parser = FrameParser(interface)
        let ((verdict, payload), after) = frame.asPacket(flags: flags) { packet in
            let verdict = parser.parse(packet)
            let offset = Int(packet.payloadOffset)
            return (verdict, Array(frame.dropFirst(offset).prefix(Int(packet.payloadLength))))
        }
        #expect(frame.isEmpty || after == frame, "the parser writes nothing into the frame")
        return (verdict, payload)
    }

    static let drops: [ParserCase] = [
        ParserCase("1,519 bytes at MTU 1500", order + [UInt8](repeating: 0, count: 1519 - order.count), .oversized),
        ParserCase("no bytes", [], .truncatedEthernet),
        ParserCase("13 bytes", Array(order[..<13]), .truncatedEthernet),
        ParserCase("tag cut off", Array(tagged[..<17]), .truncatedEthernet),
        ParserCase("source is a group", order.replacing(6, 3), .ethernetSourceInvalid),
        ParserCase("source is zero", order.replacing(6, 0, 0, 0, 0, 0, 0), .ethernetSourceInvalid),
        ParserCase("another VLAN", tagged.replacing(14, 0, 43), .vlanNotAccepted),
        ParserCase("two tags", tagged.replacing(16, 0x81, 0), .vlanNotAccepted),
        ParserCase("service tag", order.replacing(12, 0x88, 0xA8), .vlanNotAccepted),
        ParserCase("IPv6", order.replacing(12, 0x86, 0xDD), .unknownEtherType),
        ParserCase("IEEE 802.3 length", order.replacing(12, 0, 40), .unknownEtherType),
        ParserCase("another host's MAC", order.replacing(5, 2), .notForUs),
        ParserCase("another host's IPv4", plain.with { $0.destination = IPv4Address(10, 0, 0, 2) }.udp([1]), .notForUs),
        ParserCase("our IPv4 in a broadcast frame", plain.with { $0.destinationMAC = .broadcast }.udp([1]), .notForUs),
        ParserCase("broadcast IPv4", order.replacing(30, 255, 255, 255, 255), .notForUs, .ipChecksumGood),
        ParserCase(
            "group in our frame", FrameBuilder.feed.with { $0.destinationMAC = FrameBuilder.ownMAC }.udp([1]), .notForUs
        ),
        ParserCase("group not joined", FrameBuilder.feed.udp([1]).replacing(33, 2), .notForUs, .ipChecksumGood),
        ParserCase("ARP in another's frame", ask.replacing(0, 2, 0, 0, 0, 0, 2), .notForUs),
        ParserCase("ARP cut off", Array(ask[..<41]), .truncatedARP),
        ParserCase("ARP for IPv6", ask.replacing(16, 0x86, 0xDD), .arpInvalid),
        ParserCase("ARP operation 3", ask.replacing(21, 3), .arpInvalid),
        ParserCase("ARP from a group", ask.replacing(22, 1), .arpInvalid),
        ParserCase("IPv4 header cut off", Array(order[..<33]), .truncatedIPv4),
        ParserCase("IPv4 options cut off", order.replacing(14, 0x4F), .truncatedIPv4),
        ParserCase("version 6", order.replacing(14, 0x65), .ipVersionNotFour),
        ParserCase("header of 16 bytes", order.replacing(14, 0x44), .ipHeaderLengthInvalid),
        ParserCase("total length above the frame", order.replacing(16, 0, 32), .ipLengthInvalid),
        ParserCase("total length below the header", order.replacing(16, 0, 19), .ipLengthInvalid),
        ParserCase("header checksum", order.replacing(24, 0), .ipChecksumBad),
        ParserCase("NIC says bad and is right", order.replacing(24, 0), .ipChecksumBad, .ipChecksumBad),
        ParserCase("from 127.0.0.1", plain.with { $0.source = IPv4Address(127, 0, 0, 1) }.udp([1]), .ipSourceInvalid),
        ParserCase("from 0.0.0.0", plain.with { $0.source = .any }.udp([1]), .ipSourceInvalid),
        ParserCase("from a group", plain.with { $0.source = FrameBuilder.group }.udp([1]), .ipSourceInvalid),
        ParserCase("from ourselves", plain.with { $0.source = FrameBuilder.ownAddress }.udp([1]), .ipSourceInvalid),
        ParserCase("first fragment", plain.with { $0.flagsAndOffset = 0x2000 }.udp([1]), .fragmented),
        ParserCase("last fragment", plain.with { $0.flagsAndOffset = 0x0003 }.udp([1]), .fragmented),
        ParserCase("TCP", plain.with { $0.transport = 6 }.ipv4([1, 2, 3, 4, 5, 6, 7, 8]), .protocolUnsupported),
        ParserCase("ICMP of 7 bytes", plain.with { $0.transport = 1 }.ipv4([8, 0, 0, 0, 0, 0, 0]), .icmpInvalid),
        ParserCase("ICMP checksum", ping.replacing(36, 0, 0), .icmpChecksumBad),
        ParserCase("ICMP checksum, NIC speaks of UDP", ping.replacing(36, 0, 0), .icmpChecksumBad, .l4ChecksumGood),
        ParserCase("ping of a group", FrameBuilder.feed.echo([1]), .icmpUnsupported),
        ParserCase(
            "IGMP of 7 bytes", FrameBuilder.query.with { $0.transport = 2 }.ipv4([17, 0, 0, 0, 0, 0, 0]), .igmpInvalid),
        ParserCase("IGMP query of 10 bytes", FrameBuilder.query.igmp([17, 1, 0, 0, 0, 0, 0, 0, 0, 0]), .igmpInvalid),
        ParserCase(
            "IGMP sources cut off", FrameBuilder.query.igmp([17, 1, 0, 0, 0, 0, 0, 0, 2, 125, 0, 2, 1, 2, 3, 4, 5]),
            .igmpInvalid),
        ParserCase(
            "IGMP checksum", FrameBuilder.query.igmp([17, 1, 0, 0, 0, 0, 0, 0]).replacing(40, 0, 0), .igmpChecksumBad),
        ParserCase("UDP header cut off", plain.ipv4([1, 2, 3, 4, 5, 6, 7]), .truncatedUDP),
        ParserCase("UDP length 7", order.replacing(38, 0, 7), .udpLengthInvalid),
        ParserCase("UDP length above the IPv4 length", order.replacing(38, 0, 12), .udpLengthInvalid),
        ParserCase("UDP checksum", order.replacing(40, 1), .udpChecksumBad),
        ParserCase("UDP payload", order.replacing(44, 9), .udpChecksumBad, .l4ChecksumBad),
    ]

    @Test(arguments: drops) func everyReasonToDrop(_ drop: ParserCase) {
        #expect(Self.parse(drop.frame, flags: drop.flags).verdict == .drop(drop.reason))
    }

    @Test func theCasesAboveCoverEveryReasonTheParserHas() {
        let parserReasons = DropReason.allCases.prefix { $0 != .noListener }
        // Conflicts are the responder's to see; a frame in several buffers is no matter of its bytes.
        #expect(Set(Self.drops.map(\.reason)) == Set(parserReasons).subtracting([.arpAddressConflict, .segmented]))
    }

    static let orderHeaders = FrameHeaders(
        sourceMAC: FrameBuilder.peerMAC, sourceAddress: FrameBuilder.peerAddress,
        destinationAddress: FrameBuilder.ownAddress, sourcePort: 12_345, destinationPort: FrameBuilder.orderPort)

    @Test func orderFrame() {
        let (verdict, payload) = Self.parse(Self.order)
        #expect(verdict == .udp(Self.orderHeaders) && payload == [1, 2, 3])
    }

    @Test(arguments: [
        ("padded to 60 bytes", order + [UInt8](repeating: 0xEE, count: 15), [1, 2, 3]),
        ("no UDP checksum", plain.udp([1, 2, 3], checksummed: false), [1, 2, 3]),
        ("no payload", plain.udp([]), []),
        ("options", plain.with { $0.options = [1, 1, 1, 0] }.udp([7]), [7]),
        ("60-byte header", plain.with { $0.options = [UInt8](repeating: 1, count: 40) }.udp([7]), [7]),
        ("time to live 0", plain.with { $0.timeToLive = 0 }.udp([7]), [7]),
        ("don't fragment", plain.with { $0.flagsAndOffset = 0x4000 }.udp([7]), [7]),
        ("priority tag", plain.with { $0.tag = 0xE000 }.udp([7]), [7]),
    ]) func orderFramesOfOtherShape(_ name: String, _ frame: [UInt8], _ expected: [UInt8]) {
        let (verdict, payload) = Self.parse(frame)
        #expect(verdict == .udp(Self.orderHeaders), "\(name)")
        #expect(payload == expected, "\(name)")
    }

    @Test func bytesBehindTheUDPLengthAreNotPayload() {
        let frame = Self.plain.udp([7, 8], checksummed: false).replacing(38, 0, 9)
        #expect(Self.parse(frame).payload == [7])
    }

    @Test func taggedFrame() {
        var headers = Self.orderHeaders
        headers.vlan = 42
        let (verdict, payload) = Self.parse(Self.tagged)
        #expect(verdict == .udp(headers) && payload == [1])
    }

    @Test func feedFrame() {
        var headers = Self.orderHeaders
        headers.destinationAddress = FrameBuilder.group
        headers.destinationPort = FrameBuilder.feedPort
        #expect(Self.parse(FrameBuilder.feed.udp([9])).verdict == .udp(headers))
    }

    @Test func arpAndICMP() {
        #expect(Self.parse(Self.ask).verdict == .arp && Self.parse(Self.ask).payload.count == 28)
        #expect(Self.parse(Self.ping).verdict == .icmp && Self.parse(Self.ping).payload.count == 11)
        #expect(Self.parse(Self.plain.arp()).verdict == .arp, "ARP sent to us alone")
        let query = FrameBuilder.query.igmp([17, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0])
        #expect(Self.parse(query).verdict == .igmp && Self.parse(query).payload.count == 12)
    }

    @Test func theLongestFrameOfTheMTUPasses() {
        let frame = Self.plain.with { $0.tag = 42 }.udp([UInt8](repeating: 5, count: 1472))
        #expect(frame.count == 1518 && Self.parse(frame).payload.count == 1472)
    }

    @Test func whatTheNICFoundGoodIsNotDoneAgain() {
        let frame = Self.order.replacing(24, 0).replacing(40, 1)
        #expect(Self.parse(frame, flags: [.ipChecksumGood, .l4ChecksumGood]).verdict == .udp(Self.orderHeaders))
        #expect(Self.parse(frame, flags: .ipChecksumGood).verdict == .drop(.udpChecksumBad))
        #expect(Self.parse(Self.order, flags: .ipChecksumBad).verdict == .udp(Self.orderHeaders), "software decides")
    }

    @Test func theFirstBufferOfSeveralIsADrop() {
        let interface = FrameBuilder.interface()
        defer { interface.deallocate() }
        let parser = FrameParser(interface)
        let (verdict, _) = Self.order.asPacket(isSegmented: true) { parser.parse($0) }
        #expect(verdict == .drop(.segmented))
    }

    @Test func everyTruncationIsADrop() {
        for frame in [Self.order, Self.ping, Self.ask, Self.tagged] {
            for length in 0..<frame.count {
                guard case .drop = Self.parse(Array(frame[..<length])).verdict else {
                    Issue.record("\(length) of \(frame.count) bytes passed")
                    continue
                }
            }
        }
    }
}
