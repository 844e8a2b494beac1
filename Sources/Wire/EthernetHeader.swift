/// A checked view of an Ethernet II header with at most one 802.1Q tag (IEEE 802.3 §3, 802.1Q §9).
///
/// Two steps, as everywhere in this room: `check` tells whether the bytes can be looked at as this format at all; after
/// that, and only then, a view may be made and its accessors read without further tests.
///
/// | Offset | Bytes | Field | tagged |
/// |---|---|---|---|
/// | 0 | 6 | destination | 0 |
/// | 6 | 6 | source | 6 |
/// | – | 4 | 0x8100, priority 3 bits, drop eligible 1 bit, VLAN identifier 12 bits | 12 |
/// | 12 | 2 | EtherType of the payload | 16 |
@frozen public struct EthernetHeader {
    @usableFromInline let bytes: UnsafeRawPointer

    /// Bytes of an untagged header.
    @inlinable public static var untaggedLength: Int { 14 }
    @inlinable public static var taggedLength: Int { 18 }

    /// Nil when header and tag lie within `length` bytes.
    @inlinable @inline(__always) public static func check(_ bytes: UnsafeRawPointer, length: Int) -> DropReason? {
        guard length >= untaggedLength else { return .truncatedEthernet }
        guard length >= taggedLength || bytes.bigEndian16(at: 12) != EtherType.vlan.rawValue else {
            return .truncatedEthernet
        }
        return nil
    }

    /// - Parameter bytes: start of a frame that `check` passed.
    @inlinable @inline(__always) public init(checked bytes: UnsafeRawPointer) { self.bytes = bytes }

    @inlinable @inline(__always) public var destination: MACAddress {
        MACAddress(rawValue: bytes.bigEndian64(at: 0) >> 16)
    }

    @inlinable @inline(__always) public var source: MACAddress {
        MACAddress(rawValue: bytes.bigEndian64(at: 6) >> 16)
    }

    @inlinable @inline(__always) public var isTagged: Bool { bytes.bigEndian16(at: 12) == EtherType.vlan.rawValue }

    /// VLAN identifier 0…4095; 0 when untagged or only priority tagged, which is the same (802.1Q §9.6).
    @inlinable @inline(__always) public var vlan: UInt16 { isTagged ? bytes.bigEndian16(at: 14) & 0x0FFF : 0 }

    /// EtherType of the payload, behind a tag if there is one.
    @inlinable @inline(__always) public var etherType: EtherType {
        EtherType(rawValue: bytes.bigEndian16(at: isTagged ? 16 : 12))
    }

    /// Offset of the payload: 14 or 18.
    @inlinable @inline(__always) public var length: Int { isTagged ? Self.taggedLength : Self.untaggedLength }

    /// Writes an untagged header of 14 bytes.
    @inlinable public static func write(
        to bytes: UnsafeMutableRawPointer, destination: MACAddress, source: MACAddress, etherType: EtherType
    ) {
        destination.write(to: bytes)
        source.write(to: bytes + 6)
        bytes.storeBigEndian16(etherType.rawValue, at: 12)
    }

    /// Writes a header with the 802.1Q tag `tag`, its four bytes as one number, or without one when it is 0.
    /// - Returns: length of the header, 18 or 14.
    @inlinable public static func write(
        to bytes: UnsafeMutableRawPointer, destination: MACAddress, source: MACAddress, etherType: EtherType,
        tag: UInt32
    ) -> Int {
        guard tag != 0 else {
            write(to: bytes, destination: destination, source: source, etherType: etherType)
            return untaggedLength
        }
        write(to: bytes, destination: destination, source: source, etherType: .vlan)
        bytes.storeBigEndian32(tag, at: 12)
        bytes.storeBigEndian16(etherType.rawValue, at: 16)
        return taggedLength
    }

    /// Gives an untagged frame of `length` bytes the tag, its four bytes as one number; the frame grows by 4 bytes, which
    /// the caller has made sure are there.
    @inlinable public static func insertTag(_ tag: UInt32, into bytes: UnsafeMutableRawPointer, length: Int) {
        (bytes + 16).copyMemory(from: bytes + 12, byteCount: length &- 12)
        bytes.storeBigEndian32(tag, at: 12)
    }

    /// Gives a tagged frame another tag.
    @inlinable public static func setTag(_ tag: UInt32, of bytes: UnsafeMutableRawPointer) {
        bytes.storeBigEndian32(tag, at: 12)
    }

    /// Sends a received frame back where it came from: its source becomes the destination, `source` the source.
    @inlinable public static func turnRound(_ bytes: UnsafeMutableRawPointer, source: MACAddress) {
        MACAddress(reading: bytes + 6).write(to: bytes)
        source.write(to: bytes + 6)
    }
}

/// What an Ethernet frame carries (IANA, IEEE 802 numbers).
@frozen public struct EtherType: BitwiseCopyable, Hashable, Sendable {
    public let rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    @inlinable public static var ipv4: EtherType { EtherType(rawValue: 0x0800) }
    @inlinable public static var arp: EtherType { EtherType(rawValue: 0x0806) }
    /// An 802.1Q tag follows.
    @inlinable public static var vlan: EtherType { EtherType(rawValue: 0x8100) }
    /// An 802.1ad service tag follows.
    @inlinable public static var serviceVLAN: EtherType { EtherType(rawValue: 0x88A8) }
}
