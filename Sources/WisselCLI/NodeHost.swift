import CPlatform
import Ethdev
import Foundation
import NetStack
import Node
import Runtime
import Wire

/// A node on DPDK ports: brings up EAL and the interfaces of the configuration, builds the node on their queues, and
/// takes everything down again in order.
final class NodeHost {
    let node: TradingNode
    let clock: Clock
    let memoryDescription: String
    /// What a person should know at start, one line each.
    let startLines: [String]
    private var ports: [EthdevPort] = []
    private var watch: PortWatch

    var journalDescription: String {
        switch node.journalMode {
        case .ioUring: "io_uring, direct writes"
        case .synchronous: "pwrite and fdatasync (\(node.journalModeReason))"
        }
    }

    init(configuration: NodeConfiguration) throws {
        // Before EAL binds the calling thread to one CPU.
        let plan = try TradingNode.plan(for: configuration)
        let specifications = try configuration.interfaces.map { try DeviceSpecification(parsing: $0.device) }
        let decision = PortSetup.memory(for: configuration)
        if configuration.memory.hugePages == .required, case .none = decision.hugePages {
            throw HostError(
                description: "\(decision.lack), and memory.hugePages is `required`: "
                    + "`sudo hugepages/reserve` reserves them, `hugePages: auto` goes on without")
        }
        try PortSetup.startEAL(for: configuration, specifications, decision: decision)
        clock = try Clock.calibrated()
        memoryDescription = decision.message
        var lines = ["memory:   \(decision.message)"]
        var queues: [TradingNode.Queue] = []
        do {
            for (index, interface) in configuration.interfaces.enumerated() {
                let port = try PortSetup.open(interface, specifications[index], configuration.memory)
                ports.append(port)
                let steering = try PortSetup.steer(port, interface, orderPort: configuration.orderEntry.port)
                queues += port.devices.enumerated().map { number, device in
                    TradingNode.Queue(
                        device: device, interface: index,
                        isForOrders: steering.isHardware && number == FlowSteering.queue)
                }
                lines += Self.lines(for: port, interface, steering)
            }
            node = try TradingNode(configuration: configuration, plan: plan, queues: queues, clock: clock)
        } catch {
            for port in ports { port.close() }
            throw error
        }
        lines.append("cores:    " + node.plan.text)
        lines.append("journal:  \(configuration.journal.directory)")
        if let recovery = node.recovery { lines.append("          recovered: \(recovery.summary)") }
        lines.append("clock:    \(clock.text) of the system's")
        startLines = lines
        watch = PortWatch(ports)
    }

    private static func lines(
        for port: EthdevPort, _ interface: NodeConfiguration.Interface, _ steering: PortSetup.Steering
    ) -> [String] {
        let queues = interface.queues == 1 ? "1 queue" : "\(interface.queues) queues (\(port.scaling))"
        return [
            "port:     \(interface.device) (\(port.driverName)), \(interface.address)/\(interface.prefixLength), "
                + "\(MACAddress(rawValue: port.macAddress)), \(queues), "
                + (port.computesSentChecksums ? "checksums by the device" : "checksums in software"),
            "          orders by the \(steering.text)",
            "          bursts \(port.burstText); \(port.freeingText)",
        ]
    }

    func start() throws {
        try node.start(
            hooks: .init(onStart: { try EAL.registerThread() }, onStop: { EAL.unregisterThread() }))
    }

    func stop() throws { try node.stop() }

    /// Looks after the ports; ten times a second or so, on the thread that made the host.
    /// - Returns: what a person should know, one line each.
    func watchPorts() -> [String] { watch.poll(now: clock.now()) }

    /// Stops and starts every port while the node runs; the same thread.
    func restartPorts() -> [String] { watch.restartAll() }

    var portReports: [PortReport] { watch.reports }

    func close() {
        for port in ports { port.close() }
        ports = []
    }

    struct HostError: Error, CustomStringConvertible { var description: String }
}
