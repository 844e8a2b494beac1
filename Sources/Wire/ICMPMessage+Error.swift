/// Error messages: a type, a code, and the beginning of the packet they are about (RFC 792, RFC 1122 §3.2.2).
///
/// | Offset | Bytes | Field |
/// |---|---|---|
/// | 0 | 1 + 1 | type 3, code |
/// | 2 | 2 | checksum |
/// | 4 | 2 | unused |
/// | 6 | 2 | code 4: MTU of the next hop (RFC 1191 §4) |
/// | 8 | 28… | the packet's IPv4 header and at least 8 bytes of its payload |
extension ICMPMessage {
    /// Destination unreachable, source quench, redirect, time exceeded, parameter problem: never answered by an error.
    @inlinable public var isError: Bool {
        switch bytes.byte(at: 0) {
        case 3, 4, 5, 11, 12: true
        default: false
        }
    }

    /// Type 3, code 3.
    @inlinable public var isPortUnreachable: Bool { bytes.bigEndian16(at: 0) == 0x0303 }
    /// Type 3, code 4: too long for a link on the way and not to be fragmented.
    @inlinable public var isFragmentationNeeded: Bool { bytes.bigEndian16(at: 0) == 0x0304 }
    /// MTU of the link that refused, bytes; 0 from routers older than RFC 1191.
    @inlinable public var nextHopMTU: Int { Int(bytes.bigEndian16(at: 6)) }

    /// Whose datagram an error is about: source address and port. Nil when it quotes no beginning of a UDP datagram.
    /// - Parameter length: bytes of the message. The quoted lengths may be more: only the beginning is quoted.
    public func quotedSender(length: Int) -> (address: IPv4Address, port: UInt16)? {
        guard isError, length >= Self.headerLength &+ IPv4Header.minimumLength &+ UDPHeader.length else { return nil }
        let quoted = bytes + Self.headerLength
        let header = IPv4Header(checked: quoted)
        guard quoted.byte(at: 0) >> 4 == 4, header.headerLength >= IPv4Header.minimumLength,
            length >= Self.headerLength &+ header.headerLength &+ UDPHeader.length, header.transport == .udp,
            !header.isFragment
        else { return nil }
        return (header.source, UDPHeader(checked: quoted + header.headerLength).sourcePort)
    }

    /// Writes "port unreachable" in front of a quotation that is already at `bytes + 8`.
    /// - Parameter quotedLength: bytes of the quotation.
    @inlinable public static func writePortUnreachable(to bytes: UnsafeMutableRawPointer, quotedLength: Int) {
        bytes.storeBigEndian32(0x0303_0000, at: 0)
        bytes.storeBigEndian32(0, at: 4)
        bytes.storeBigEndian16(InternetChecksum.checksum(bytes, length: headerLength &+ quotedLength), at: 2)
    }
}
