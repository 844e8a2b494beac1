import NetStack
import TestSupport
import Testing
import Wire

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

    @Test func everyPacketOfTheTableGetsItsVerdict() {
        for fixture in PacketFixture.all where fixture.segments == 1 {
            let verdict = Self.parse(fixture.frame, flags: fixture.flags).verdict
            #expect(PacketFixture.Verdict(verdict) == fixture.verdict, "\(fixture)")
        }
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
