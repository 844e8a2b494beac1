/// A 48-bit IEEE 802 hardware address, kept in the low bits of a word: the first octet on the wire in bits 47…40.
@frozen public struct MACAddress: BitwiseCopyable, Hashable, Sendable {
    public let rawValue: UInt64

    /// Takes the low 48 bits.
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue & 0xFFFF_FFFF_FFFF }

    @inlinable public static var broadcast: MACAddress { MACAddress(rawValue: 0xFFFF_FFFF_FFFF) }

    /// True for multicast and broadcast: the I/G bit of the first octet.
    @inlinable public var isGroup: Bool { rawValue & 0x0100_0000_0000 != 0 }

    /// An address one station can have and send from.
    @inlinable public var isStation: Bool { !isGroup && rawValue != 0 }

    /// Where frames of an IPv4 multicast group are sent: 01:00:5e and the group's low 23 bits (RFC 1112 §6.4).
    @inlinable public init(multicastGroup group: IPv4Address) {
        rawValue = 0x0100_5E00_0000 | UInt64(group.rawValue & 0x7F_FFFF)
    }

    /// Reads six octets. The caller has checked that they are there.
    @inlinable @inline(__always) public init(reading bytes: UnsafeRawPointer) {
        rawValue = UInt64(bytes.bigEndian32(at: 0)) << 16 | UInt64(bytes.bigEndian16(at: 4))
    }

    /// Writes six octets.
    @inlinable @inline(__always) public func write(to bytes: UnsafeMutableRawPointer) {
        bytes.storeBigEndian32(UInt32(truncatingIfNeeded: rawValue >> 16), at: 0)
        bytes.storeBigEndian16(UInt16(truncatingIfNeeded: rawValue), at: 4)
    }
}

extension MACAddress: CustomStringConvertible {
    /// Reads `02:00:00:00:00:2a`: six pairs of hexadecimal digits between colons.
    public init(parsing text: String) throws(AddressTextError) {
        let remedy = "write six pairs of hexadecimal digits between colons, such as 02:00:00:00:00:2a"
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6 else {
            throw AddressTextError(text, "has \(parts.count) parts where a MAC address has 6", remedy: remedy)
        }
        var value: UInt64 = 0
        for part in parts {
            guard part.utf8.count == 2, part.allSatisfy(\.isHexDigit), let octet = UInt8(part, radix: 16) else {
                throw AddressTextError(text, "\"\(part)\" is not two hexadecimal digits", remedy: remedy)
            }
            value = value << 8 | UInt64(octet)
        }
        self.init(rawValue: value)
    }

    public var description: String {
        stride(from: 40, through: 0, by: -8).map { shift in
            let octet = String(rawValue >> UInt64(shift) & 0xFF, radix: 16)
            return octet.utf8.count == 1 ? "0" + octet : octet
        }.joined(separator: ":")
    }
}
