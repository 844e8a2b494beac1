import Ethdev
import Foundation
import NetStack
import Node
import Runtime
import Wire

/// A whole node, running, at one end of a wire in memory; the benchmark is at the other. All of it is set when it is made; the
/// wire's end belongs to one thread.
final class WiredNode: @unchecked Sendable {
    /// The node's buffers: lanes, the ring to market data and posted descriptors all full at once.
    private static let nodePort = PortConfiguration(mbufCount: 65_535)
    /// The wire's: what it has posted, and a burst in hand.
    private static let wirePort = PortConfiguration(mbufCount: 40_959)

    let node: TradingNode
    let configuration: NodeConfiguration
    let clock: Clock
    private let ports: [EthdevPort]
    private let wire: WirePair
    private let directory: URL
    private let precedence: SchedulingPrecedence
    private let memory: HugePageDecision
    private let plan: CorePlan

    /// A CPU for the wire and those left for the node.
    /// - Parameter name: of the benchmark, for whoever has too few.
    static func cpus(forBenchmark name: String) throws -> (wire: Int, node: [Int]) {
        let available = AvailableCPUs.current().numbers
        guard available.count >= 2 else {
            throw PacketBenchmark.Failure(
                description:
                    "the \(name) benchmark needs two CPUs, one for the wire and one for the node; this process "
                    + "may use one: allow it more ('taskset -c', '--cpuset-cpus=' of a container)")
        }
        return (available[0], Array(available.dropFirst()))
    }

    /// Starts the node.
    /// - Parameters:
    ///   - change: what the benchmark wants otherwise than the example configuration has it.
    ///   - wireCPU: where the benchmark's end of the wire is served; the node's threads there take no precedence.
    init(plan: CorePlan, wireCPU: Int, changing change: (inout NodeConfiguration) -> Void) throws {
        self.plan = plan
        memory = EAL.hugePagesAvailable(
            neededMegabytes: Self.megabytes(onHugePages: true),
            ordinaryMegabytes: Self.megabytes(onHugePages: false))
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("wissel-bench-\(getpid())")
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "benchmark")
        configuration.journal.directory = directory.appendingPathComponent("journal").path
        try FileManager.default.createDirectory(
            atPath: configuration.journal.directory, withIntermediateDirectories: true)
        configuration.feeds[0].group = configuration.interfaces[0].address
        change(&configuration)
        self.configuration = configuration
        clock = try Clock.calibrated()
        try EAL.start(
            EALOptions(
                hugePages: memory.hugePages == .inMemory
                    ? .inMemory : .none(megabytes: Self.megabytes(onHugePages: false)),
                filePrefix: "wissel_bench", extraArguments: ["--log-level=lib.eal:error"]))
        ports = try [
            EthdevPort(.ring("node"), configuration: Self.nodePort), .init(.ring("wire"), configuration: Self.wirePort),
        ]
        wire = WirePair(pools: (ports[0].devices[0], ports[1].devices[0]))
        node = try TradingNode(
            configuration: configuration, plan: plan, queues: [.init(device: wire.device(0), interface: 0)],
            clock: clock)
        let precedence = SchedulingPrecedence(except: [wireCPU])
        self.precedence = precedence
        try node.start(
            hooks: .init(
                onStart: {
                    precedence.take()
                    try EAL.registerThread()
                }, onStop: { EAL.unregisterThread() }))
    }

    /// Stops the node and removes its journal. Once.
    func stop() throws {
        defer {
            for port in ports { port.close() }
            try? FileManager.default.removeItem(at: directory)
        }
        try node.stop()
    }

    /// The benchmark's end of the wire.
    var device: PacketDevice { wire.device(1) }
    var macAddress: MACAddress { MACAddress(rawValue: ports[0].macAddress) }

    /// Of a datagram to a port of the node.
    func headers(port: UInt16) -> UDPTemplate {
        let interface = configuration.interfaces[0]
        return WireSide.headers(
            from: interface.hostAddress ?? interface.address, to: interface.address, macAddress, port: port)
    }

    /// What the figures were measured under, a line each.
    var conditions: [String] {
        [
            "node on \(plan.text), queues of \(WirePair.capacity) descriptors at each end", precedence.text,
            memory.hugePages == .inMemory ? "huge pages" : "no huge pages (\(memory.lack))", EAL.version,
        ]
    }

    /// Both pools, and 64 MB for DPDK's own tables.
    private static func megabytes(onHugePages: Bool) -> Int {
        (nodePort.poolBytes(onHugePages: onHugePages) + wirePort.poolBytes(onHugePages: onHugePages)) >> 20 + 64
    }
}
