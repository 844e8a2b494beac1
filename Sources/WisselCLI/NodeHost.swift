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
        let decision = Self.memory(for: configuration)
        if configuration.memory.hugePages == .required, case .none = decision.hugePages {
            throw HostError(
                description: "\(decision.lack), and memory.hugePages is `required`: "
                    + "`sudo hugepages/reserve` reserves them, `hugePages: auto` goes on without")
        }
        let sharing = MemorySharing(configuration: configuration, decision: decision)
        try EAL.start(
            EALOptions(
                hugePages: sharing.hugePages,
                pciAddresses: specifications.compactMap { if case .pci(let address) = $0 { address } else { nil } },
                filePrefix: configuration.memory.filePrefix, telemetry: configuration.dpdk.telemetry == .on,
                // The TAP driver complains about flow rules it cannot set up on kernels without multiq; nobody asked.
                extraArguments: [
                    "--log-level=pmd.net.tap:critical", "--log-level=lib.eal:error",
                    "--log-level=lib.telemetry:error",
                ], pollingThreads: plan.cores.count))
        if sharing.hugePages == .shared { try SecondaryProcesses.allowCapture() }
        discipline = ClockDiscipline(try Clock.calibrated())
        clock = discipline.clock
        memoryDescription = decision.message
        var lines = ["memory:   \(decision.message)"]
        var queues: [TradingNode.Queue] = []
        do {
            for (index, interface) in configuration.interfaces.enumerated() {
                let port = try EthdevPort(
                    specifications[index],
                    configuration: PortConfiguration(
                        queuePairs: interface.queues, receiveDescriptors: Limits.descriptors,
                        transmitDescriptors: Limits.descriptors, mbufCount: configuration.memory.buffers,
                        mtu: interface.mtu, promiscuous: false, allMulticast: true))
                ports.append(port)
                try port.start()
                if case .tap(let name) = specifications[index], let host = interface.hostAddress {
                    try TapAddress(
                        interface: name, address: host.rawValue, prefixLength: interface.prefixLength,
                        mtu: interface.mtu,
                        transmitQueueLength: Limits.tapQueueLength
                    ).apply()
                }
                queues += port.devices.map { TradingNode.Queue(device: $0, interface: index) }
                lines.append(
                    "port:     \(interface.device) (\(port.driverName)), \(interface.address)/\(interface.prefixLength), "
                        + "\(MACAddress(rawValue: port.macAddress)), \(interface.queues) queue\(interface.queues == 1 ? "" : "s")"
                )
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
            lines.append("watch:    dpdk-telemetry.py -f \(configuration.memory.filePrefix), then /wissel/help")
        }
        startLines = lines
    }

    func start() throws {
        try node.start(
            hooks: .init(onStart: { try EAL.registerThread() }, onStop: { EAL.unregisterThread() }))
        try telemetry?.begin(self)
        do {
            captureServer = try CaptureServer(
                path: ControlSocket.path(prefix: node.configuration.memory.filePrefix), interfaces: captureInterfaces,
                comment: captureComment, clock: clock, everySecond: { [discipline] in discipline.adjust() })
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

    /// Closes the ports; what every packet of the run became. After `stop`.
    @discardableResult func close() -> LossReport {
        captureServer?.stop()
        captureServer = nil
        telemetry?.end()
        var rows = ports.map { $0.lossReportRow }
        for (index, port) in ports.enumerated() { rows[index].buffersHeld = port.close() }
        ports = []
        SecondaryProcesses.removePages()
        return LossReport(ports: rows, statistics: node.statistics)
    }

    private static func memory(for configuration: NodeConfiguration) -> HugePageDecision {
        let megabytes = max(
            configuration.memory.megabytes(interfaces: configuration.interfaces.count),
            configuration.memory.megabytesWithoutHugePages)
        switch configuration.memory.hugePages {
        case .none:
            return HugePageDecision(pools: [], neededMegabytes: megabytes)
        case .auto, .required:
            return EAL.hugePagesAvailable(neededMegabytes: megabytes)
        }
    }

    struct HostError: Error, CustomStringConvertible { var description: String }
}
