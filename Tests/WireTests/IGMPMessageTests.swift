import Testing
import Wire

@Suite struct IGMPMessageTests {
    /// The bytes with a right checksum at 2.
    static func summed(_ bytes: [UInt8]) -> [UInt8] {
        var copy = bytes
        let checksum = InternetChecksumTests.naive(copy)
        (copy[2], copy[3]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
        return copy
    }

    static let general: [UInt8] = [0x11, 100, 0, 0, 0, 0, 0, 0, 0x0A, 125, 0, 0]
    static let specific: [UInt8] = [0x11, 10, 0, 0, 233, 200, 79, 1, 2, 125, 0, 2, 10, 0, 0, 9, 10, 0, 0, 10]

    @Test(
        arguments: [
            ("version 3 general", summed(general), nil), ("version 2", summed(Array(general[..<8])), nil),
            ("two sources", summed(specific), nil), ("bytes behind the sources", summed(specific + [1, 2]), nil),
            ("report of version 2", summed([0x16, 0, 0, 0, 233, 1, 1, 1]), nil),
            ("7 bytes", summed(Array(general[..<7])), DropReason.igmpInvalid),
            ("9 bytes", summed(Array(general[..<9])), .igmpInvalid),
            ("11 bytes", summed(Array(general[..<11])), .igmpInvalid),
            ("three sources announced", summed(specific.enumerated().map { $0 == 11 ? 3 : $1 }), .igmpInvalid),
            (
                "65,535 sources announced", summed(specific.enumerated().map { $0 == 10 || $0 == 11 ? 255 : $1 }),
                .igmpInvalid
            ),
            ("checksum", general, .igmpChecksumBad),
        ] as [(String, [UInt8], DropReason?)]) func check(_ name: String, _ bytes: [UInt8], _ reason: DropReason?)
    {
        bytes.withUnsafeBytes { #expect(IGMPMessage.check($0.baseAddress!, length: $0.count) == reason, "\(name)") }
    }

    @Test func fieldsOfAQuery() {
        Self.specific.withUnsafeBytes {
            let message = IGMPMessage(checked: $0.baseAddress!, length: $0.count)
            #expect(message.type == .query && message.queryVersion == 3 && message.robustness == 2)
            #expect(message.group == IPv4Address(233, 200, 79, 1) && message.sourceCount == 2)
            #expect(message.source(1) == IPv4Address(10, 0, 0, 10))
            #expect(message.maximumResponseNanoseconds == 1_000_000_000)
        }
    }

    /// RFC 3376 §4.1.1: from 128 on, (mantissa | 16) << (exponent + 3) tenths of a second.
    @Test(arguments: [(0, 0), (127, 127), (128, 128), (0x8F, 248), (0x90, 256), (0xFF, 31_744)] as [(UInt8, UInt64)])
    func responseCodes(_ code: UInt8, _ tenths: UInt64) {
        var bytes = Self.general
        bytes[1] = code
        bytes.withUnsafeBytes {
            let three = IGMPMessage(checked: $0.baseAddress!, length: 12)
            #expect(three.maximumResponseNanoseconds == tenths * 100_000_000)
            let old = IGMPMessage(checked: $0.baseAddress!, length: 8)
            #expect(old.queryVersion == (code == 0 ? 1 : 2))
            #expect(old.maximumResponseNanoseconds == UInt64(code) * 100_000_000)
        }
    }

    @Test func reportOfTwoRecords() {
        var bytes = [UInt8](repeating: 0xEE, count: 32)
        let sources = [IPv4Address(10, 0, 0, 9)]
        var fits: [Bool] = []
        let length = bytes.withUnsafeMutableBytes { buffer in
            sources.withUnsafeBufferPointer { list in
                var report = IGMPReportWriter(to: buffer.baseAddress!, capacity: 28)
                let first = IPv4Address(233, 1, 1, 1)
                let second = IPv4Address(232, 1, 1, 1)
                let base = list.baseAddress!
                fits.append(report.append(.changeToExclude, group: first, sources: base, count: 0))
                fits.append(report.append(.allowNewSources, group: second, sources: base, count: 1))
                fits.append(report.append(.modeIsExclude, group: first, sources: base, count: 0))
                return report.finish()
            }
        }
        #expect(fits == [true, true, false], "the third finds no room")
        let expected: [UInt8] = [
            0x22, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 233, 1, 1, 1, 5, 0, 0, 1, 232, 1, 1, 1, 10, 0, 0, 9,
        ]
        #expect(length == 28 && bytes == Self.summed(expected) + [0xEE, 0xEE, 0xEE, 0xEE])
    }

    @Test func messagesOfVersionTwo() {
        var bytes = [UInt8](repeating: 0xEE, count: 8)
        let group = IPv4Address(233, 1, 1, 1)
        bytes.withUnsafeMutableBytes { _ = IGMPMessage.writeVersionTwo(.leave, group: group, to: $0.baseAddress!) }
        #expect(bytes == Self.summed([0x17, 0, 0, 0, 233, 1, 1, 1]))
    }

    @Test func routerAlert() {
        var bytes = [UInt8](repeating: 0xEE, count: 24)
        bytes.withUnsafeMutableBytes {
            IPv4Header.writeWithRouterAlert(
                to: $0.baseAddress!, trafficClass: 0xA0, payloadLength: 16, timeToLive: 1, transport: .igmp,
                source: IPv4Address(10, 0, 0, 1), destination: IPv4Address(224, 0, 0, 22))
            let header = IPv4Header(checked: $0.baseAddress!)
            #expect(IPv4Header.check($0.baseAddress!, length: 40) == nil && header.isChecksumValid)
            #expect(header.hasRouterAlert && header.headerLength == 24 && header.totalLength == 40)
        }
        #expect(Array(bytes[20...]) == [0x94, 4, 0, 0])
    }

    @Test(
        arguments: [
            ([1, 1, 0x94, 4], true), ([0x94, 4, 0, 0], true), ([7, 3, 4, 1, 0x94, 4, 0, 0], true),
            ([0, 0x94, 4, 0], false),
            ([7, 0, 0, 0], false), ([7, 1, 0, 0x94], false), ([7, 44, 0, 0x94], false), ([1, 1, 1, 7], false),
            ([], false),
        ] as [([UInt8], Bool)]) func optionsAreWalkedToTheirEnd(_ options: [UInt8], _ found: Bool)
    {
        let bytes = [0x45 + UInt8(options.count / 4)] + [UInt8](repeating: 0, count: 19) + options
        bytes.withUnsafeBytes { #expect(IPv4Header(checked: $0.baseAddress!).hasRouterAlert == found) }
    }
}
