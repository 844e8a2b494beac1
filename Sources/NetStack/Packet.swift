import Runtime

/// One Ethernet frame in a device's buffer, as handed over by `PacketDevice.receive` or `.allocate`.
///
/// A packet is the address of its buffer's header and nothing else: eight bytes, moved by value between bursts, lanes
/// and rings. The header has the layout of DPDK's `rte_mbuf`, so that a burst goes from the driver to a stage and back
/// without a descriptor being written; what the stages note about a frame stands in the header's dynamic fields. Devices
/// made of software build such headers with `Packet(header:bytes:capacity:)`. `Ethdev` checks the layout against
/// DPDK's when a port is opened.
///
/// | Offset | Bytes | Field |
/// |---|---|---|
/// | 0 | 8 | address of the buffer |
/// | 16 | 2 | where in it the frame begins |
/// | 20 | 2 | buffers the frame is spread over |
/// | 24 | 8 | offload flags |
/// | 36, 40 | 4, 2 | length of the frame, length in this buffer |
/// | 54 | 2 | length of the buffer |
/// | 72 | 8 | lengths of the headers, for checksums the device is to compute |
/// | 96 | 8 | time of reception (ours) |
/// | 104, 106, 108, 110 | 2, 2, 2, 1 | payload offset and length, tag, lane (ours) |
///
/// Ownership rule: whoever holds a packet gives it to exactly one of `PacketDevice.transmit` (when accepted) or
/// `PacketDevice.free`; nothing else ends its life, and a dropped packet is a leaked buffer (tests compare the device's
/// free count before and after). Nobody but its holder touches it.
public struct Packet: BitwiseCopyable, Equatable, @unchecked Sendable {
    /// The buffer's header: an `rte_mbuf` for DPDK ports.
    public let header: UnsafeMutableRawPointer

    @inlinable public init(header: UnsafeMutableRawPointer) { self.header = header }

    /// Offsets in the header.
    public enum Layout {
        public static var bufferAddress: Int { 0 }
        public static var dataOffset: Int { 16 }
        public static var segmentCount: Int { 20 }
        public static var offloadFlags: Int { 24 }
        public static var packetLength: Int { 36 }
        public static var dataLength: Int { 40 }
        public static var bufferLength: Int { 54 }
        public static var transmitOffload: Int { 72 }
        /// First of our own fields, in DPDK's room for dynamic ones.
        public static var notes: Int { 96 }
        public static var notesByteCount: Int { 16 }
        public static var byteCount: Int { 128 }
    }

    @inlinable @inline(__always) func load<Value: BitwiseCopyable>(_ offset: Int) -> Value {
        header.load(fromByteOffset: offset, as: Value.self)
    }

    @inlinable @inline(__always) func store<Value: BitwiseCopyable>(_ value: Value, _ offset: Int) {
        header.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }

    // MARK: The frame

    /// First byte of the Ethernet header. May be moved within the buffer.
    @inlinable public var bytes: UnsafeMutableRawPointer {
        @inline(__always) get {
            let buffer: UnsafeMutableRawPointer = load(Layout.bufferAddress)
            let offset: UInt16 = load(Layout.dataOffset)
            return buffer + Int(offset)
        }
        nonmutating set {
            let buffer: UnsafeMutableRawPointer = load(Layout.bufferAddress)
            store(UInt16(truncatingIfNeeded: newValue - buffer), Layout.dataOffset)
        }
    }

    /// Has the beginning of the frame fetched, two cache lines: its headers and the payload's.
    @inlinable @inline(__always) public func fetchFrame() {
        let frame = bytes
        prefetch(frame)
        prefetch(frame + 64)
    }

    /// Bytes of the frame in this buffer, without the frame check sequence; at most 65,535.
    @inlinable public var length: UInt32 {
        @inline(__always) get {
            let length: UInt16 = load(Layout.dataLength)
            return UInt32(length)
        }
        nonmutating set {
            let others: UInt32 = load(Layout.packetLength) as UInt32 &- length
            store(others &+ newValue, Layout.packetLength)
            store(UInt16(truncatingIfNeeded: newValue), Layout.dataLength)
        }
    }

    /// Bytes that can be written from `bytes` on; at least `length`.
    @inlinable public var capacity: UInt32 {
        let length: UInt16 = load(Layout.bufferLength)
        let offset: UInt16 = load(Layout.dataOffset)
        return UInt32(length) &- UInt32(offset)
    }

    /// The frame continues in further buffers: only its first part is at `bytes`.
    @inlinable public var isSegmented: Bool {
        let count: UInt16 = load(Layout.segmentCount)
        return count > 1
    }

    /// What the NIC found out on reception and is asked to do on sending: DPDK's offload flags.
    @inlinable public var flags: Flags {
        get { Flags(rawValue: load(Layout.offloadFlags)) }
        nonmutating set { store(newValue.rawValue, Layout.offloadFlags) }
    }

    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        public let rawValue: UInt64
        @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
        // "Good" and "bad" at once mean "not computed, but the data is intact", as for a frame that never left the host.
        /// The NIC checked the IPv4 header checksum and found it right.
        @inlinable public static var ipChecksumGood: Flags { Flags(rawValue: 1 << 7) }
        @inlinable public static var ipChecksumBad: Flags { Flags(rawValue: 1 << 4) }
        /// The NIC checked the UDP or TCP checksum and found it right.
        @inlinable public static var l4ChecksumGood: Flags { Flags(rawValue: 1 << 8) }
        @inlinable public static var l4ChecksumBad: Flags { Flags(rawValue: 1 << 3) }
        // On sending
        @inlinable public static var computeUDPChecksum: Flags { Flags(rawValue: 3 << 52) }
        @inlinable public static var computeIPChecksum: Flags { Flags(rawValue: 1 << 54) }
        /// The packet is IPv4, as a device that computes checksums wants to be told.
        @inlinable public static var ipv4: Flags { Flags(rawValue: 1 << 55) }
    }

    /// Asks the device to compute the checksums of an IPv4 and a UDP header on sending. Only where the device offers it
    /// (`PacketDevice.offloads`), and with the fields as `UDPTemplate` leaves them.
    /// - Parameters:
    ///   - ethernetLength: bytes in front of the IPv4 header, 14 or 18.
    ///   - ipLength: bytes of the IPv4 header, 20…60.
    @inlinable public func requestChecksums(ethernetLength: Int, ipLength: Int) {
        flags = [flags, .ipv4, .computeIPChecksum, .computeUDPChecksum]
        // Seven bits and nine, from the lowest on.
        store(UInt64(truncatingIfNeeded: ethernetLength | ipLength << 7), Layout.transmitOffload)
    }

    // MARK: The holder's notes; undefined in a packet just received or allocated

    /// Has the buffer's header fetched, the notes with it.
    @inlinable @inline(__always) public func fetchHeader() {
        prefetch(header)
        prefetch(header + Layout.notes)
    }

    /// Time of reception, nanoseconds since the Unix epoch.
    @inlinable public var receivedNanoseconds: UInt64 {
        get { load(Layout.notes) }
        nonmutating set { store(newValue, Layout.notes) }
    }

    /// Where the payload starts, from `bytes` on.
    @inlinable public var payloadOffset: UInt16 {
        get { load(Layout.notes + 8) }
        nonmutating set { store(newValue, Layout.notes + 8) }
    }

    @inlinable public var payloadLength: UInt16 {
        get { load(Layout.notes + 10) }
        nonmutating set { store(newValue, Layout.notes + 10) }
    }

    /// The feed the packet was classified to.
    @inlinable public var tag: UInt16 {
        get { load(Layout.notes + 12) }
        nonmutating set { store(newValue, Layout.notes + 12) }
    }

    /// Payload offset, payload length, tag and lane in one store: bits 0…15, 16…31, 32…47 and 48…55.
    @inlinable @inline(__always) func setNotes(_ notes: UInt64) { store(notes.littleEndian, Layout.notes + 8) }

    /// The lane the packet was classified to.
    @inlinable public var lane: UInt8 {
        get { load(Layout.notes + 14) }
        nonmutating set { store(newValue, Layout.notes + 14) }
    }
}

extension Packet {
    /// Makes a header over a buffer that is not DPDK's: an empty frame at the buffer's beginning.
    /// - Parameters:
    ///   - header: `Layout.byteCount` bytes, aligned to 16; overwritten.
    ///   - capacity: bytes of the buffer, at most 65,535.
    public init(header: UnsafeMutableRawPointer, bytes: UnsafeMutableRawPointer, capacity: Int) {
        precondition(capacity >= 0 && capacity <= Int(UInt16.max), "a buffer of \(capacity) bytes is outside 0…65,535")
        header.initializeMemory(as: UInt8.self, repeating: 0, count: Layout.byteCount)
        self.init(header: header)
        store(bytes, Layout.bufferAddress)
        store(UInt16(1), Layout.segmentCount)
        store(UInt16(capacity), Layout.bufferLength)
    }
}
