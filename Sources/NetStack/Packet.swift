/// One Ethernet frame in a device's buffer, as handed over by `PacketDevice.receive` or `.allocate`.
///
/// A plain descriptor of 48 bytes, moved by value between bursts, lanes and rings. Ownership rule: whoever holds a
/// packet gives it to exactly one of `PacketDevice.transmit` (when accepted) or `PacketDevice.free`; nothing else ends
/// its life, and a dropped descriptor is a leaked buffer (tests compare the device's free count before and after).
public struct Packet: BitwiseCopyable, @unchecked Sendable {
    /// The device's own buffer: an `rte_mbuf` for DPDK ports.
    public var handle: UnsafeMutableRawPointer
    /// First byte of the Ethernet header.
    public var bytes: UnsafeMutableRawPointer
    /// Bytes of the frame in this buffer, without the frame check sequence.
    public var length: UInt32
    /// Bytes that can be written from `bytes` on; at least `length`.
    public var capacity: UInt32
    /// Time of reception, nanoseconds since the Unix epoch: the NIC's stamp where it has one, else read at the burst.
    public var receivedNanoseconds: UInt64
    public var flags: Flags
    /// Free for the holder: the classifier notes where the payload starts.
    public var payloadOffset: UInt16
    public var payloadLength: UInt16
    /// Free for the holder: the feed or lane the packet was classified to.
    public var tag: UInt32

    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        public let rawValue: UInt32
        @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// The NIC checked the IPv4 header checksum and found it right.
        @inlinable public static var ipChecksumGood: Flags { Flags(rawValue: 1 << 0) }
        @inlinable public static var ipChecksumBad: Flags { Flags(rawValue: 1 << 1) }
        /// The NIC checked the UDP or TCP checksum and found it right.
        @inlinable public static var l4ChecksumGood: Flags { Flags(rawValue: 1 << 2) }
        @inlinable public static var l4ChecksumBad: Flags { Flags(rawValue: 1 << 3) }
        /// The frame continues in further buffers: only its first part is at `bytes`.
        @inlinable public static var segmented: Flags { Flags(rawValue: 1 << 4) }
    }

    @inlinable public init(
        handle: UnsafeMutableRawPointer, bytes: UnsafeMutableRawPointer, length: UInt32, capacity: UInt32,
        receivedNanoseconds: UInt64 = 0, flags: Flags = []
    ) {
        self.handle = handle
        self.bytes = bytes
        self.length = length
        self.capacity = capacity
        self.receivedNanoseconds = receivedNanoseconds
        self.flags = flags
        self.payloadOffset = 0
        self.payloadLength = 0
        self.tag = 0
    }
}
