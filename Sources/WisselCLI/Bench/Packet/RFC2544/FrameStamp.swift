import NetStack

/// What a test frame carries behind its headers: when it was due and its number.
///
/// Eight bytes, and the same eight bytes inverted. A word and its inverse add up to the same in one's complement
/// arithmetic whatever the word is (RFC 1071 §2), so the UDP checksum written once stays right.
package struct FrameStamp: Equatable, Sendable {
    /// Ticks of the time-stamp counter since the trial began, 40 bits: some minutes.
    package var ticks: UInt64
    /// Lowest 24 bits of the frame's number.
    package var sequence: UInt64

    package static var sequenceMask: UInt64 { 0xFF_FFFF }
    package static var maximumTicks: UInt64 { (1 << 40) - 1 }

    @inline(__always) package init(ticks: UInt64, sequence: UInt64) {
        self.ticks = ticks
        self.sequence = sequence & Self.sequenceMask
    }

    @inline(__always) package var word: UInt64 { ticks << 24 | sequence }

    @inline(__always) package func write(to packet: Packet) {
        let payload = packet.bytes + UDPTemplate.headerLength
        payload.storeBytes(of: word, as: UInt64.self)
        payload.storeBytes(of: ~word, toByteOffset: 8, as: UInt64.self)
    }

    /// Nil when the frame is not one of ours.
    @inline(__always) package init?(_ packet: Packet) {
        let payload = UnsafeRawPointer(packet.bytes) + UDPTemplate.headerLength
        let word = payload.loadUnaligned(as: UInt64.self)
        guard payload.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == ~word else { return nil }
        ticks = word >> 24
        sequence = word & Self.sequenceMask
    }
}
