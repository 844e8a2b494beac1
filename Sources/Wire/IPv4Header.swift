/// A checked view of an IPv4 header (RFC 791). Options are tolerated and skipped.
///
/// | Offset | Bytes | Field |
/// |---|---|---|
/// | 0 | 1 | version 4, header length in 32-bit words |
/// | 1 | 1 | DSCP 6 bits, ECN 2 bits |
/// | 2 | 2 | total length, header included |
/// | 4 | 2 | identification |
/// | 6 | 2 | flags: reserved, don't fragment, more fragments; fragment offset 13 bits |
/// | 8 | 1 | time to live |
/// | 9 | 1 | protocol |
/// | 10 | 2 | header checksum |
/// | 12 | 4 + 4 | source, destination |
@frozen public struct IPv4Header {
    @usableFromInline let bytes: UnsafeRawPointer

    /// Bytes of a header without options.
    @inlinable public static var minimumLength: Int { 20 }

    /// Nil when version, header length and total length are possible and lie within `length` bytes. What lies between
    /// the total length and `length` is padding of the link. The checksum is a test of its own, `isChecksumValid`,
    /// because NICs do it.
    ///
    /// A time to live of 0 or 1 is accepted: a host must not discard for it (RFC 1122 §3.2.1.7).
    @inlinable @inline(__always) public static func check(_ bytes: UnsafeRawPointer, length: Int) -> DropReason? {
        guard length >= minimumLength else { return .truncatedIPv4 }
        let first = bytes.byte(at: 0)
        guard first >> 4 == 4 else { return .ipVersionNotFour }
        let headerLength = Int(first & 0x0F) &* 4
        guard headerLength >= minimumLength else { return .ipHeaderLengthInvalid }
        guard headerLength <= length else { return .truncatedIPv4 }
        let totalLength = Int(bytes.bigEndian16(at: 2))
        guard totalLength >= headerLength, totalLength <= length else { return .ipLengthInvalid }
        return nil
    }

    /// - Parameter bytes: start of a packet that `check` passed.
    @inlinable @inline(__always) public init(checked bytes: UnsafeRawPointer) { self.bytes = bytes }

    /// Bytes of the header with options, 20…60.
    @inlinable @inline(__always) public var headerLength: Int { Int(bytes.byte(at: 0) & 0x0F) &* 4 }
    /// Bytes of header and payload.
    @inlinable @inline(__always) public var totalLength: Int { Int(bytes.bigEndian16(at: 2)) }
    @inlinable @inline(__always) public var payloadLength: Int { totalLength &- headerLength }
    /// More fragments follow or this is not the first: either way not a whole datagram.
    @inlinable @inline(__always) public var isFragment: Bool { bytes.bigEndian16(at: 6) & 0x3FFF != 0 }
    @inlinable @inline(__always) public var timeToLive: UInt8 { bytes.byte(at: 8) }
    @inlinable @inline(__always) public var transport: IPProtocol { IPProtocol(rawValue: bytes.byte(at: 9)) }
    @inlinable @inline(__always) public var source: IPv4Address { IPv4Address(rawValue: bytes.bigEndian32(at: 12)) }
    @inlinable @inline(__always) public var destination: IPv4Address {
        IPv4Address(rawValue: bytes.bigEndian32(at: 16))
    }

    @inlinable @inline(__always) public var isChecksumValid: Bool {
        // Nearly every header has no options: five words without a loop.
        guard headerLength != Self.minimumLength else {
            let sum = InternetChecksum.add(
                bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            return InternetChecksum.isValid(
                InternetChecksum.add(sum, UInt64(bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))))
        }
        return InternetChecksum.isValid(InternetChecksum.sum(bytes, length: headerLength))
    }

    /// Sum over both addresses, the protocol and the length of the payload: what UDP and TCP checksums start from
    /// (RFC 768).
    @inlinable @inline(__always) public func pseudoHeaderSum(length: UInt16) -> UInt64 {
        let addresses = bytes.loadUnaligned(fromByteOffset: 12, as: UInt64.self)
        return InternetChecksum.adding(
            length, to: InternetChecksum.adding(UInt16(transport.rawValue), to: addresses))
    }

    /// Writes a header of 20 bytes, identification 0.
    @inlinable public static func write(
        to bytes: UnsafeMutableRawPointer, trafficClass: UInt8, totalLength: UInt16, flagsAndOffset: UInt16,
        timeToLive: UInt8, transport: IPProtocol, checksum: UInt16, source: IPv4Address, destination: IPv4Address
    ) {
        bytes.storeBigEndian16(0x4500 | UInt16(trafficClass), at: 0)
        bytes.storeBigEndian16(totalLength, at: 2)
        bytes.storeBigEndian16(0, at: 4)
        bytes.storeBigEndian16(flagsAndOffset, at: 6)
        bytes.storeByte(timeToLive, at: 8)
        bytes.storeByte(transport.rawValue, at: 9)
        bytes.storeBigEndian16(checksum, at: 10)
        bytes.storeBigEndian32(source.rawValue, at: 12)
        bytes.storeBigEndian32(destination.rawValue, at: 16)
    }

    /// Writes a header of 20 bytes with its checksum; the packet is whole and may not be fragmented.
    @inlinable public static func write(
        to bytes: UnsafeMutableRawPointer, trafficClass: UInt8, totalLength: UInt16, timeToLive: UInt8,
        transport: IPProtocol, source: IPv4Address, destination: IPv4Address
    ) {
        write(
            to: bytes, trafficClass: trafficClass, totalLength: totalLength, flagsAndOffset: 0x4000,
            timeToLive: timeToLive, transport: transport, checksum: 0, source: source, destination: destination)
        bytes.storeBigEndian16(InternetChecksum.checksum(bytes, length: minimumLength), at: 10)
    }

    /// Sends a checked packet back: addresses swapped, time to live and traffic class set anew, checksum kept right.
    @inlinable public static func turnRound(_ bytes: UnsafeMutableRawPointer, trafficClass: UInt8, timeToLive: UInt8) {
        let view = UnsafeRawPointer(bytes)
        let source = view.bigEndian32(at: 12)
        bytes.storeBigEndian32(view.bigEndian32(at: 16), at: 12)
        bytes.storeBigEndian32(source, at: 16)
        let old = view.bigEndian16(at: 8)
        let new = UInt16(timeToLive) << 8 | old & 0xFF
        bytes.storeBigEndian16(new, at: 8)
        let oldClass = view.bigEndian16(at: 0)
        let newClass = oldClass & 0xFF00 | UInt16(trafficClass)
        bytes.storeBigEndian16(newClass, at: 0)
        let checksum = InternetChecksum.updated(view.bigEndian16(at: 10), replacing: old, with: new)
        bytes.storeBigEndian16(InternetChecksum.updated(checksum, replacing: oldClass, with: newClass), at: 10)
    }
}

/// What an IPv4 packet carries (IANA, protocol numbers).
@frozen public struct IPProtocol: BitwiseCopyable, Hashable, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable public static var icmp: IPProtocol { IPProtocol(rawValue: 1) }
    @inlinable public static var igmp: IPProtocol { IPProtocol(rawValue: 2) }
    @inlinable public static var udp: IPProtocol { IPProtocol(rawValue: 17) }
}
