import CDPDK
import NetStack

/// An open Ethernet port: a device, its buffer pool, its queue pairs.
///
/// Opened, started, stopped and closed by one set-up thread; a queue pair's bursts belong to the one thread that polls
/// it. The port must stay alive and open while any of its `devices` is used or any of its buffers is held.
public final class EthdevPort: @unchecked Sendable {
    public let specification: DeviceSpecification
    public let configuration: PortConfiguration
    /// Number of the port in DPDK.
    public let portID: UInt16
    public let driverName: String
    /// NUMA node of the device and its pool; 0 for devices that name none.
    public let numaNode: Int
    /// Own hardware address: low 48 bits, first octet in bits 47…40. A device without one (`ring`) gets a locally
    /// administered address made from its name.
    public let macAddress: UInt64
    /// Largest IP packet, bytes.
    public let mtu: Int
    /// Descriptor counts after fitting them to the device.
    public let receiveDescriptors: Int
    public let transmitDescriptors: Int
    /// Whether the device checks IPv4, UDP and TCP checksums and says so in `Packet.flags`.
    public let checksReceivedChecksums: Bool
    /// One device per queue pair, in the order of the queues.
    public let devices: [PacketDevice]

    private let busDevice: BusDevice
    private let pool: BufferPool
    private var isStarted = false
    private var isClosed = false

    /// Opens and configures the device; `start()` lets frames through.
    public init(
        _ specification: DeviceSpecification, configuration: PortConfiguration = PortConfiguration()
    ) throws(EthdevError) {
        try specification.validate()
        try configuration.validate(for: specification)
        let opened = try EAL.changingPorts(by: 1, attempt: "open \(specification)") { (running) throws(EthdevError) in
            try OpenedPort(specification, configuration, running)
        }
        self.specification = specification
        self.configuration = configuration
        portID = opened.port
        driverName = opened.driverName
        numaNode = opened.node
        macAddress = opened.macAddress
        mtu = opened.mtu
        receiveDescriptors = opened.receiveDescriptors
        transmitDescriptors = opened.transmitDescriptors
        checksReceivedChecksums = opened.checksReceivedChecksums
        busDevice = opened.busDevice
        pool = opened.pool
        devices = (0..<configuration.queuePairs).map { queue in
            PacketDevice(
                pair: QueuePair.make(port: opened.port, queue: UInt16(queue), pool: opened.pool.pointer),
                macAddress: opened.macAddress, mtu: opened.mtu)
        }
    }

    deinit { close() }

    /// Lets frames through.
    public func start() throws(EthdevError) {
        precondition(!isClosed, "start of a closed port")
        guard !isStarted else { return }
        try check(
            cdpdk_port_start(portID), "start \(specification)",
            remedy: "see the driver's message above; lower queuePairs or the descriptor counts")
        isStarted = true
        // Virtual devices without a kernel interface have neither mode; they receive everything.
        if configuration.promiscuous { _ = cdpdk_port_set_promiscuous(portID, true) }
        if configuration.allMulticast { _ = cdpdk_port_set_all_multicast(portID, true) }
    }

    /// Stops reception and transmission; frames in the queues are lost. No thread may be in a burst.
    public func stop() throws(EthdevError) {
        guard isStarted else { return }
        isStarted = false
        try check(cdpdk_port_stop(portID), "stop \(specification)", remedy: "close the port")
    }

    /// Stops and removes the device (a TAP leaves the kernel) and gives the memory back. Twice is once.
    /// - Returns: buffers that somebody still holds. When there are some, the pool stays allocated, so that they remain
    ///   valid memory; 0 is the rule, except for `afXDP`, whose driver never returns its fill ring's.
    @discardableResult public func close() -> Int {
        guard !isClosed else { return 0 }
        isClosed = true
        if isStarted { _ = cdpdk_port_stop(portID) }
        isStarted = false
        let held = try? EAL.changingPorts(by: -1, attempt: "close \(specification)") { _ in
            OpenedPort.remove(port: portID, busDevice)
            let held = pool.count - pool.available
            if held == 0 { cdpdk_mempool_free(pool.pointer) }
            return held
        }
        for device in devices {
            cdpdk_capture_discard(device.context)
            device.context.deallocate()
        }
        return held ?? 0
    }
}

extension EthdevPort {
    /// Buffers in the pool, free and taken.
    public var bufferCount: Int { pool.count }

    /// Free buffers; exact while no thread takes or gives any. Receive queues of a started port hold some.
    public var availableBuffers: Int { isClosed ? 0 : pool.available }

    /// The driver's counters; nil when it keeps none.
    public func statistics() -> PortStatistics? {
        var raw = cdpdk_port_statistics()
        guard !isClosed, cdpdk_port_statistics(portID, &raw) == 0 else { return nil }
        var statistics = PortStatistics()
        statistics.receivedPackets = raw.received_packets
        statistics.transmittedPackets = raw.transmitted_packets
        statistics.receivedBytes = raw.received_bytes
        statistics.transmittedBytes = raw.transmitted_bytes
        statistics.missedPackets = raw.missed
        statistics.receiveErrors = raw.receive_errors
        statistics.transmitErrors = raw.transmit_errors
        statistics.bufferShortages = raw.no_buffer
        return statistics
    }

    /// Sets the driver's counters to zero; without effect where it cannot.
    public func resetStatistics() { _ = cdpdk_port_reset_statistics(portID) }

    /// The link as last seen; does not wait for negotiation.
    public func link() -> LinkStatus {
        var raw = cdpdk_link()
        guard !isClosed, cdpdk_port_link(portID, &raw) == 0 else {
            return LinkStatus(isUp: false, isFullDuplex: false, megabitsPerSecond: nil)
        }
        let speed = raw.megabits_per_second
        return LinkStatus(
            isUp: raw.up, isFullDuplex: raw.full_duplex,
            megabitsPerSecond: speed == .max || speed == 0 ? nil : Int(speed))
    }

    /// Name of the driver's burst functions for a queue, such as "Vector AVX2"; nil when it does not tell.
    public func burstMode(queue: Int) -> (receive: String?, transmit: String?) {
        func mode(receive: Bool) -> String? {
            var text = [CChar](repeating: 0, count: 128)
            let result = cdpdk_port_burst_mode(portID, UInt16(clamping: queue), receive, &text, UInt32(text.count))
            guard result == 0 else { return nil }
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return (mode(receive: true), mode(receive: false))
    }
}
