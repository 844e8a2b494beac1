import NetStack
import Runtime
import TestSupport
import Testing
import Wire

@Suite struct UDPTemplateTests {
    static let template = UDPTemplate(
        sourceMAC: FrameBuilder.peerMAC, destinationMAC: FrameBuilder.ownMAC, sourceAddress: FrameBuilder.peerAddress,
        destinationAddress: FrameBuilder.ownAddress, sourcePort: 12_345, destinationPort: FrameBuilder.orderPort)

    static func write(_ template: UDPTemplate, _ payload: [UInt8]) -> [UInt8] {
        var frame = [UInt8](repeating: 0xEE, count: 42) + payload
        let length = frame.withUnsafeMutableBytes {
            template.writeHeaders(to: $0.baseAddress!, payloadLength: payload.count)
        }
        #expect(length == frame.count)
        return frame
    }

    @Test(arguments: [0, 1, 2, 3, 21, 64, 1399, 1472, 65_507]) func agreesWithTheNaiveBuilder(length: Int) {
        var random = SplitMix64(seed: UInt64(length))
        let payload = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        // The builder numbers its packets 7; ours say don't fragment and 0.
        var expected = FrameBuilder().with { $0.flagsAndOffset = 0x4000 }.udp(payload).replacing(18, 0, 0, 0x40, 0)
        let header = Array(expected.replacing(24, 0, 0)[14..<34])
        expected.replaceSubrange(24..<26, with: FrameBuilder.bytes(FrameBuilder.naiveChecksum(header)))
        #expect(Self.write(Self.template, payload) == expected)
    }

    @Test func aChecksumOfZeroIsSentAsAllOnes() {
        // Choose two payload bytes that bring the sum to all ones.
        let zero = Self.write(Self.template, [0, 0])
        let checksum = UInt16(zero[40]) << 8 | UInt16(zero[41])
        let frame = Self.write(Self.template, FrameBuilder.bytes(checksum))
        #expect(Array(frame[40..<42]) == [0xFF, 0xFF])
        #expect(FrameParserTests.parse(frame).verdict == .udp(FrameParserTests.orderHeaders))
    }

    @Test func trafficClassAndTimeToLive() {
        let template = UDPTemplate(
            sourceMAC: FrameBuilder.peerMAC, destinationMAC: FrameBuilder.ownMAC,
            sourceAddress: FrameBuilder.peerAddress, destinationAddress: FrameBuilder.ownAddress, sourcePort: 12_345,
            destinationPort: FrameBuilder.orderPort, dscp: 46, timeToLive: 1)
        let frame = Self.write(template, [1])
        #expect(frame[15] == 0xB8 && frame[22] == 1)
        #expect(FrameParserTests.parse(frame).verdict == .udp(FrameParserTests.orderHeaders))
    }

    @Test(arguments: [UInt32(0x8100_A02A), 0x8100_A000]) func aTagStandsBehindTheAddresses(tag: UInt32) {
        let template = UDPTemplate(
            sourceMAC: FrameBuilder.peerMAC, destinationMAC: FrameBuilder.ownMAC,
            sourceAddress: FrameBuilder.peerAddress, destinationAddress: FrameBuilder.ownAddress, sourcePort: 12_345,
            destinationPort: FrameBuilder.orderPort, tag: tag)
        #expect(template.length == 46)
        var frame = [UInt8](repeating: 0xEE, count: 46) + [1, 2, 3]
        let length = frame.withUnsafeMutableBytes { template.writeHeaders(to: $0.baseAddress!, payloadLength: 3) }
        let plain = Self.write(Self.template, [1, 2, 3])
        let octets = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: tag >> UInt32($0)) }
        #expect(length == 49 && frame == Array(plain[..<12]) + octets + plain[12...])
    }

    /// What a device does that computes checksums: the sum over the field as it is, complemented, gives the right one.
    @Test(arguments: [0, 1, 64, 1400]) func leftChecksumsAreWhatADeviceStartsFrom(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        let complete = Self.write(Self.template, payload)
        var frame = [UInt8](repeating: 0xEE, count: 42) + payload
        frame.withUnsafeMutableBytes {
            _ = Self.template.writeHeaders(to: $0.baseAddress!, payloadLength: payload.count, leavesChecksums: true)
        }
        #expect(Array(frame[24..<26]) == [0, 0])
        let ip = FrameBuilder.naiveChecksum(Array(frame[14..<34]))
        let udp = FrameBuilder.naiveChecksum(Array(frame[34...]))
        frame.replaceSubrange(24..<26, with: FrameBuilder.bytes(ip))
        frame.replaceSubrange(40..<42, with: FrameBuilder.bytes(udp == 0 ? 0xFFFF : udp))
        #expect(frame == complete)
    }

    @Test func replyGoesBackWhereItCameFrom() {
        let interface = FrameBuilder.interface()
        defer { interface.deallocate() }
        let reply = UDPTemplate(replyingTo: FrameParserTests.orderHeaders, from: interface)
        #expect(reply.destinationMAC == FrameBuilder.peerMAC && reply.destinationAddress == FrameBuilder.peerAddress)
        #expect(reply.destinationPort == 12_345 && reply.sourcePort == FrameBuilder.orderPort)
        #expect(reply.sourceMAC == FrameBuilder.ownMAC && reply.sourceAddress == FrameBuilder.ownAddress)
    }
}
