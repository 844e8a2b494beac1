import Testing
import Wire

@Suite struct UDPHeaderTests {
    @Test(arguments: [
        (7, UInt16(8), DropReason?.some(.truncatedUDP)), (8, 8, nil), (8, 7, .udpLengthInvalid),
        (8, 9, .udpLengthInvalid), (20, 12, nil), (20, 21, .udpLengthInvalid), (20, 65_535, .udpLengthInvalid),
    ]) func lengths(available: Int, stated: UInt16, reason: DropReason?) {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes.withUnsafeMutableBytes {
            UDPHeader.write(to: $0.baseAddress!, sourcePort: 1, destinationPort: 2, length: stated, checksum: 0)
        }
        #expect(bytes.withUnsafeBytes { UDPHeader.check($0.baseAddress!, length: available) } == reason)
    }

    /// IPv4 header and datagram with three bytes of payload; the checksum comes from the naive sum over the pseudo
    /// header, spelled out.
    @Test func checksumCoversPseudoHeaderAndOddPayload() {
        let addresses: [UInt8] = [10, 0, 0, 9, 10, 0, 0, 1]
        var udp: [UInt8] = [0x30, 0x39, 0x1F, 0x90, 0, 11, 0, 0, 0xDE, 0xAD, 0xBE]
        let checksum = InternetChecksumTests.naive(addresses + [0, 17, 0, 11] + udp)
        func isValid(_ checksum: UInt16, _ changed: Int? = nil) -> Bool {
            (udp[6], udp[7]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
            var packet: [UInt8] = [0x45, 0, 0, 31, 0, 0, 0, 0, 64, 17, 0, 0] + addresses + udp
            if let changed { packet[changed] ^= 1 }
            return packet.withUnsafeBytes {
                UDPHeader(checked: $0.baseAddress! + 20).isChecksumValid(in: IPv4Header(checked: $0.baseAddress!))
            }
        }
        #expect(isValid(checksum))
        #expect(!isValid(checksum &+ 1))
        #expect(isValid(0), "zero says there is none")
        for changed in Array(12..<26) + Array(28..<31) where changed != 24 && changed != 25 {
            #expect(!isValid(checksum, changed), "byte \(changed) is covered")
        }
    }

    @Test func fields() {
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes.withUnsafeMutableBytes {
            UDPHeader.write(to: $0.baseAddress!, sourcePort: 12345, destinationPort: 8080, length: 19, checksum: 7)
        }
        bytes.withUnsafeBytes {
            let udp = UDPHeader(checked: $0.baseAddress!)
            #expect(udp.sourcePort == 12345 && udp.destinationPort == 8080)
            #expect(udp.datagramLength == 19 && udp.payloadLength == 11)
        }
    }
}
