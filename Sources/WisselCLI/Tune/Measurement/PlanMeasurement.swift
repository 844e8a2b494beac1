import Ethdev
import Foundation
import LoadClient
import NetStack
import Node
import OrderEntry
import Orders
import Runtime
import Wire

/// Measures one plan with a whole node on wires in memory: its threads where the plan says, real sessions and orders at the
/// other ends, DPDK's buffers in between. Once per process, because EAL starts once.
///
/// A wire stands for the NIC: its client writes frames as DMA would, from a CPU of the NIC's node. What a plan does to the
/// hand-over from network to engine, journal and back is the same as with a NIC; what the NIC itself costs is not in it.
struct PlanMeasurement {
    private let request: MeasurementRequest
    private var conditions: MeasurementConditions { request.conditions }

    /// Unanswered commands a client has at most: enough to fill every burst, few enough to end at once.
    private static let window = 1_024
    private static let stalled =
        "the journal's disk stalled (--journal names another), or some stage gets no CPU"
    /// Frames at each end of a wire, as a NIC is usually set up.
    private static let descriptors = 1_024
    private static let clientPort = PortConfiguration(mbufCount: 8_191)

    init(_ request: MeasurementRequest) { self.request = request }

    private var nodePort: PortConfiguration { PortConfiguration(mbufCount: max(conditions.buffers, 8_191)) }

    /// All pools, and 64 MB for DPDK's own tables.
    static func megabytes(_ conditions: MeasurementConditions, onHugePages: Bool) -> Int {
        let node = PortConfiguration(mbufCount: max(conditions.buffers, 8_191))
        let pair = node.poolBytes(onHugePages: onHugePages) + clientPort.poolBytes(onHugePages: onHugePages)
        return conditions.networkStages * (pair >> 20 + 2) + 64
    }

    /// - Parameter folder: the journal's; empty.
    func run(journalFolder folder: String) throws -> MeasurementFigures {
        let configuration = try configuration(journalFolder: folder)
        let clock = try Clock.calibrated()
        try EAL.start(
            EALOptions(
                hugePages: conditions.usesHugePages
                    ? .inMemory : .none(megabytes: Self.megabytes(conditions, onHugePages: false)),
                mainCPU: request.clientCPUs.first, filePrefix: "wissel_tune_\(getpid())",
                extraArguments: ["--log-level=lib.eal:error"]))
        var ports: [(node: EthdevPort, client: EthdevPort)] = []
        defer {
            for pair in ports {
                pair.node.close()
                pair.client.close()
            }
        }
        var wires: [WirePair] = []
        for index in 0..<conditions.networkStages {
            let pair = try (
                node: EthdevPort(.ring("node\(index)"), configuration: nodePort),
                client: EthdevPort(.ring("client\(index)"), configuration: Self.clientPort)
            )
            ports.append(pair)
            wires.append(
                WirePair(pools: (pair.node.devices[0], pair.client.devices[0]), capacity: Self.descriptors))
        }
        let interfaces = conditions.queues.enumerated().flatMap { [Int](repeating: $0, count: $1) }
        let node = try TradingNode(
            configuration: configuration, plan: request.plan,
            queues: zip(wires, interfaces).map { .init(device: $0.device(0), interface: $1) }, clock: clock)
        // A stage that sleeps when idle gets along with a client on its CPU; one that polls there would leave it nothing.
        let precedence = SchedulingPrecedence(except: request.plan.idle == .shared ? [] : request.clientCPUs)
        try node.start(
            hooks: .init(
                onStart: {
                    precedence.take()
                    try EAL.registerThread()
                }, onStop: { EAL.unregisterThread() }))
        let outcome = Swift.Result {
            try measure(node, wires.indices.map { (wires[$0].device(1), ports[$0].node, interfaces[$0]) }, clock)
        }
        try node.stop()
        return try outcome.get()
    }

    /// The example, with as many interfaces, queues, sessions and shards as are asked for.
    private func configuration(journalFolder folder: String) throws -> NodeConfiguration {
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "measurement")
        configuration.acknowledgement = conditions.waitsForJournal ? .journaled : .matched
        configuration.priority = conditions.isStrict ? .strict : .arrival
        configuration.journal.directory = folder
        let example = configuration.interfaces[0]
        configuration.interfaces = conditions.queues.enumerated().map { index, queues in
            var interface = example
            interface.address = IPv4Address(rawValue: example.address.rawValue + UInt32(index))
            interface.queues = queues
            return interface
        }
        configuration.shards = conditions.shards
        let instrument = configuration.instruments[0]
        configuration.instruments = (0..<UInt32(conditions.shards)).map { number in
            var own = instrument
            own.specification.id += number
            own.specification.maximumOrders /= conditions.shards
            return own
        }
        configuration.feeds[0].group = example.address
        configuration.orderEntry.participants = [configuration.orderEntry.participants[0]]
        configuration.orderEntry.participants[0].sessions = Array(1...UInt32(max(conditions.networkStages, 1)))
        return configuration
    }

    /// Two phases, with a client on each CPU there is for one: as fast as the node answers, then at a set rate.
    private func measure(
        _ node: TradingNode, _ ends: [(wire: PacketDevice, port: EthdevPort, interface: Int)], _ clock: Clock
    ) throws -> MeasurementFigures {
        let configuration = node.configuration
        let sharesCPU = request.candidate.sharesCPUWithClients
        let clients = Array(zip(ends, request.clientCPUs).enumerated())
        let share = 1 / Double(max(clients.count, 1))
        let threads = clients.map { index, end in
            let address = configuration.interfaces[end.0.interface].address
            let mac = MACAddress(rawValue: end.0.port.macAddress)
            let (wire, feed) = (end.0.wire, configuration.feeds[0].port)
            return PinnedThread(cpu: end.1) {
                try Self.client(
                    wire, session: UInt32(index + 1), configuration, to: (address, mac), conditions, share: share,
                    sharesCPU: sharesCPU, feedPort: index == 0 ? feed : nil, node, clock)
            }
        }
        let outcomes = try threads.map { try $0.result() }
        var latencies = LatencyHistogram()
        for outcome in outcomes { latencies.add(outcome.paced.latencies) }
        let summary = latencies.summary
        let commands = outcomes.reduce(0) { $0 + $1.paced.commands }
        let answered = outcomes.reduce(0) { $0 + $1.paced.answered }
        guard answered > 0 else {
            let drops = node.statistics.dropsByReason.prefix(3).map { "\($0.reason.description) \(grouped($0.count))" }
            throw PacketBenchmark.Failure(
                description: "no order was answered at the set rate (commands: \(commands), session: "
                    + "\(outcomes[0].session), taken: \(node.statistics[.messagesReceived]), "
                    + "sent: \(node.statistics[.messagesSent]), dropped: \(drops.joined(separator: ", "))): "
                    + Self.stalled)
        }
        return MeasurementFigures(
            ordersPerSecond: outcomes.reduce(0) {
                $0 + Double($1.full.answeredInTime) / (Double(max($1.full.nanoseconds, 1)) / 1e9)
            }, packetsPerSecond: outcomes.map(\.packetsPerSecond).max() ?? 0, p50: summary.p50Nanoseconds,
            p99: summary.p99Nanoseconds, p999: summary.p999Nanoseconds, commands: commands,
            unanswered: commands - min(answered, commands))
    }

    private struct ClientOutcome: Sendable {
        var full: WireSide.Outcome
        var paced: WireSide.Outcome
        /// Of the whole node while this client sent.
        var packetsPerSecond: Double
        /// Where its session stands at the end.
        var session: String
    }

    private static func client(
        _ wire: PacketDevice, session: UInt32, _ configuration: NodeConfiguration,
        to address: (IPv4Address, MACAddress),
        _ conditions: MeasurementConditions, share: Double, sharesCPU: Bool, feedPort: UInt16?, _ node: TradingNode,
        _ clock: Clock
    ) throws -> ClientOutcome {
        let participant = configuration.orderEntry.participants[0]
        let host = configuration.interfaces[0].hostAddress ?? address.0
        func headers(port: UInt16) -> UDPTemplate {
            WireSide.headers(from: host, to: address.0, address.1, port: port)
        }
        var side = WireSide(
            device: wire, headers: headers(port: configuration.orderEntry.port),
            session: ClientSessionConfiguration(
                session: session, participant: participant.id,
                accessKey: EstablishRequest.InlineKey(participant.accessKey), sessionVersion: clock.now(),
                resendTimeoutNanoseconds: 500_000_000, windowCapacity: window),
            instruments: configuration.instruments.map(\.specification.id), clock: clock, yieldsWhenIdle: sharesCPU)
        guard side.establish(withinNanoseconds: 10_000_000_000) else {
            throw PacketBenchmark.Failure(description: "the node did not answer a client within 10 s: " + stalled)
        }
        var feed = BackgroundTraffic(.marketData, headers: headers(port: feedPort ?? 1), count: 4_096)
        let nanoseconds = UInt64(conditions.phaseSeconds * 1e9)
        // Caches and branch predictors know the way before it counts.
        _ = side.run(
            nanoseconds: nanoseconds / 10, ordersPerSecond: 1e9, background: &feed, backgroundPerSecond: 0)
        let before = node.statistics
        let start = clock.now()
        let full = side.run(nanoseconds: nanoseconds, ordersPerSecond: 1e9, background: &feed, backgroundPerSecond: 0)
        let after = node.statistics
        let seconds = Double(clock.now() &- start) / 1e9
        let packets =
            after[.framesReceived] &- before[.framesReceived] &+ (after[.framesSent] &- before[.framesSent])
        let paced = side.run(
            nanoseconds: nanoseconds, ordersPerSecond: conditions.ordersPerSecond * share, background: &feed,
            backgroundPerSecond: feedPort == nil ? 0 : conditions.marketDataPerSecond)
        return ClientOutcome(full: full, paced: paced, packetsPerSecond: Double(packets) / seconds, session: side.text)
    }
}
