import Ethdev
import Foundation
import NetStack
import Node
import Runtime
import Wire

/// A whole node, running, at one end of a wire in memory or of another link; the benchmark is at the other. All of it is set
/// when it is made; the wire's end belongs to one thread.
final class WiredNode: @unchecked Sendable {
    let node: TradingNode
    let configuration: NodeConfiguration
    let clock: Clock
    private let link: NodeLink
    private let directory: URL
    private let precedence: SchedulingPrecedence
    private let memory: HugePageDecision
    private let plan: CorePlan

    /// A CPU for the wire and those left for the node, the journal's last.
    /// - Parameters:
    ///   - name: of the benchmark, for whoever has too few.
    ///   - waitsForDisk: reports wait for the journal, so the CPU the disk interrupts, on which the kernel finishes its writes,
    ///     is the journal's: the last, or of two the wire's.
    static func cpus(forBenchmark name: String, waitsForDisk: Bool = false) throws -> (wire: Int, node: [Int]) {
        let available = AvailableCPUs.current().numbers
        guard available.count >= 2 else {
            throw PacketBenchmark.Failure(
                description:
                    "the \(name) benchmark needs two CPUs, one for the wire and one for the node; this process "
                    + "may use one: allow it more ('taskset -c', '--cpuset-cpus=' of a container)")
        }
        var order = available
        if waitsForDisk, let disk = DiskInterrupts.cpu(ofDiskWith: folder.path), order.contains(disk) {
            order.removeAll { $0 == disk }
            order.insert(disk, at: available.count == 2 ? 0 : order.count)
        }
        return (order[0], Array(order.dropFirst()))
    }

    /// Where the journal goes.
    private static var folder: URL { FileManager.default.temporaryDirectory }

    /// Starts the node.
    /// - Parameters:
    ///   - kind: what is between node and benchmark.
    ///   - change: what the benchmark wants otherwise than the example configuration has it.
    ///   - wireCPU: where the benchmark's end of the wire is served; the node's threads there take no precedence.
    init(
        _ kind: NodeLink.Kind, plan: CorePlan, wireCPU: Int, changing change: (inout NodeConfiguration) -> Void
    ) throws {
        self.plan = plan
        let ordinaryMegabytes = NodeLink.megabytes(kind, onHugePages: false)
        memory = EAL.hugePagesAvailable(
            neededMegabytes: NodeLink.megabytes(kind, onHugePages: true), ordinaryMegabytes: ordinaryMegabytes)
        directory = Self.folder.appendingPathComponent("wissel-bench-\(getpid())")
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
                    ? .inMemory : .none(megabytes: ordinaryMegabytes),
                filePrefix: "wissel_bench", extraArguments: NodeLink.logArguments))
        link = try NodeLink(kind)
        node = try TradingNode(
            configuration: configuration, plan: plan, queues: [.init(device: link.nodeDevice, interface: 0)],
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
            link.close()
            try? FileManager.default.removeItem(at: directory)
        }
        try node.stop()
    }

    /// The benchmark's end of the wire.
    var device: PacketDevice { link.device }
    var macAddress: MACAddress { MACAddress(rawValue: link.macAddress) }

    /// Of a datagram to a port of the node.
    func headers(port: UInt16) -> UDPTemplate {
        let interface = configuration.interfaces[0]
        return WireSide.headers(
            from: interface.hostAddress ?? interface.address, to: interface.address, macAddress, port: port)
    }

    private var disk: String {
        "journal in \(Self.folder.path)"
            + (DiskInterrupts.cpu(ofDiskWith: Self.folder.path).map {
                ", whose disk interrupts CPU \($0) and has its writes finished there"
            } ?? "")
    }

    /// What the figures were measured under, a line each.
    var conditions: [String] {
        [
            "node on \(plan.text)", "between node and client \(link.text)", precedence.text, disk,
            memory.hugePages == .inMemory ? "huge pages" : "no huge pages (\(memory.lack))", EAL.version,
        ]
    }
}
