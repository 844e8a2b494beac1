/// A checked view of an ICMP message (RFC 792): type, code, checksum and four bytes that depend on the type.
@frozen public struct ICMPMessage {
    @usableFromInline let bytes: UnsafeRawPointer

    @inlinable public static var headerLength: Int { 8 }

    /// Nil when the header lies within `length` bytes and the checksum over all of them is right.
    @inlinable public static func check(_ bytes: UnsafeRawPointer, length: Int) -> DropReason? {
        guard length >= headerLength else { return .icmpInvalid }
        guard InternetChecksum.isValid(InternetChecksum.sum(bytes, length: length)) else { return .icmpChecksumBad }
        return nil
    }

    /// - Parameter bytes: start of a message that `check` passed.
    @inlinable public init(checked bytes: UnsafeRawPointer) { self.bytes = bytes }

    /// Type 8, code 0.
    @inlinable public var isEchoRequest: Bool { bytes.bigEndian16(at: 0) == 0x0800 }

    /// Turns a checked echo request into its reply in place: type 0, checksum adjusted; identifier, number and data stay.
    @inlinable public static func turnIntoEchoReply(_ bytes: UnsafeMutableRawPointer) {
        let checksum = InternetChecksum.updated(
            UnsafeRawPointer(bytes).bigEndian16(at: 2), replacing: 0x0800, with: 0x0000)
        bytes.storeBigEndian16(0, at: 0)
        // Both zeros of ones' complement are right, except over a message of nothing but zeros, where only this one is.
        bytes.storeBigEndian16(checksum == 0 ? 0xFFFF : checksum, at: 2)
    }
}
