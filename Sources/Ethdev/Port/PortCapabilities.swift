import CDPDK

/// What a device offers, as its driver says (`rte_eth_dev_info_get`).
public struct PortCapabilities: Equatable, Sendable {
    public let driverName: String
    /// NUMA node of the device; nil when it names none.
    public let numaNode: Int?
    /// Largest IP packet, bytes; nil when the driver sets no limit of its own.
    public let maximumMTU: Int?
    public let maximumReceiveQueues: Int
    public let maximumTransmitQueues: Int
    /// Entries of the table that leads from a frame's hash to its queue; 0: there is none.
    public let redirectionTableEntries: Int
    /// Length of the hash key the device takes; 0: it takes none.
    public let hashKeyBytes: Int
    /// Whether it checks IPv4, UDP and TCP checksums and says so in `Packet.flags`.
    public let checksReceivedChecksums: Bool
    /// Whether it writes IPv4 and UDP checksums.
    public let writesChecksums: Bool
    /// Whether it stamps received frames with the time.
    public let stampsReceivedFrames: Bool
    /// Whether it gives sent buffers back in bulk.
    public let freesFast: Bool
    /// Whether it spreads received frames over queues by a hash of their addresses.
    public let scalesReceiveSide: Bool

    init(_ info: cdpdk_port_info) {
        driverName = String(cString: info.driver_name)
        numaNode = info.node < 0 ? nil : Int(info.node)
        maximumMTU = info.maximum_mtu == 0 || info.maximum_mtu == .max ? nil : Int(info.maximum_mtu)
        maximumReceiveQueues = Int(info.maximum_receive_queues)
        maximumTransmitQueues = Int(info.maximum_transmit_queues)
        redirectionTableEntries = Int(info.redirection_table_entries)
        hashKeyBytes = Int(info.hash_key_bytes)
        checksReceivedChecksums = info.offers_receive_checksum
        writesChecksums = info.offers_transmit_checksum
        stampsReceivedFrames = info.offers_receive_timestamp
        freesFast = info.offers_fast_free
        scalesReceiveSide = info.offers_receive_side_scaling
    }

    public var maximumQueuePairs: Int { min(maximumReceiveQueues, maximumTransmitQueues) }
}

/// Names of the functions a driver takes for the bursts of a queue, such as "Vector AVX2": whether a fast path was
/// chosen. nil where the driver does not tell (`rte_eth_rx_burst_mode_get`).
public struct BurstModes: Equatable, Sendable, CustomStringConvertible {
    public let receive: String?
    public let transmit: String?

    public init(receive: String?, transmit: String?) {
        self.receive = receive
        self.transmit = transmit
    }

    public var description: String {
        if receive == nil, transmit == nil { return "not told by the driver" }
        return "\(receive ?? "not told") in, \(transmit ?? "not told") out"
    }
}

extension EthdevPort {
    /// The burst functions in use, one entry per queue pair. Only of a started port: they are chosen at the start.
    public var burstModes: [BurstModes] {
        devices.indices.map { queue in
            BurstModes(
                receive: burstMode(queue: queue, receive: true), transmit: burstMode(queue: queue, receive: false))
        }
    }

    /// Whether the device has a clock that PTP (IEEE 1588) can lead. Tries it: switches the time synchronisation on and off
    /// again (`rte_eth_timesync_enable`), so not of a port that carries traffic.
    public var offersTimeSynchronisation: Bool { cdpdk_port_try_timesync(portID) == 0 }

    private func burstMode(queue: Int, receive: Bool) -> String? {
        let text = textFromC(capacity: 128) { text, capacity in
            cdpdk_port_burst_mode(portID, UInt16(queue), receive, text, capacity)
        }
        return text.result == 0 && !text.text.isEmpty ? text.text : nil
    }
}

/// The text a C function writes into the buffer it is given, and its result.
func textFromC<Result>(
    capacity: Int, _ body: (UnsafeMutablePointer<CChar>, UInt32) -> Result
) -> (result: Result, text: String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
        buffer.initialize(repeating: 0)
        guard let base = buffer.baseAddress else { preconditionFailure("a text of no bytes was asked for") }
        let result = body(base, UInt32(capacity))
        return (result, String(cString: base))
    }
}
