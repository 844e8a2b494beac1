import Testing
import Wire

@Suite struct ICMPMessageTests {
    /// An echo request with an odd number of data bytes, made right by the naive checksum.
    static func request() -> [UInt8] {
        var bytes: [UInt8] = [8, 0, 0, 0, 0x12, 0x34, 0, 1, 0xAA, 0xBB, 0xCC]
        let checksum = InternetChecksumTests.naive(bytes)
        (bytes[2], bytes[3]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
        return bytes
    }

    @Test func checks() {
        Self.request().withUnsafeBytes { bytes in
            #expect(ICMPMessage.check(bytes.baseAddress!, length: 11) == nil)
            #expect(ICMPMessage.check(bytes.baseAddress!, length: 7) == .icmpInvalid)
            #expect(ICMPMessage.check(bytes.baseAddress!, length: 10) == .icmpChecksumBad)
            #expect(ICMPMessage(checked: bytes.baseAddress!).isEchoRequest)
        }
    }

    @Test func replyInPlace() {
        var bytes = Self.request()
        bytes.withUnsafeMutableBytes { ICMPMessage.turnIntoEchoReply($0.baseAddress!) }
        #expect(bytes[0] == 0 && InternetChecksumTests.naive(bytes) == 0)
        #expect(Array(bytes[4...]) == Array(Self.request()[4...]))
        #expect(bytes.withUnsafeBytes { !ICMPMessage(checked: $0.baseAddress!).isEchoRequest })
    }

    /// Identifier, number and data zero: the reply is zero but for its checksum, and a zero there would be wrong.
    @Test func replyToNothingButZeros() {
        var bytes: [UInt8] = [8, 0, 0xF7, 0xFF, 0, 0, 0, 0]
        bytes.withUnsafeMutableBytes {
            #expect(ICMPMessage.check($0.baseAddress!, length: 8) == nil)
            ICMPMessage.turnIntoEchoReply($0.baseAddress!)
            #expect(ICMPMessage.check($0.baseAddress!, length: 8) == nil)
        }
        #expect(bytes == [0, 0, 0xFF, 0xFF, 0, 0, 0, 0])
    }
}
