/// One RX/TX queue pair of a network device: a NIC queue behind DPDK, an in-process loopback, a capture file.
///
/// A table of C functions rather than a protocol: one indirect call per burst, no witness tables, no reference
/// counting, and the stages above need not be generic. Functions are called by the one thread that owns the queue
/// pair, except `free`, which any thread may call.
public struct PacketDevice: @unchecked Sendable {
    public typealias Burst =
        @convention(c) (_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) -> Int
    public typealias Free =
        @convention(c) (_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) -> Void

    public let context: UnsafeMutableRawPointer
    @usableFromInline let receiveFunction: Burst
    @usableFromInline let transmitFunction: Burst
    @usableFromInline let allocateFunction: Burst
    @usableFromInline let freeFunction: Free
    /// Own hardware address; the low 48 bits, first octet of the address in bits 47…40.
    public let macAddress: UInt64
    /// Largest IP packet the link carries, bytes.
    public let mtu: Int

    /// What the device does on sending when a packet asks for it.
    public let offloads: Offloads

    public struct Offloads: OptionSet, BitwiseCopyable, Sendable {
        public let rawValue: UInt8
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// IPv4 header and UDP checksums, both (`Packet.requestChecksums`).
        @inlinable public static var transmitChecksums: Offloads { Offloads(rawValue: 1) }
    }

    /// The packets argument of each function is an `UnsafeMutablePointer<Packet>`; C function types cannot name it.
    public init(
        context: UnsafeMutableRawPointer, receive: @escaping Burst, transmit: @escaping Burst,
        allocate: @escaping Burst, free: @escaping Free, macAddress: UInt64, mtu: Int,
        offloads: Offloads = []
    ) {
        self.context = context
        receiveFunction = receive
        transmitFunction = transmit
        allocateFunction = allocate
        freeFunction = free
        self.macAddress = macAddress
        self.mtu = mtu
        self.offloads = offloads
    }

    /// Takes up to `count` received frames; returns how many. The caller owns them.
    @inlinable public func receive(into packets: UnsafeMutablePointer<Packet>, count: Int) -> Int {
        receiveFunction(context, packets, count)
    }

    /// Offers `count` frames for sending; returns how many the device took. The rest stay the caller's.
    @inlinable public func transmit(_ packets: UnsafeMutablePointer<Packet>, count: Int) -> Int {
        transmitFunction(context, packets, count)
    }

    /// Takes `count` empty buffers (length 0, `capacity` set), all or none; returns `count` or 0.
    @inlinable public func allocate(into packets: UnsafeMutablePointer<Packet>, count: Int) -> Int {
        allocateFunction(context, packets, count)
    }

    /// Gives `count` buffers back. Any thread.
    @inlinable public func free(_ packets: UnsafeMutablePointer<Packet>, count: Int) {
        freeFunction(context, packets, count)
    }
}
