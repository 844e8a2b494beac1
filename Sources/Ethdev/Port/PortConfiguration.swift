import CDPDK
import Glibc

/// How a port is opened. Sizes are requests; descriptor counts are fitted to the device.
public struct PortConfiguration: Equatable, Sendable {
    /// Receive and transmit queues, one `PacketDevice` each, 1…64; each belongs to one thread.
    public var queuePairs: Int
    /// Frames a receive queue holds between two polls, 1…65535.
    public var receiveDescriptors: Int
    /// Frames a transmit queue holds until sent, 1…65535.
    public var transmitDescriptors: Int
    /// Buffers in the pool of each queue pair; 2ᵏ − 1 wastes no memory. At least as many as the descriptors of the pair,
    /// because all of them can be filled at once, and more for what the program holds.
    public var mbufCount: Int
    /// Buffers each registered thread keeps to itself, 0…512 and at most two thirds of `mbufCount`.
    public var mbufCacheSize: Int
    /// Frame bytes per buffer; headroom (128) is added. A frame of the MTU must fit.
    public var mbufDataBytes: Int
    /// Largest IP packet, bytes, 68…16000.
    public var mtu: Int
    /// Let the device check checksums on reception and compute them on sending where it offers that.
    public var usesChecksumOffload: Bool
    public var promiscuous: Bool
    public var allMulticast: Bool
    /// The caller's promise that each queue sends only buffers of its own pool, unshared, in one part; lets NICs that
    /// offer it free sent buffers faster. Forwarding between ports or queues breaks the promise.
    public var transmitsOnlyOwnBuffers: Bool

    public init(
        queuePairs: Int = 1, receiveDescriptors: Int = 1024, transmitDescriptors: Int = 1024, mbufCount: Int = 8191,
        mbufCacheSize: Int = 256, mbufDataBytes: Int = 2048, mtu: Int = 1500, usesChecksumOffload: Bool = true,
        promiscuous: Bool = false, allMulticast: Bool = false, transmitsOnlyOwnBuffers: Bool = false
    ) {
        self.queuePairs = queuePairs
        self.receiveDescriptors = receiveDescriptors
        self.transmitDescriptors = transmitDescriptors
        self.mbufCount = mbufCount
        self.mbufCacheSize = mbufCacheSize
        self.mbufDataBytes = mbufDataBytes
        self.mtu = mtu
        self.usesChecksumOffload = usesChecksumOffload
        self.promiscuous = promiscuous
        self.allMulticast = allMulticast
        self.transmitsOnlyOwnBuffers = transmitsOnlyOwnBuffers
    }

    /// Ethernet header 14, frame check sequence 4, two VLAN tags 8.
    static let frameOverheadBytes = 26

    /// Buffer bytes for whole frames of an MTU: 2048, the size drivers are made for, or as many as it takes, up to a
    /// multiple of 1024, which NICs want. A frame in several buffers is never asked for, so jumbo frames cost memory.
    public static func mbufDataBytes(mtu: Int) -> Int { max(2048, (mtu + frameOverheadBytes + 1023) / 1024 * 1024) }

    /// Memory of one buffer, bytes: the frame's, with headroom, DPDK's headers and padding.
    public var bufferBytes: Int { Int(cdpdk_mempool_buffer_bytes(UInt16(clamping: mbufDataBytes))) }

    /// Memory of the buffer pool of one queue pair, bytes; on ordinary pages it takes more than on huge ones.
    public func poolBytes(onHugePages: Bool) -> Int {
        Int(
            cdpdk_mempool_bytes(
                UInt32(clamping: mbufCount), UInt16(clamping: mbufDataBytes),
                onHugePages ? 0 : UInt32(clamping: sysconf(Int32(_SC_PAGESIZE)))))
    }

    func validate(for specification: DeviceSpecification) throws(EthdevError) {
        func require(_ condition: Bool, _ cause: String, _ remedy: String) throws(EthdevError) {
            if condition { return }
            throw EthdevError(.configuration, attempt: "open \(specification)", cause: cause, remedy: remedy)
        }
        func range(_ name: String, _ value: Int, _ allowed: ClosedRange<Int>) throws(EthdevError) {
            try require(
                allowed.contains(value), "\(name) \(value) is outside \(allowed.lowerBound)…\(allowed.upperBound)",
                "choose a value in the range")
        }
        try range("queuePairs", queuePairs, 1...64)
        if let limit = specification.queuePairLimit {
            try require(
                queuePairs <= limit.count, "\(queuePairs) queue pairs asked for, and \(limit.reason)",
                "lower queuePairs to \(limit.count)")
        }
        try range("receiveDescriptors", receiveDescriptors, 1...65535)
        try range("transmitDescriptors", transmitDescriptors, 1...65535)
        try range("mbufDataBytes", mbufDataBytes, 256...32768)
        try range("mtu", mtu, 68...16000)
        try range("mbufCount", mbufCount, 1...16_777_215)
        try range("mbufCacheSize", mbufCacheSize, 0...min(Int(cdpdk_mempool_maximum_cache()), mbufCount * 2 / 3))
        let frame = mtu + Self.frameOverheadBytes
        try require(
            frame <= mbufDataBytes, "a frame of MTU \(mtu) takes \(frame) bytes and a buffer holds \(mbufDataBytes)",
            "raise mbufDataBytes to \(frame) or lower the MTU")
        var descriptors = receiveDescriptors + transmitDescriptors
        // The driver fills the kernel's AF_XDP fill ring, twice the kernel's default of 2048, whatever is asked for.
        if case .afXDP = specification { descriptors += 4096 }
        try require(
            mbufCount >= descriptors, "\(descriptors) descriptors can hold more than the \(mbufCount) buffers",
            "raise mbufCount to \(descriptors) or more, or lower the descriptor counts")
        if case .null(let bytes, _) = specification {
            try require(
                bytes <= mbufDataBytes, "frames of \(bytes) bytes do not fit buffers of \(mbufDataBytes)",
                "raise mbufDataBytes to \(bytes)")
        }
    }
}
