/// The Internet checksum: the ones' complement of the ones' complement sum of 16-bit words (RFC 1071).
///
/// A sum is kept in 64 bits in the machine's own byte order, which the arithmetic allows (RFC 1071 §2(B)), and is only
/// turned round when it becomes a checksum. Sums of parts add up when every part but the last has an even length.
public enum InternetChecksum {
    /// Sum of `length` bytes on top of `sum`. Reads nothing behind `bytes + length`; needs no alignment.
    ///
    /// Eight bytes per addition with the carry brought round, four chains so that additions do not wait for each other.
    @inlinable @inline(__always)
    public static func sum(_ bytes: UnsafeRawPointer, length: Int, adding sum: UInt64 = 0) -> UInt64 {
        var first = sum
        var cursor = bytes
        var rest = length
        if rest >= 32 {
            var second: UInt64 = 0
            var third: UInt64 = 0
            var fourth: UInt64 = 0
            repeat {
                first = add(first, cursor.loadUnaligned(as: UInt64.self))
                second = add(second, cursor.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                third = add(third, cursor.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
                fourth = add(fourth, cursor.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
                cursor += 32
                rest &-= 32
            } while rest >= 32
            first = add(add(first, second), add(third, fourth))
        }
        while rest >= 8 {
            first = add(first, cursor.loadUnaligned(as: UInt64.self))
            cursor += 8
            rest &-= 8
        }
        if rest > 0, length >= 8 {
            // The last eight bytes without those already taken: one load instead of a branch for each size.
            let last = (bytes + (length &- 8)).loadUnaligned(as: UInt64.self)
            return add(first, (last.littleEndian >> UInt64((8 &- rest) &* 8)).littleEndian)
        }
        if rest & 4 != 0 {
            first = add(first, UInt64(cursor.loadUnaligned(as: UInt32.self)))
            cursor += 4
        }
        if rest & 2 != 0 {
            first = add(first, UInt64(cursor.loadUnaligned(as: UInt16.self)))
            cursor += 2
        }
        // The last odd byte is the high half of a word whose low half is zero.
        if rest & 1 != 0 { first = add(first, UInt64(UInt16(cursor.load(as: UInt8.self)).littleEndian)) }
        return first
    }

    /// Ones' complement addition of 64-bit sums.
    @inlinable @inline(__always) public static func add(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (total, carry) = left.addingReportingOverflow(right)
        return total &+ (carry ? 1 : 0)
    }

    /// `sum` and one more 16-bit word, given as a number.
    @inlinable @inline(__always) public static func adding(_ word: UInt16, to sum: UInt64) -> UInt64 {
        add(sum, UInt64(word.bigEndian))
    }

    /// The checksum to write into a header whose checksum field counted as zero, as a number.
    @inlinable @inline(__always) public static func checksum(of sum: UInt64) -> UInt16 {
        UInt16(bigEndian: ~folded(sum))
    }

    /// Checksum of `length` bytes.
    @inlinable public static func checksum(_ bytes: UnsafeRawPointer, length: Int) -> UInt16 {
        checksum(of: sum(bytes, length: length))
    }

    /// True when a sum that included a right checksum field came out as it must, all ones.
    ///
    /// Folding keeps the value modulo 2¹⁶ − 1, so that is: divisible by 2¹⁶ − 1 and not zero. Divisibility by an odd number
    /// takes one multiplication by its inverse modulo 2⁶⁴ and a comparison (Granlund and Montgomery 1994, §9).
    @inlinable @inline(__always) public static func isValid(_ sum: UInt64) -> Bool {
        sum != 0 && sum &* 0xFFFE_FFFE_FFFE_FFFF <= 0x0001_0001_0001_0001
    }

    /// The checksum after one 16-bit word of the covered bytes changed: `~(~checksum + ~old + new)` (RFC 1624, eqn. 3).
    @inlinable public static func updated(_ checksum: UInt16, replacing old: UInt16, with new: UInt16) -> UInt16 {
        var sum = UInt32(~checksum) &+ UInt32(~old) &+ UInt32(new)
        sum = (sum & 0xFFFF) &+ (sum >> 16)
        sum = (sum & 0xFFFF) &+ (sum >> 16)
        return ~UInt16(truncatingIfNeeded: sum)
    }

    /// The checksum after a field of 64 bits changed, which begins at an even offset of the covered bytes: the same in
    /// one go, as 2⁶⁴ − 1 is a multiple of 2¹⁶ − 1. The field is given as the number its bytes are in network order.
    @inlinable public static func updated(_ checksum: UInt16, replacingField old: UInt64, with new: UInt64) -> UInt16 {
        ~folded(add(add(UInt64(~checksum), ~old), new))
    }

    @inlinable @inline(__always) static func folded(_ sum: UInt64) -> UInt16 {
        // 64 → 33 → 32+carry → 17 → 16 bits; each step keeps the value modulo 2¹⁶ − 1.
        var half = (sum & 0xFFFF_FFFF) &+ (sum >> 32)
        half = (half & 0xFFFF) &+ (half >> 16 & 0xFFFF) &+ (half >> 32)
        half = (half & 0xFFFF) &+ (half >> 16)
        half = (half & 0xFFFF) &+ (half >> 16)
        return UInt16(truncatingIfNeeded: half)
    }
}
