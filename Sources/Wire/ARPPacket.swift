/// A checked view of an ARP packet for IPv4 over Ethernet (RFC 826), 28 bytes.
///
/// | Offset | Bytes | Field |
/// |---|---|---|
/// | 0 | 2 | hardware type, 1 |
/// | 2 | 2 | protocol type, 0x0800 |
/// | 4 | 1 + 1 | address lengths, 6 and 4 |
/// | 6 | 2 | operation: 1 request, 2 reply |
/// | 8 | 6 + 4 | sender: hardware, protocol address |
/// | 18 | 6 + 4 | target: hardware, protocol address |
@frozen public struct ARPPacket {
    @usableFromInline let bytes: UnsafeRawPointer

    @inlinable public static var length: Int { 28 }

    /// Nil for a request or reply about IPv4 over Ethernet whose sender is a station.
    @inlinable public static func check(_ bytes: UnsafeRawPointer, length: Int) -> DropReason? {
        guard length >= Self.length else { return .truncatedARP }
        // Hardware type, protocol type and both lengths in one word.
        guard bytes.bigEndian64(at: 0) >> 16 == 0x0001_0800_0604 else { return .arpInvalid }
        guard bytes.bigEndian16(at: 6) &- 1 < 2 else { return .arpInvalid }
        guard MACAddress(reading: bytes + 8).isStation else { return .arpInvalid }
        return nil
    }

    /// - Parameter bytes: start of a packet that `check` passed.
    @inlinable public init(checked bytes: UnsafeRawPointer) { self.bytes = bytes }

    @inlinable public var isRequest: Bool { bytes.bigEndian16(at: 6) == 1 }
    @inlinable public var senderMAC: MACAddress { MACAddress(reading: bytes + 8) }
    /// 0.0.0.0 in a probe, by which a host asks whether an address is free (RFC 5227 §1.1).
    @inlinable public var senderAddress: IPv4Address { IPv4Address(rawValue: bytes.bigEndian32(at: 14)) }
    @inlinable public var targetAddress: IPv4Address { IPv4Address(rawValue: bytes.bigEndian32(at: 24)) }

    /// Writes a packet of 28 bytes.
    @inlinable public static func write(
        to bytes: UnsafeMutableRawPointer, isRequest: Bool, senderMAC: MACAddress, senderAddress: IPv4Address,
        targetMAC: MACAddress, targetAddress: IPv4Address
    ) {
        bytes.storeBigEndian32(0x0001_0800, at: 0)
        bytes.storeBigEndian32(0x0604_0000 | (isRequest ? 1 : 2), at: 4)
        senderMAC.write(to: bytes + 8)
        bytes.storeBigEndian32(senderAddress.rawValue, at: 14)
        targetMAC.write(to: bytes + 18)
        bytes.storeBigEndian32(targetAddress.rawValue, at: 24)
    }

    /// Turns a checked request for `address` into the reply that says `mac` has it, in place.
    @inlinable public static func turnIntoReply(
        _ bytes: UnsafeMutableRawPointer, mac: MACAddress, address: IPv4Address
    ) {
        bytes.storeBigEndian16(2, at: 6)
        let asker = MACAddress(reading: bytes + 8)
        let askerAddress = UnsafeRawPointer(bytes).bigEndian32(at: 14)
        mac.write(to: bytes + 8)
        bytes.storeBigEndian32(address.rawValue, at: 14)
        asker.write(to: bytes + 18)
        bytes.storeBigEndian32(askerAddress, at: 24)
    }
}
