/// A checked view of an IGMP message: queries of versions 1 to 3 and what other hosts report (RFC 2236 §2, RFC 3376 §4.1).
///
/// | Offset | Bytes | Field |
/// |---|---|---|
/// | 0 | 1 | type |
/// | 1 | 1 | maximum response code |
/// | 2 | 2 | checksum over the whole IP payload |
/// | 4 | 4 | group, 0.0.0.0 in a general query |
/// | 8 | 1 | version 3 query: reserved 4 bits, suppress 1 bit, querier's robustness 3 bits |
/// | 9 | 1 | version 3 query: querier's query interval code |
/// | 10 | 2 | version 3 query: number of sources |
/// | 12 | 4 each | version 3 query: sources |
@frozen public struct IGMPMessage {
    @usableFromInline let bytes: UnsafeRawPointer
    @usableFromInline let length: Int

    @inlinable public static var minimumLength: Int { 8 }
    @inlinable public static var versionThreeQueryLength: Int { 12 }

    /// Nil when the message and all the sources it announces lie within `length` bytes and the checksum is right.
    @inlinable public static func check(_ bytes: UnsafeRawPointer, length: Int) -> DropReason? {
        guard length >= minimumLength else { return .igmpInvalid }
        guard InternetChecksum.isValid(InternetChecksum.sum(bytes, length: length)) else { return .igmpChecksumBad }
        guard bytes.byte(at: 0) == IGMPType.query.rawValue, length > minimumLength else { return nil }
        // A query of 9, 10 or 11 bytes is of no version (RFC 3376 §7.1).
        guard length >= versionThreeQueryLength else { return .igmpInvalid }
        let sources = Int(bytes.bigEndian16(at: 10))
        return versionThreeQueryLength &+ 4 &* sources <= length ? nil : .igmpInvalid
    }

    /// - Parameters: start and length of a message that `check` passed.
    @inlinable public init(checked bytes: UnsafeRawPointer, length: Int) {
        self.bytes = bytes
        self.length = length
    }

    @inlinable public var type: IGMPType { IGMPType(rawValue: bytes.byte(at: 0)) }
    @inlinable public var group: IPv4Address { IPv4Address(rawValue: bytes.bigEndian32(at: 4)) }

    /// Version of a query, told by its length and code (RFC 3376 §7.1).
    @inlinable public var queryVersion: Int {
        guard length == Self.minimumLength else { return 3 }
        return bytes.byte(at: 1) == 0 ? 1 : 2
    }

    /// Within what time a query wants its answers, nanoseconds. The code counts tenths of a second; from 128 on, in version
    /// 3, it is a floating-point number of 3 bits exponent and 4 bits mantissa (RFC 3376 §4.1.1).
    @inlinable public var maximumResponseNanoseconds: UInt64 {
        let code = UInt64(bytes.byte(at: 1))
        guard queryVersion == 3, code >= 128 else { return code &* 100_000_000 }
        return ((code & 0x0F | 0x10) << (code >> 4 & 0x07 &+ 3)) &* 100_000_000
    }

    /// The querier's robustness variable, 0…7; 0 when it does not say.
    @inlinable public var robustness: Int { queryVersion == 3 ? Int(bytes.byte(at: 8) & 0x07) : 0 }

    /// Sources of a group-and-source query; 0 for all others.
    @inlinable public var sourceCount: Int { queryVersion == 3 ? Int(bytes.bigEndian16(at: 10)) : 0 }

    /// - Parameter index: 0..<`sourceCount`.
    @inlinable public func source(_ index: Int) -> IPv4Address {
        IPv4Address(rawValue: bytes.bigEndian32(at: Self.versionThreeQueryLength &+ 4 &* index))
    }

    /// Writes a message of version 2 with its checksum: a report or a leave.
    @inlinable public static func writeVersionTwo(
        _ type: IGMPType, group: IPv4Address, to bytes: UnsafeMutableRawPointer
    ) -> Int {
        bytes.storeBigEndian32(UInt32(type.rawValue) << 24, at: 0)
        bytes.storeBigEndian32(group.rawValue, at: 4)
        bytes.storeBigEndian16(InternetChecksum.checksum(bytes, length: minimumLength), at: 2)
        return minimumLength
    }
}

/// Kind of an IGMP message (IANA, IGMP type numbers).
@frozen public struct IGMPType: BitwiseCopyable, Hashable, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable public static var query: IGMPType { IGMPType(rawValue: 0x11) }
    @inlinable public static var reportVersionTwo: IGMPType { IGMPType(rawValue: 0x16) }
    @inlinable public static var leave: IGMPType { IGMPType(rawValue: 0x17) }
    @inlinable public static var reportVersionThree: IGMPType { IGMPType(rawValue: 0x22) }
}
