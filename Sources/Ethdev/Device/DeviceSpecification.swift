/// Which device a port is opened on: a NIC by its PCI address or one of DPDK's virtual devices.
///
/// The text form is the one of configuration files; `init(parsing:)` and `description` are each other's inverse.
public enum DeviceSpecification: Equatable, Sendable {
    /// `pci:0000:03:00.0`: a NIC bound to vfio-pci (or of a driver that shares it with the kernel, such as mlx5).
    case pci(String)
    /// `tap:wissel0`: a kernel interface of that name, created on open and gone on close. Needs CAP_NET_ADMIN.
    case tap(String)
    /// `af_packet:veth1`: an existing kernel interface by packet socket. Needs CAP_NET_RAW. Frames from the other end of
    /// a veth carry unfinished checksums unless transmit checksum offload is switched off there (`ethtool -K IF tx off`).
    case afPacket(String)
    /// `af_xdp:veth1`: an existing kernel interface by AF_XDP socket. Needs CAP_NET_ADMIN, CAP_BPF and CAP_NET_RAW,
    /// and 4096 buffers per queue pair beside those of the descriptors.
    case afXDP(String)
    /// `memif:server:/run/wissel.sock:0`: shared memory with another process, met at a UNIX socket.
    case memif(MemifRole, socketPath: String, id: UInt32)
    /// `ring:r0`: what is sent on a queue pair is received on the same one.
    case ring(String)
    /// `null:64` or `null:64:copy`: endless frames of that size, sent frames vanish; `copy` touches every byte.
    case null(packetBytes: Int, copy: Bool)
    /// `pcap:in.pcap:out.pcap`: receives a capture file once and writes another; either may be left empty.
    case pcap(receiveFile: String?, transmitFile: String?)

    public enum MemifRole: String, Sendable { case server, client }
}

extension DeviceSpecification: CustomStringConvertible {
    public var description: String {
        switch self {
        case .pci(let address): "pci:\(address)"
        case .tap(let name): "tap:\(name)"
        case .afPacket(let interface): "af_packet:\(interface)"
        case .afXDP(let interface): "af_xdp:\(interface)"
        case .memif(let role, let path, let id): "memif:\(role.rawValue):\(path):\(id)"
        case .ring(let name): "ring:\(name)"
        case .null(let bytes, let copy): "null:\(bytes)\(copy ? ":copy" : "")"
        case .pcap(let receive, let transmit): "pcap:\(receive ?? ""):\(transmit ?? "")"
        }
    }
}
