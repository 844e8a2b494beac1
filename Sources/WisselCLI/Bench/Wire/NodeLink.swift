import Ethdev
import Foundation
import NetStack

/// What is between a node under measurement and the benchmark: a pair of ports, the node's and the benchmark's.
final class NodeLink {
    enum Kind: String, CaseIterable, Sendable {
        /// A wire in memory that posts and fills buffers as two NICs do, with one copy per frame.
        case wire
        /// DPDK's memif driver at both ends of shared memory, as between two processes.
        case memif
        /// A TAP device of the node, and DPDK's packet socket on the kernel's side of it.
        case tap
    }

    let kind: Kind
    private let ports: [EthdevPort]
    private let wire: WirePair?

    /// The node's buffers: lanes, the ring to market data and posted descriptors all full at once.
    private static let nodeBuffers = 65_535
    /// The benchmark's: what it has posted, and a burst in hand.
    private static let ownBuffers = 40_959
    /// Of shared memory, each way: as many as commands are unanswered at once, so that none is refused.
    private static let memifDescriptors = 4_096

    /// The TAP driver complains of kernels without classes of traffic, which only its flow rules need.
    static let logArguments = PacketBenchmark.logArguments + ["--log-level=pmd.net.tap:critical"]

    private static func configuration(_ kind: Kind, buffers: Int) -> PortConfiguration {
        var configuration = PortConfiguration(mbufCount: buffers)
        if kind == .memif {
            configuration.receiveDescriptors = memifDescriptors
            configuration.transmitDescriptors = memifDescriptors
        }
        return configuration
    }

    private static func specifications(_ kind: Kind) -> (node: DeviceSpecification, own: DeviceSpecification) {
        let name = "wsl\(getpid())"
        switch kind {
        case .wire: return (.ring("node"), .ring("wire"))
        case .memif:
            let socket = FileManager.default.temporaryDirectory.appendingPathComponent("wissel-\(name)").path
            return (.memif(.server, socketPath: socket, id: 0), .memif(.client, socketPath: socket, id: 0))
        case .tap: return (.tap(name), .afPacket(name))
        }
    }

    /// Opens both ports and waits for the link; EAL has been started.
    init(_ kind: Kind) throws {
        self.kind = kind
        let specifications = Self.specifications(kind)
        let node = try EthdevPort(
            specifications.node, configuration: Self.configuration(kind, buffers: Self.nodeBuffers))
        if kind != .wire { try node.start() }
        let own = try EthdevPort(
            specifications.own, configuration: Self.configuration(kind, buffers: Self.ownBuffers))
        ports = [node, own]
        guard kind == .wire else {
            wire = nil
            try own.start()
            for port in ports { try port.waitForLink() }
            return
        }
        wire = WirePair(pools: (node.devices[0], own.devices[0]))
    }

    /// Both ends are polled no more. Once.
    func close() {
        ports[1].close()
        // The driver's own thread takes the node's end of memif down when it hears that the other is gone, and must not
        // meet another that does the same.
        if kind == .memif {
            for _ in 0..<100 where ports[0].link().isUp { usleep(10_000) }
            usleep(100_000)
        }
        ports[0].close()
    }

    var nodeDevice: PacketDevice { wire?.device(0) ?? ports[0].devices[0] }
    /// The benchmark's end.
    var device: PacketDevice { wire?.device(1) ?? ports[1].devices[0] }
    /// Of the node's end.
    var macAddress: UInt64 { ports[0].macAddress }

    /// What figures depend on.
    var text: String {
        let (received, sent) = (ports[0].receiveDescriptors, ports[0].transmitDescriptors)
        return switch kind {
        case .wire: "a wire in memory, queues of \(WirePair.capacity) descriptors at each end"
        case .memif: "memif, DPDK's driver at both ends of shared memory, \(received) descriptors each way"
        case .tap: "the kernel: a TAP device and a packet socket, \(received) and \(sent) descriptors"
        }
    }

    /// Both pools, and 64 MB for DPDK's own tables.
    static func megabytes(_ kind: Kind, onHugePages: Bool) -> Int {
        [nodeBuffers, ownBuffers].reduce(64) {
            $0 + configuration(kind, buffers: $1).poolBytes(onHugePages: onHugePages) >> 20
        }
    }
}
