import Testing
import Wire

@Suite struct ARPPacketTests {
    /// Who has 10.0.0.1? Tell 10.0.0.9 at 02:00:00:00:00:09.
    static let request: [UInt8] = [
        0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10, 0, 0, 9, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1,
    ]

    @Test func fields() {
        Self.request.withUnsafeBytes { bytes in
            #expect(ARPPacket.check(bytes.baseAddress!, length: 28) == nil)
            let packet = ARPPacket(checked: bytes.baseAddress!)
            #expect(packet.isRequest && packet.senderMAC.rawValue == 0x0200_0000_0009)
            #expect(packet.senderAddress.description == "10.0.0.9" && packet.targetAddress.description == "10.0.0.1")
        }
    }

    @Test(arguments: [
        (1, UInt8(6)), (2, 0x86), (4, 8), (5, 16), (7, 0), (7, 3), (8, 3),
    ]) func impossibleFieldsAreInvalid(offset: Int, value: UInt8) {
        var bytes = Self.request
        bytes[offset] = value
        #expect(bytes.withUnsafeBytes { ARPPacket.check($0.baseAddress!, length: 28) } == .arpInvalid)
    }

    @Test func shorterIsTruncated() {
        #expect(Self.request.withUnsafeBytes { ARPPacket.check($0.baseAddress!, length: 27) } == .truncatedARP)
    }

    @Test func replyInPlace() {
        var bytes = Self.request
        bytes.withUnsafeMutableBytes {
            ARPPacket.turnIntoReply(
                $0.baseAddress!, mac: MACAddress(rawValue: 0x0200_0000_0001), address: IPv4Address(10, 0, 0, 1))
        }
        #expect(
            bytes == [
                0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 2, 0, 0, 0, 0, 9, 10, 0, 0, 9,
            ])
    }
}
