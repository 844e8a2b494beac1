import Wire

/// Recognises the next packet of a flow by comparing its headers with those of the one before, so that a flood of market
/// data pays for the tests of `FrameParser` once and not per packet (Van Jacobson's header prediction for TCP, RFC 1144
/// and 4.3BSD-Reno, applied to UDP).
///
/// A flow's headers differ from packet to packet only in lengths, identification, time to live, type of service and
/// checksums. All other bits are compared as five masked words; lengths and checksums are tested as the parser does.
/// What is recognised is therefore exactly what the parser would have passed, and everything else goes to the parser.
///
/// | Word | Bytes of the frame | Compared |
/// |---|---|---|
/// | 0 | 0…7 | destination MAC, source MAC |
/// | 1 | 8…15 | source MAC, EtherType, version and header length; not the type of service |
/// | 2 | 16…23 | fragment bits, protocol; not total length, identification, time to live |
/// | 3 | 24…31 | source address, destination address; not the checksum |
/// | 4 | 32…39 | destination address, ports; not the UDP length |
///
/// Sixteen flows, each in the one slot its destination leads to; the last learned stays. One thread.
public struct HeaderPrediction: @unchecked Sendable {
    @frozen @usableFromInline struct Slot: BitwiseCopyable {
        @usableFromInline var word0: UInt64
        @usableFromInline var word1: UInt64
        @usableFromInline var word2: UInt64
        @usableFromInline var word3: UInt64
        @usableFromInline var word4: UInt64
        /// Ones' complement sum of both addresses; never more than 34 bits.
        @usableFromInline var addressSum: UInt64
        /// What the packet's notes get beside the payload's place.
        @usableFromInline var tagAndLane: UInt64
        /// A slot is one cache line.
        @usableFromInline var unused: UInt64 = 0
    }

    @usableFromInline let slots: UnsafeMutablePointer<Slot>
    @usableFromInline let maximumFrameLength: Int

    @inlinable static var slotCount: Int { 16 }
    /// Ethernet, IPv4 and UDP header, neither tag nor options.
    @inlinable static var headerLength: Int { 42 }
    @inlinable static var mask1: UInt64 { UInt64(bigEndian: 0xFFFF_FFFF_FFFF_FF00) }
    @inlinable static var mask2: UInt64 { UInt64(bigEndian: 0x0000_0000_3FFF_00FF) }
    @inlinable static var mask3: UInt64 { UInt64(bigEndian: 0x0000_FFFF_FFFF_FFFF) }
    @inlinable static var mask4: UInt64 { UInt64(bigEndian: 0xFFFF_FFFF_FFFF_0000) }

    public init(_ interface: InterfaceConfiguration) {
        slots = .allocate(capacity: Self.slotCount)
        maximumFrameLength = interface.mtu + EthernetHeader.taggedLength
        forget()
    }

    public func deallocate() { slots.deallocate() }

    /// Forgets every flow: after whatever decides about packets has changed.
    public func forget() {
        // A word 1 with bits outside its mask equals no frame's.
        slots.initialize(
            repeating: Slot(word0: 0, word1: .max, word2: 0, word3: 0, word4: 0, addressSum: 0, tagAndLane: 0),
            count: Self.slotCount)
    }

    /// Remembers the flow of a packet that parser and classifier have passed, with the tag and the lane in its notes.
    /// - Parameter packet: a UDP datagram; one with a VLAN tag or options is not learned.
    public func learn(_ packet: Packet) {
        guard Int(packet.payloadOffset) == Self.headerLength else { return }
        let frame = UnsafeRawPointer(packet.bytes)
        let word3 = Self.word(frame, 3)
        let word4 = Self.word(frame, 4)
        (slots + Self.slot(word4)).initialize(
            to: Slot(
                word0: Self.word(frame, 0), word1: Self.word(frame, 1) & Self.mask1,
                word2: Self.word(frame, 2) & Self.mask2, word3: word3 & Self.mask3, word4: word4 & Self.mask4,
                addressSum: Self.half(frame, 26) &+ Self.half(frame, 30),
                tagAndLane: UInt64(packet.tag) << 32 | UInt64(packet.lane) << 48))
    }

    /// True when the packet's headers are those of a known flow; whether it is whole and right is another question.
    @inlinable @inline(__always) public func knowsHeaders(_ packet: Packet, length: Int) -> Bool {
        length >= Self.headerLength && match(UnsafeRawPointer(packet.bytes)) != nil
    }

    @inlinable @inline(__always) func match(_ frame: UnsafeRawPointer) -> UnsafeMutablePointer<Slot>? {
        let word4 = Self.word(frame, 4)
        let slot = slots + Self.slot(word4)
        let difference =
            (Self.word(frame, 0) ^ slot.pointee.word0)
            | (Self.word(frame, 1) & Self.mask1 ^ slot.pointee.word1)
            | (Self.word(frame, 2) & Self.mask2 ^ slot.pointee.word2)
            | (Self.word(frame, 3) & Self.mask3 ^ slot.pointee.word3)
            | (word4 & Self.mask4 ^ slot.pointee.word4)
        return difference == 0 ? slot : nil
    }

    /// True when the packet is the next of a known flow, whole and right; its notes are then those of the flow.
    /// - Parameter length: bytes of the frame.
    @inlinable @inline(__always) public func recognises(_ packet: Packet, length: Int) -> Bool {
        guard length >= Self.headerLength, length <= maximumFrameLength, !packet.isSegmented else { return false }
        let frame = UnsafeRawPointer(packet.bytes)
        guard let slot = match(frame) else { return false }
        // Shorter UDP lengths than the IPv4 header says are legal and rare: the parser's.
        let udp = UDPHeader(checked: frame + 34)
        let datagramLength = Int(udp.datagramLength)
        guard datagramLength >= UDPHeader.length,
            IPv4Header(checked: frame + 14).totalLength == datagramLength &+ IPv4Header.minimumLength,
            datagramLength &+ (Self.headerLength &- UDPHeader.length) <= length
        else { return false }
        let flags = packet.flags
        let addresses = slot.pointee.addressSum
        if !flags.contains(.ipChecksumGood) {
            // Halves of words cannot overflow 64 bits, and a carry would be a branch that nobody can foresee.
            let sum =
                addresses &+ Self.half(frame, 14) &+ Self.half(frame, 18) &+ Self.half(frame, 22)
            guard InternetChecksum.isValid(sum) else { return false }
        }
        if !flags.contains(.l4ChecksumGood), udp.hasChecksum {
            // The length counts twice: in the pseudo header and in the UDP header (RFC 768).
            let pseudoHeader =
                addresses &+ UInt64(UInt16(IPProtocol.udp.rawValue).bigEndian)
                &+ UInt64(frame.loadUnaligned(fromByteOffset: 38, as: UInt16.self))
            let sum = InternetChecksum.sum(frame + 34, length: datagramLength, adding: pseudoHeader)
            guard InternetChecksum.isValid(sum) else { return false }
        }
        packet.setNotes(
            UInt64(Self.headerLength) | UInt64(truncatingIfNeeded: datagramLength &- UDPHeader.length) << 16
                | slot.pointee.tagAndLane)
        return true
    }

    @inlinable @inline(__always) static func word(_ frame: UnsafeRawPointer, _ index: Int) -> UInt64 {
        frame.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
    }

    @inlinable @inline(__always) static func half(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(frame.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// From the last octets of destination address and port, in which the groups and ports of a venue differ.
    @inlinable @inline(__always) static func slot(_ word4: UInt64) -> Int {
        Int(truncatingIfNeeded: (word4.littleEndian >> 8 ^ word4.littleEndian >> 40) & 15)
    }
}
