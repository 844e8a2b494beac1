import Runtime
import TestSupport
import Testing
import Wire

@Suite struct InternetChecksumTests {
    /// The checksum as RFC 1071 §4.1 spells it out, word by word.
    static func naive(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            let low = index + 1 < bytes.count ? bytes[index + 1] : 0
            sum += UInt32(bytes[index]) << 8 | UInt32(low)
        }
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(sum)
    }

    static func ours(_ bytes: [UInt8]) -> UInt16 {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return InternetChecksum.checksum(of: 0) }
            return InternetChecksum.checksum(start, length: bytes.count)
        }
    }

    @Test func exampleOfRFC1071() {
        // §3: words 0001 f203 f4f5 f6f7, sum ddf2.
        #expect(Self.ours([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]) == ~0xDDF2)
    }

    @Test func headerOfARealPacket() {
        let header: [UInt8] = [
            0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0x00, 0x00, 0xC0, 0xA8, 0x00, 0x01, 0xC0, 0xA8,
            0x00, 0xC7,
        ]
        #expect(Self.ours(header) == 0xB861)
    }

    @Test func everyLengthAndAlignmentAgreesWithTheNaiveSum() {
        var random = SplitMix64(seed: 1071)
        for length in 0...200 {
            for skip in 0..<8 {
                let bytes = (0..<length + skip).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                let ours = bytes.withUnsafeBytes {
                    $0.isEmpty ? 0xFFFF : InternetChecksum.checksum($0.baseAddress! + skip, length: length)
                }
                #expect(ours == Self.naive(Array(bytes[skip...])))
            }
        }
    }

    @Test(arguments: [UInt8(0), 0xFF]) func extremeBytesCarryAllTheWay(byte: UInt8) {
        for length in [1, 2, 64, 1400, 65_535] {
            let bytes = [UInt8](repeating: byte, count: length)
            #expect(Self.ours(bytes) == Self.naive(bytes))
        }
    }

    @Test func sumsOfPartsAddUp() {
        let bytes = (0..<101).map { UInt8($0 * 7 & 0xFF) }
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress!
            let sum = InternetChecksum.sum(start + 34, length: 67, adding: InternetChecksum.sum(start, length: 34))
            #expect(InternetChecksum.checksum(of: sum) == Self.naive(bytes))
        }
    }

    @Test func bytesWithTheirChecksumAreValidAndOneBitMoreIsNot() {
        var random = SplitMix64(seed: 9)
        for _ in 0..<200 {
            var bytes = (0..<60).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            (bytes[10], bytes[11]) = (0, 0)
            let checksum = Self.naive(bytes)
            (bytes[10], bytes[11]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
            bytes.withUnsafeBytes {
                #expect(InternetChecksum.isValid(InternetChecksum.sum($0.baseAddress!, length: 60)))
            }
            bytes[Int(random.next() % 60)] ^= 1 << UInt8(random.next() % 8)
            bytes.withUnsafeBytes {
                #expect(!InternetChecksum.isValid(InternetChecksum.sum($0.baseAddress!, length: 60)))
            }
        }
    }

    @Test func updatingAgreesWithSummingAnew() {
        var random = SplitMix64(seed: 1624)
        for _ in 0..<2000 {
            var bytes = (0..<20).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let before = Self.naive(bytes)
            let old = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
            let new = UInt16(truncatingIfNeeded: random.next())
            (bytes[8], bytes[9]) = (UInt8(new >> 8), UInt8(new & 0xFF))
            #expect(InternetChecksum.updated(before, replacing: old, with: new) == Self.naive(bytes))
        }
    }

    @Test func exampleOfRFC1624() {
        // §4: checksum dd2f, word 5555 becomes 3285, new checksum 0000.
        #expect(InternetChecksum.updated(0xDD2F, replacing: 0x5555, with: 0x3285) == 0x0000)
    }

    @Test func updatingALongFieldAgreesWithSummingAnew() {
        var random = SplitMix64(seed: 1624)
        let extremes: [UInt64] = [0, 1, 0xFFFF, 0x1_0000, 0xFFFF_0000_FFFF_0000, .max - 1, .max]
        func field() -> UInt64 {
            random.next() % 4 == 0 ? extremes[random.next(below: extremes.count)] : random.next()
        }
        for _ in 0..<5_000 {
            var bytes = (0..<40).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let offset = 2 * random.next(below: 17)
            func put(_ value: UInt64) {
                bytes.withUnsafeMutableBytes {
                    $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self)
                }
            }
            let (old, new) = (field(), field())
            put(old)
            let before = Self.naive(bytes)
            put(new)
            #expect(InternetChecksum.updated(before, replacingField: old, with: new) == Self.naive(bytes))
        }
    }

    /// A field in four words, one by one, is the same as at once: also where the sum is all zeros or all ones.
    @Test func updatingALongFieldAgreesWithUpdatingItsWords() {
        var random = SplitMix64(seed: 4)
        let words: [UInt16] = [0, 1, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF]
        func word() -> UInt16 { words[random.next(below: words.count)] }
        for _ in 0..<5_000 {
            let (old, new) = ((0..<4).map { _ in word() }, (0..<4).map { _ in word() })
            // What is not in the field is not all zeros, so that neither way may end at a checksum of all ones.
            let checksum = UInt16(truncatingIfNeeded: random.next() % 0xFFFF)
            let oneByOne = zip(old, new).reduce(checksum) { InternetChecksum.updated($0, replacing: $1.0, with: $1.1) }
            func number(_ words: [UInt16]) -> UInt64 { words.reduce(0) { $0 << 16 | UInt64($1) } }
            let atOnce = InternetChecksum.updated(checksum, replacingField: number(old), with: number(new))
            #expect(atOnce == oneByOne, "\(checksum), \(old), \(new)")
        }
    }

    /// The short cut by multiplication against folding to 16 bits, at the edges and at random.
    @Test func validMeansFoldedToAllOnes() {
        var random = SplitMix64(seed: 6)
        var sums: [UInt64] = [0, 1, 0xFFFE, 0xFFFF, 0x1_0000, 0x1_FFFE, .max - 0xFFFF, .max - 1, .max]
        for _ in 0..<50_000 {
            let word = random.next()
            sums += [word, word - word % 0xFFFF, word >> 32, (word >> 32) - (word >> 32) % 0xFFFF]
        }
        for sum in sums {
            guard InternetChecksum.isValid(sum) == (InternetChecksum.checksum(of: sum) == 0) else {
                Issue.record("a sum of \(sum)")
                return
            }
        }
    }
}
