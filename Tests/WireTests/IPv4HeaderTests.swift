import Testing
import Wire

@Suite struct IPv4HeaderTests {
    /// 192.168.0.1 → 192.168.0.199, UDP, 115 bytes in all, checksum b861.
    static let header: [UInt8] = [
        0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xB8, 0x61, 0xC0, 0xA8, 0x00, 0x01, 0xC0, 0xA8,
        0x00, 0xC7,
    ]

    static func check(_ change: (inout [UInt8]) -> Void = { _ in }, length: Int = 115) -> DropReason? {
        var bytes = header + [UInt8](repeating: 0, count: 95)
        change(&bytes)
        return bytes.withUnsafeBytes { IPv4Header.check($0.baseAddress!, length: length) }
    }

    @Test func fields() {
        Self.header.withUnsafeBytes { bytes in
            let ip = IPv4Header(checked: bytes.baseAddress!)
            #expect(ip.headerLength == 20 && ip.totalLength == 115 && ip.payloadLength == 95)
            #expect(!ip.isFragment && ip.timeToLive == 64 && ip.transport == .udp && ip.isChecksumValid)
            #expect(ip.source.description == "192.168.0.1" && ip.destination.description == "192.168.0.199")
        }
    }

    @Test func lengths() {
        #expect(Self.check() == nil)
        #expect(Self.check(length: 19) == .truncatedIPv4)
        #expect(Self.check(length: 114) == .ipLengthInvalid)
        #expect(Self.check({ $0[0] = 0x65 }) == .ipVersionNotFour)
        #expect(Self.check({ $0[0] = 0x44 }) == .ipHeaderLengthInvalid)
        #expect(Self.check({ $0[0] = 0x4F }, length: 59) == .truncatedIPv4)
        #expect(Self.check({ $0[0] = 0x4F }) == nil)
        #expect(Self.check({ $0[3] = 19 }) == .ipLengthInvalid)
        #expect(Self.check({ $0[3] = 20 }) == nil)
    }

    @Test(arguments: [(6, UInt8(0x20), true), (6, 0x01, true), (7, 0x01, true), (6, 0x40, false), (6, 0x80, false)])
    func fragments(offset: Int, value: UInt8, isFragment: Bool) {
        var bytes = Self.header
        (bytes[6], bytes[7]) = (0, 0)
        bytes[offset] = value
        #expect(bytes.withUnsafeBytes { IPv4Header(checked: $0.baseAddress!).isFragment } == isFragment)
    }

    @Test func writingGivesTheSameBytes() {
        var bytes = [UInt8](repeating: 0xEE, count: 20)
        bytes.withUnsafeMutableBytes {
            IPv4Header.write(
                to: $0.baseAddress!, trafficClass: 0, totalLength: 115, flagsAndOffset: 0x4000, timeToLive: 64,
                transport: .udp, checksum: 0xB861, source: IPv4Address(192, 168, 0, 1),
                destination: IPv4Address(192, 168, 0, 199))
        }
        #expect(bytes == Self.header)
    }

    @Test func turningRoundKeepsTheChecksumRight() {
        var bytes = Self.header
        bytes.withUnsafeMutableBytes { IPv4Header.turnRound($0.baseAddress!, trafficClass: 0xA0, timeToLive: 9) }
        bytes.withUnsafeBytes { bytes in
            let ip = IPv4Header(checked: bytes.baseAddress!)
            #expect(ip.isChecksumValid && ip.timeToLive == 9 && ip.transport == .udp)
            #expect(ip.source.description == "192.168.0.199" && ip.destination.description == "192.168.0.1")
        }
    }
}
