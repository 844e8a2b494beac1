import Ethdev
import Node
import Runtime

/// What `wissel plan` proposes for a machine and a configuration. Reads /sys; opens no device.
struct MachinePlan {
    /// An interface of the configuration and where its device sits.
    struct Interface: Encodable {
        var device: String
        var queues: Int
        /// Nil: the device names none.
        var numaNode: Int?
    }

    let machine: String
    let interfaces: [Interface]
    let placement: CorePlacement
    let commandLine: KernelCommandLine
    /// For people: how the huge pages of the command line were counted.
    let hugePagesReason: String
    let warnings: [String]

    /// - Parameter root: the folder that holds the machine's `sys`. For `/` only CPUs this process may be pinned to
    ///   are planned with.
    init(configuration: NodeConfiguration, root: String) throws {
        let topology = try MachineTopology(root: root)
        var interfaces: [Interface] = []
        for interface in configuration.interfaces {
            let node = try Self.numaNode(of: try DeviceSpecification(parsing: interface.device), root: root)
            interfaces.append(Interface(device: interface.device, queues: interface.queues, numaNode: node))
        }
        let available = root == "/" ? AvailableCPUs.permitted() : nil
        let placement = CorePlacement(
            on: topology, available: available,
            networkNodes: interfaces.flatMap { [Int?](repeating: $0.numaNode, count: $0.queues) })

        let memory = configuration.memory
        let megabytes = memory.megabytes(interfaces: configuration.interfaces, onHugePages: true)
        let pages = KernelCommandLine.HugePages(megabytes: megabytes, nodes: topology.nodes.count)
        let usesHugePages = memory.hugePages != .none
        commandLine = KernelCommandLine(
            for: placement, topology: topology, hugePages: usesHugePages ? pages : nil)
        hugePagesReason =
            usesHugePages
            ? "\(grouped(megabytes)) MiB for packet buffers on the node of the NIC, and as much on each other, because the "
                + "kernel spreads the pages evenly; nodes: \(topology.nodes.count)"
            : "no huge pages, as the configuration says"

        var warnings = placement.warnings
        for interface in interfaces where interface.device.hasPrefix("pci:") && interface.numaNode == nil {
            guard topology.nodes.count > 1 else { continue }
            warnings.append(
                "\(interface.device) names no NUMA node on a machine of \(topology.nodes.count): its cores may be far from "
                    + "it: look in the board's manual which socket the slot is wired to")
        }
        machine = topology.summary
        self.interfaces = interfaces
        self.placement = placement
        self.warnings = warnings
    }

    /// Only NICs have a place; virtual devices are memory.
    private static func numaNode(
        of specification: DeviceSpecification, root: String
    ) throws(TopologyError) -> Int? {
        switch specification {
        case .pci(let address): try DeviceLocality(of: .pci(address), root: root).node
        case .afPacket(let name), .afXDP(let name): try DeviceLocality(of: .interface(name), root: root).node
        case .tap, .memif, .ring, .null, .pcap: nil
        }
    }
}
