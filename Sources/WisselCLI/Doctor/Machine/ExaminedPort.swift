import Ethdev
import Node

/// An interface of the configuration and where its device sits in /sys.
struct ExaminedPort: Sendable {
    let interface: NodeConfiguration.Interface
    let specification: DeviceSpecification
    /// Names of its network stages.
    let stages: [String]
    /// Where /sys keeps the device: that of a NIC, or of the hardware below an interface of the kernel; nil for virtual
    /// devices, and for what is not there.
    let path: String?
    /// Nil: the device names none.
    let numaNode: Int?

    /// The name of the device in the configuration.
    var device: String { interface.device }

    /// The address of a NIC that DPDK is to drive; nil for all other devices.
    var pciAddress: String? { if case .pci(let address) = specification { address } else { nil } }

    static func all(
        of configuration: NodeConfiguration?, in folder: MachineFolder
    ) throws(EthdevError) -> [ExaminedPort] {
        var ports: [ExaminedPort] = []
        var stage = 0
        for interface in configuration?.interfaces ?? [] {
            let specification = try DeviceSpecification(parsing: interface.device)
            let path: String? =
                switch specification {
                case .pci(let address): "/sys/bus/pci/devices/\(address)"
                case .afPacket(let name), .afXDP(let name): "/sys/class/net/\(name)/device"
                case .tap, .memif, .ring, .null, .pcap: nil
                }
            let present = path.flatMap { folder.exists($0) ? $0 : nil }
            let node = present.flatMap { folder.number("\($0)/numa_node") }
            ports.append(
                ExaminedPort(
                    interface: interface, specification: specification,
                    stages: (stage..<stage + interface.queues).map { "network\($0)" }, path: present,
                    numaNode: node.flatMap { $0 >= 0 ? $0 : nil }))
            stage += interface.queues
        }
        return ports
    }

    /// The kernel's driver of the device; nil when it has none.
    func driver(in folder: MachineFolder) -> String? { path.flatMap { folder.link("\($0)/driver") } }

    /// Whether DPDK drives the NIC while the kernel keeps it ("MLX5 Ethernet Poll Mode Driver", DPDK NIC guide).
    func isShared(in folder: MachineFolder) -> Bool {
        ["mlx4_core", "mlx5_core"].contains(driver(in: folder) ?? "")
    }
}
