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
    let discipline: ClockDiscipline
    let memoryDescription: String
    /// What a person should know at start, one line each.
    let startLines: [String]
    private(set) var ports: [EthdevPort] = []
    private var watch: PortWatch
    private var captureServer: CaptureServer?
    private let telemetry: NodeTelemetry?
    private let captureInterfaces: [CaptureServer.Interface]
    private let captureComment: String

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
        let sharing = MemorySharing(configuration: configuration, decision: decision)
        try PortSetup.startEAL(
            for: configuration, specifications, hugePages: sharing.hugePages, pollingThreads: plan.cores.count)
        if sharing.hugePages == .shared { try SecondaryProcesses.allowCapture() }
        // Before the node is built: what it allocates is then there at once, each piece on the NUMA node it is made for.
        let locking = MemoryLock.take()
        discipline = ClockDiscipline(try Clock.calibrated())
        clock = discipline.clock
        memoryDescription = decision.message
        let usesNICs = specifications.contains { if case .pci = $0 { true } else { false } }
        var lines = [
            "memory:   \(decision.message)",
            "          \(locking.text)" + (usesNICs ? "; devices see \(EAL.addressMode) addresses (IOVA)" : ""),
        ]
        var queues: [TradingNode.Queue] = []
        do {
            for (index, interface) in configuration.interfaces.enumerated() {
                let port = try PortSetup.open(interface, specifications[index], configuration.memory)
                ports.append(port)
                let steering = try PortSetup.steer(port, interface, orderPort: configuration.orderEntry.port)
                queues += port.devices.enumerated().map { number, device in
                    TradingNode.Queue(
                        device: device, interface: index,
                        contents: !steering.isHardware ? .everything : number == FlowSteering.queue ? .orders : .others)
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
        lines.append("clock:    \(discipline.status.text)")
        lines.append("attach:   \(sharing.message)")
        captureInterfaces = zip(ports, configuration.interfaces).map(CaptureServer.Interface.init)
        captureComment = "node \(configuration.name), \(EAL.version), clock: \(discipline.status.text)"
        telemetry = configuration.dpdk.telemetry == .on ? NodeTelemetry() : nil
        if telemetry != nil {
            // Where DPDK keeps its sockets, when that is not the usual place.
            let folder = ProcessInfo.processInfo.environment["RUNTIME_DIRECTORY"]
            let command = "dpdk-telemetry.py -f \(configuration.memory.filePrefix)"
            lines.append("watch:    \(folder.map { "RUNTIME_DIRECTORY=\($0) " } ?? "")\(command), then /wissel/help")
        }
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
        try telemetry?.begin(self)
        do {
            captureServer = try CaptureServer(
                path: ControlSocket.path(prefix: node.configuration.memory.filePrefix), interfaces: captureInterfaces,
                comment: captureComment, clock: clock, market: MarketDesk(node),
                everySecond: { [discipline] in discipline.adjust() })
        } catch {
            // The node runs without; whoever wants to capture reads why.
            standardError("capture:  not possible: \(error)")
        }
    }

    /// The capture ends first: it needs the cores for that.
    func stop() throws {
        captureServer?.stop()
        captureServer = nil
        try node.stop()
    }

    /// Looks after the ports; ten times a second or so, on the thread that made the host.
    /// - Returns: what a person should know, one line each.
    func watchPorts() -> [String] { watch.poll(now: clock.now()) }

    /// Stops and starts every port while the node runs; the same thread.
    func restartPorts() -> [String] { watch.restartAll() }

    var portReports: [PortReport] { watch.reports }

    /// Closes the ports; what every packet of the run became. Stops a node that still runs, where something else failed.
    @discardableResult func close() -> LossReport {
        if node.isRunning {
            do { try stop() } catch { standardError("\(error)") }
        }
        captureServer?.stop()
        captureServer = nil
        telemetry?.end()
        var rows = ports.map { $0.lossReportRow }
        for (index, port) in ports.enumerated() { rows[index].buffersHeld = port.close() }
        ports = []
        SecondaryProcesses.removePages()
        return LossReport(ports: rows, statistics: node.statistics)
    }

    struct HostError: Error, CustomStringConvertible { var description: String }
}
