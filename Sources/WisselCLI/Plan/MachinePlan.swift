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

    /// The folder that holds the machine's `sys`.
    let root: String
    let topology: MachineTopology
    /// CPUs the node may be told to run on; nil: all.
    let available: AvailableCPUs?
    let machine: String
    let interfaces: [Interface]
    let placement: CorePlacement
    let commandLine: KernelCommandLine
    let hugePages: HugePagePlan
    /// For people: how the huge pages of the command line were counted.
    let hugePagesReason: String
    let warnings: [String]

    /// - Parameter root: the folder that holds the machine's `sys`. For `/` only CPUs this process may be pinned to
    ///   are planned with.
    init(configuration: NodeConfiguration, root: String) throws {
        let topology = try MachineTopology(root: root)
        var interfaces: [Interface] = []
        for interface in configuration.interfaces {
            let node = try DeviceSpecification(parsing: interface.device).numaNode(root: root)
            interfaces.append(Interface(device: interface.device, queues: interface.queues, numaNode: node))
        }
        let available = root == "/" ? AvailableCPUs.permitted() : nil
        let placement = CorePlacement(
            on: topology, available: available,
            networkNodes: interfaces.flatMap { [Int?](repeating: $0.numaNode, count: $0.queues) },
            shards: configuration.shards)

        hugePages = HugePagePlan(configuration: configuration, root: root)
        let megabytes = hugePages.nodes.map(\.megabytes).max() ?? 0
        let usesHugePages = hugePages.wanted != .none
        commandLine = KernelCommandLine(
            for: placement, topology: topology,
            hugePages: usesHugePages
                ? KernelCommandLine.HugePages(megabytes: megabytes, nodes: topology.nodes.count) : nil)
        hugePagesReason =
            usesHugePages
            ? "\(grouped(megabytes)) MiB for DPDK on the node that needs most, and as much on each other, because the "
                + "kernel spreads the pages evenly; nodes: \(topology.nodes.count)"
            : "no huge pages, as the configuration says"

        var warnings = placement.warnings
        for interface in interfaces where interface.device.hasPrefix("pci:") && interface.numaNode == nil {
            guard topology.nodes.count > 1 else { continue }
            warnings.append(
                "\(interface.device) names no NUMA node on a machine of \(topology.nodes.count): its cores may be far from "
                    + "it: look in the board's manual which socket the slot is wired to")
        }
        self.root = root
        self.topology = topology
        self.available = available
        machine = topology.summary
        self.interfaces = interfaces
        self.placement = placement
        self.warnings = warnings
    }
}
