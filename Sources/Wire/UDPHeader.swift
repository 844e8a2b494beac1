/// A checked view of a UDP header (RFC 768): source port, destination port, length with the header, checksum.
@frozen public struct UDPHeader {
    @usableFromInline let bytes: UnsafeRawPointer

    @inlinable public static var length: Int { 8 }

    /// Nil when header and length lie within the `length` bytes of the IPv4 payload. A UDP length below that is
    /// accepted; the bytes behind it belong to nobody.
    @inlinable @inline(__always) public static func check(_ bytes: UnsafeRawPointer, length: Int) -> DropReason? {
        guard length >= Self.length else { return .truncatedUDP }
        let datagramLength = Int(bytes.bigEndian16(at: 4))
        guard datagramLength >= Self.length, datagramLength <= length else { return .udpLengthInvalid }
        return nil
    }

    /// - Parameter bytes: start of a datagram that `check` passed.
    @inlinable @inline(__always) public init(checked bytes: UnsafeRawPointer) { self.bytes = bytes }

    @inlinable @inline(__always) public var sourcePort: UInt16 { bytes.bigEndian16(at: 0) }
    @inlinable @inline(__always) public var destinationPort: UInt16 { bytes.bigEndian16(at: 2) }
    @inlinable @inline(__always) public var datagramLength: UInt16 { bytes.bigEndian16(at: 4) }
    @inlinable @inline(__always) public var payloadLength: Int { Int(datagramLength) &- Self.length }

    /// A sender that gives none writes zero.
    @inlinable @inline(__always) public var hasChecksum: Bool { bytes.bigEndian16(at: 6) != 0 }

    /// True when the sender gave no checksum or the right one.
    @inlinable @inline(__always) public func isChecksumValid(in packet: IPv4Header) -> Bool {
        guard hasChecksum else { return true }
        let length = datagramLength
        let sum = InternetChecksum.sum(
            bytes, length: Int(length), adding: packet.pseudoHeaderSum(length: length))
        return InternetChecksum.isValid(sum)
    }

    /// Writes a header of 8 bytes. A checksum of 0 says there is none.
    @inlinable public static func write(
        to bytes: UnsafeMutableRawPointer, sourcePort: UInt16, destinationPort: UInt16, length: UInt16,
        checksum: UInt16
    ) {
        bytes.storeBigEndian16(sourcePort, at: 0)
        bytes.storeBigEndian16(destinationPort, at: 2)
        bytes.storeBigEndian16(length, at: 4)
        bytes.storeBigEndian16(checksum, at: 6)
    }
}
