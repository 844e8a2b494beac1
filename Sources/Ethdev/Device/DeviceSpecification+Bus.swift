import Synchronization

/// A device as EAL's bus knows it.
struct BusDevice: Sendable {
    let bus: String
    let name: String
    let arguments: String
}

extension DeviceSpecification {
    /// The bus, name and device arguments (DPDK "Network Interface Controller Drivers" guide, one chapter per driver).
    func busDevice(for configuration: PortConfiguration) -> BusDevice {
        switch self {
        case .pci(let address):
            return BusDevice(bus: "pci", name: address, arguments: "")
        case .tap(let name):
            return BusDevice(bus: "vdev", name: "net_tap_\(name)", arguments: "iface=\(name)")
        case .afPacket(let interface):
            // The driver's ring frames hold 2048 bytes less a header; larger frames need a block of their own.
            let frameBytes = configuration.mtu <= 1900 ? 2048 : 16384
            let blockBytes = configuration.mtu <= 1900 ? 4096 : 16384
            let frames = (max(configuration.receiveDescriptors, 512) + 1) / 2 * 2
            return BusDevice(
                bus: "vdev", name: "net_af_packet_\(interface)",
                arguments: "iface=\(interface),qpairs=\(configuration.queuePairs),blocksz=\(blockBytes),"
                    + "framesz=\(frameBytes),framecnt=\(frames)")
        case .afXDP(let interface):
            return BusDevice(
                bus: "vdev", name: "net_af_xdp_\(interface)",
                arguments: "iface=\(interface),start_queue=0,queue_count=\(configuration.queuePairs)")
        case .memif(let role, let path, let id):
            // Without a path in the file system (the driver's default) a socket could not be found by its name.
            // The driver asks for the base-two logarithm of the ring's size, at most 14, and not for descriptors.
            let size = max(configuration.receiveDescriptors, configuration.transmitDescriptors)
            let exponent = min(14, Int.bitWidth - max(size - 1, 1).leadingZeroBitCount)
            return BusDevice(
                bus: "vdev", name: "net_memif_\(Self.nextNumber())",
                arguments: "role=\(role.rawValue),id=\(id),socket=\(path),socket-abstract=no,rsize=\(exponent)")
        case .ring:
            // The driver makes sixteen rings and on close frees those of configured queues: a name used twice would
            // meet the others again, so each open gets a new one and leaves up to 130 kB of EAL memory behind.
            return BusDevice(bus: "vdev", name: "net_ring\(Self.nextNumber())", arguments: "")
        case .null(let bytes, let copy):
            return BusDevice(
                bus: "vdev", name: "net_null_\(Self.nextNumber())", arguments: "size=\(bytes),copy=\(copy ? 1 : 0)")
        case .pcap(let receive, let transmit):
            let arguments = [receive.map { "rx_pcap=\($0)" }, transmit.map { "tx_pcap=\($0)" }].compactMap { $0 }
            return BusDevice(
                bus: "vdev", name: "net_pcap_\(Self.nextNumber())", arguments: arguments.joined(separator: ","))
        }
    }

    /// Fewer queue pairs than the driver says it has, where more would break it.
    var queuePairLimit: (count: Int, reason: String)? {
        // net_tap tells other processes its descriptors, two per pair, in one message that holds eight (RTE_MP_MAX_FD_NUM);
        // DPDK 22.11 writes beyond it.
        if case .tap = self { return (4, "net_tap carries 4") }
        return nil
    }

    private static let numbers = Atomic<UInt32>(0)

    /// A number for a device or pool name that no other in the process has.
    static func nextNumber() -> UInt32 { numbers.wrappingAdd(1, ordering: .relaxed).oldValue }
}
