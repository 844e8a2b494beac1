import Testing
import Wire

@Suite struct EthernetHeaderTests {
    static let untagged: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x08, 0x00]
    static let tagged: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x81, 0x00, 0xE0, 0x2A, 0x08, 0x06]

    @Test func untaggedFields() {
        Self.untagged.withUnsafeBytes { bytes in
            #expect(EthernetHeader.check(bytes.baseAddress!, length: 14) == nil)
            let header = EthernetHeader(checked: bytes.baseAddress!)
            #expect(header.destination.rawValue == 0x0200_0000_0001 && header.source.rawValue == 0x0200_0000_0009)
            #expect(header.etherType == .ipv4 && header.vlan == 0 && header.length == 14 && !header.isTagged)
        }
    }

    @Test func taggedFields() {
        Self.tagged.withUnsafeBytes { bytes in
            #expect(EthernetHeader.check(bytes.baseAddress!, length: 18) == nil)
            let header = EthernetHeader(checked: bytes.baseAddress!)
            #expect(header.etherType == .arp && header.vlan == 42 && header.length == 18 && header.isTagged)
        }
    }

    @Test func anythingShorterIsTruncated() {
        Self.untagged.withUnsafeBytes { bytes in
            for length in 0..<14 {
                #expect(EthernetHeader.check(bytes.baseAddress!, length: length) == .truncatedEthernet)
            }
        }
        Self.tagged.withUnsafeBytes { bytes in
            for length in 14..<18 {
                #expect(EthernetHeader.check(bytes.baseAddress!, length: length) == .truncatedEthernet)
            }
        }
    }

    @Test func writingAndTurningRound() {
        var bytes = [UInt8](repeating: 0, count: 14)
        bytes.withUnsafeMutableBytes {
            EthernetHeader.write(
                to: $0.baseAddress!, destination: MACAddress(rawValue: 0x0200_0000_0001),
                source: MACAddress(rawValue: 0x0200_0000_0009), etherType: .ipv4)
        }
        #expect(bytes == Self.untagged)
        bytes.withUnsafeMutableBytes {
            EthernetHeader.turnRound($0.baseAddress!, source: MACAddress(rawValue: 0x0200_0000_0001))
        }
        #expect(bytes == [2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1, 0x08, 0x00])
    }
}
