import Ethdev
import Node
import Runtime

/// The memory DPDK takes for a configuration, by NUMA node, as a sum with a reason per addend. The one formula: behind the
/// decision at the start of the node and the doctor's, `wissel plan --hugepages` and the kernel command line of a plan.
struct MemoryDemand {
    struct Addend: Encodable, Equatable {
        var node: Int
        var megabytes: Int
        var reason: String
    }

    let addends: [Addend]

    /// On all nodes together, MiB.
    var megabytes: Int { addends.reduce(0) { $0 + $1.megabytes } }

    /// MiB by node.
    var byNode: [Int: Int] { addends.reduce(into: [:]) { $0[$1.node, default: 0] += $1.megabytes } }

    /// DPDK's own tables, MiB: with one to four queues it took less than half of that.
    private static let tables = 32

    /// A pool per queue, with a MiB for what lies around it, where `OpenedPort` puts it: on the node of the device, and on
    /// node 0 for devices that name none. DPDK's own tables go where there is room, and are counted where the first
    /// interface is.
    /// - Parameters:
    ///   - onHugePages: on ordinary pages a buffer takes more.
    ///   - root: as of `MachineTopology.init(root:)`. A device that is not there counts as one without a node; who opens it
    ///     says what is wrong.
    init(_ configuration: NodeConfiguration, onHugePages: Bool, root: String = "/") {
        let buffers = configuration.memory.buffers
        var addends: [Addend] = []
        for interface in configuration.interfaces {
            let port = PortConfiguration(
                mbufCount: buffers, mbufDataBytes: PortConfiguration.mbufDataBytes(mtu: interface.mtu))
            let pool = port.poolBytes(onHugePages: onHugePages) >> 20 + 1
            let (queues, node) = (interface.queues, Self.node(of: interface, root: root))
            addends.append(
                Addend(
                    node: node ?? 0, megabytes: queues * pool,
                    reason: "\(interface.device): \(queues == 1 ? "1 queue" : "\(queues) queues") × \(pool) MiB for "
                        + "\(grouped(buffers)) buffers of \(grouped(port.bufferBytes)) bytes, the ring of the free ones "
                        + "and a cache per thread" + (node == nil ? "; it names no node, so on node 0" : "")))
        }
        addends.append(
            Addend(
                node: addends.first?.node ?? 0, megabytes: Self.tables,
                reason: "DPDK's own tables: twice what was seen with one to four queues"))
        self.addends = addends
    }

    private static func node(of interface: NodeConfiguration.Interface, root: String) -> Int? {
        guard let specification = try? DeviceSpecification(parsing: interface.device) else { return nil }
        return (try? specification.numaNode(root: root)) ?? nil
    }
}

extension DeviceSpecification {
    /// Where the device sits. Only NICs have a place; virtual devices are memory.
    func numaNode(root: String) throws(TopologyError) -> Int? {
        switch self {
        case .pci(let address): try DeviceLocality(of: .pci(address), root: root).node
        case .afPacket(let name), .afXDP(let name): try DeviceLocality(of: .interface(name), root: root).node
        case .tap, .memif, .ring, .null, .pcap: nil
        }
    }
}
