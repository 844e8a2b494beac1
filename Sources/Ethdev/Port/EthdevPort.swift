import CDPDK
import NetStack
import Runtime

/// An open Ethernet port: a device and its queue pairs, each with its own buffer pool.
///
/// Opened, started, stopped and closed by one set-up thread; a queue pair's bursts belong to the one thread that polls
/// it. The port must stay alive and open while any of its `devices` is used or any of its buffers is held.
public final class EthdevPort: @unchecked Sendable {
    public let specification: DeviceSpecification
    public let configuration: PortConfiguration
    /// Number of the port in DPDK.
    public let portID: UInt16
    /// What the device offers, whether it is used or not.
    public let capabilities: PortCapabilities
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
    /// Whether sent buffers go back in bulk: the device offers it and the configuration promises what it takes.
    public let freesFast: Bool
    /// How received frames are spread over the queues; known from the first `start()` on.
    public internal(set) var scaling = ReceiveScaling.unknown
    /// The rules that give order traffic its own queue; nil while there are none.
    public internal(set) var steering: FlowSteering?
    /// Whether the device checks IPv4, UDP and TCP checksums and says so in `Packet.flags`.
    public let checksReceivedChecksums: Bool
    /// Whether the device computes IPv4 and UDP checksums of the packets that ask for it.
    public let computesSentChecksums: Bool
    /// One device per queue pair, in the order of the queues.
    public let devices: [PacketDevice]

    private let busDevice: BusDevice
    private let pools: [BufferPool]
    private let lender: EthdevPort?
    public private(set) var isStarted = false
    private var isClosed = false
    /// Why rules that once were could not be made again at the last start; the classifier in software goes on.
    public private(set) var steeringLoss: EthdevError?
    /// What steering was asked for, so that a restart can ask again.
    var steeringRequest: FlowSteering.Request?
    /// Number of the last rest asked of the queue pairs, and whether they rest now.
    var restNumber: UInt32 = 0
    var isResting = false

    /// Opens and configures the device; `start()` lets frames through.
    /// - Parameter lender: a port whose buffers this one receives into, queue by queue, instead of having its own: for one
    ///   thread that forwards between the two, which then works with half as many. Of the same buffer size and with as
    ///   many queue pairs or more; closed after this one.
    public init(
        _ specification: DeviceSpecification, configuration: PortConfiguration = PortConfiguration(),
        buffersOf lender: EthdevPort? = nil
    ) throws(EthdevError) {
        if let lender {
            precondition(
                !lender.isClosed && lender.configuration.mbufDataBytes == configuration.mbufDataBytes
                    && lender.pools.count >= configuration.queuePairs,
                "\(specification) cannot use the buffers of \(lender.specification)")
        }
        try specification.validate()
        try configuration.validate(for: specification)
        let opened = try EAL.changingPorts(by: 1, attempt: "open \(specification)") { (running) throws(EthdevError) in
            try OpenedPort(
                specification, configuration, running,
                pools: lender.map { Array($0.pools.prefix(configuration.queuePairs)) })
        }
        self.specification = specification
        self.configuration = configuration
        portID = opened.port
        capabilities = opened.capabilities
        numaNode = opened.node
        macAddress = opened.macAddress
        mtu = opened.mtu
        receiveDescriptors = opened.receiveDescriptors
        transmitDescriptors = opened.transmitDescriptors
        freesFast = opened.freesFast
        checksReceivedChecksums = opened.capabilities.checksReceivedChecksums && configuration.usesChecksumOffload
        computesSentChecksums = opened.computesSentChecksums
        busDevice = opened.busDevice
        pools = opened.pools
        self.lender = lender
        devices = opened.pools.enumerated().map { queue, pool in
            PacketDevice(
                pair: QueuePair.make(port: opened.port, queue: UInt16(queue), pool: pool.pointer),
                macAddress: opened.macAddress, mtu: opened.mtu,
                offloads: opened.computesSentChecksums ? .transmitChecksums : [])
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
        scaling = ReceiveScaling(of: self)
        steeringLoss = nil
        guard let steeringRequest else { return }
        do throws(EthdevError) {
            steering = try FlowSteering(steeringRequest, on: self)
        } catch {
            steeringLoss = error
        }
    }

    /// Stops reception and transmission; frames in the queues are lost. No thread may be in a burst.
    public func stop() throws(EthdevError) {
        guard isStarted else { return }
        steering?.remove(from: self)
        steering = nil
        isStarted = false
        try check(cdpdk_port_stop(portID), "stop \(specification)", remedy: "close the port")
    }

    /// Stops and removes the device (a TAP leaves the kernel) and gives the memory back. Twice is once.
    /// - Returns: buffers that somebody still holds. Where there are some, their pool stays allocated, so that they remain
    ///   valid memory; 0 is the rule, except for `afXDP`, whose driver never returns its fill ring's.
    @discardableResult public func close() -> Int {
        guard !isClosed else { return 0 }
        steering?.remove(from: self)
        steering = nil
        isClosed = true
        if isStarted { _ = cdpdk_port_stop(portID) }
        isStarted = false
        let held = try? EAL.changingPorts(by: -1, attempt: "close \(specification)") { _ in
            OpenedPort.remove(port: portID, busDevice)
            var held = 0
            for pool in pools where lender == nil {
                let taken = pool.count - pool.available
                if taken == 0 { cdpdk_mempool_free(pool.pointer) }
                held += taken
            }
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
    public var driverName: String { capabilities.driverName }

    /// Queue pairs the device can be opened with.
    public var maximumQueuePairs: Int {
        min(capabilities.maximumQueuePairs, specification.queuePairLimit?.count ?? .max)
    }

    /// Buffers in the pools, free and taken.
    public var bufferCount: Int { pools.reduce(0) { $0 + $1.count } }

    /// Free buffers; exact while no thread takes or gives any. Receive queues of a started port hold some.
    public var availableBuffers: Int { isClosed ? 0 : pools.reduce(0) { $0 + $1.available } }

    /// Free buffers of one queue pair's pool.
    public func availableBuffers(queue: Int) -> Int { isClosed ? 0 : pools[queue].available }

    /// Where the buffers of one queue pair lie.
    public func memoryRegions(queue: Int) -> [MemoryRegion] { isClosed ? [] : pools[queue].memoryRegions }

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
}
