import Ethdev
import Node
import Runtime
import Synchronization
import Wire

/// The node's own commands on DPDK's telemetry socket. They run on threads of telemetry and only read.
final class NodeTelemetry: Sendable {
    /// The node that answers; none before it started and after it ended.
    private struct Subject: @unchecked Sendable { var host: NodeHost? }
    private let subject = Mutex(Subject())

    private static let commands: [(name: String, help: String)] = [
        ("clock", "The clock: source, error bound, drift. No parameters"),
        ("cores", "The node's threads: rounds, long rounds. No parameters"),
        ("drops", "Packets and messages dropped, by reason. No parameters"),
        ("help", "The node's own commands. No parameters"),
        ("placement", "Cores, or one's memory. Parameters: none, or int core"),
        ("port", "A port: driver, link, counters. Parameters: int interface"),
        ("rings", "Records waiting between cores, and room. No parameters"),
        ("stats", "All counters of the node. No parameters"),
    ]

    /// From now on the commands are answered for `host`, which calls `end()` before it closes its ports.
    func begin(_ host: NodeHost) throws {
        subject.withLock { $0.host = host }
        for command in Self.commands {
            try Telemetry.answer("/wissel/\(command.name)", help: command.help) { [self] parameter in
                subject.withLock { subject in
                    subject.host.flatMap { Self.answer(command.name, parameter, $0) }
                }
            }
        }
    }

    /// Waits for an answer under way.
    func end() {
        subject.withLock { $0.host = nil }
        for command in Self.commands { Telemetry.silence("/wissel/\(command.name)") }
    }

    private static func answer(_ command: String, _ parameter: String?, _ host: NodeHost) -> Telemetry.Answer? {
        switch command {
        case "clock": host.discipline.status.entries
        case "cores": host.node.statistics.coreEntries
        case "drops": host.node.statistics.dropEntries
        case "help": commands.map { ($0.name, .text("/wissel/\($0.name): \($0.help)")) }
        case "placement": placement(parameter, host)
        case "port":
            parameter.flatMap { Int($0) }.flatMap { host.ports.indices.contains($0) ? host.ports[$0].entries : nil }
        case "rings": host.node.statistics.ringEntries
        default: host.node.statistics.counterEntries
        }
    }
}

extension NodeTelemetry {
    /// The cores of the plan; of one of them its CPU, the NICs it polls and where its memory lies.
    private static func placement(_ parameter: String?, _ host: NodeHost) -> Telemetry.Answer? {
        let cores = host.node.plan.cores
        guard let parameter else { return cores.enumerated().map { ("core\($0)", .text($1.name)) } }
        guard let index = Int(parameter), cores.indices.contains(index) else { return nil }
        let core = cores[index]
        var entries: Telemetry.Answer = [("core", .text(core.name))]
        if let cpu = core.cpu { entries.append(("cpu", .text("\(cpu)"))) }
        var regions = host.node.memoryRegions(of: core)
        var next = 0
        for port in host.ports {
            for queue in port.devices.indices {
                if core.stages.contains("network\(next)") {
                    if case .pci(let address) = port.specification { entries.append(("nic\(next)", .text(address))) }
                    regions += port.memoryRegions(queue: queue)
                }
                next += 1
            }
        }
        // An answer has room for 256: a pool in more pieces than that lies in pages of 4 KiB and is told in part.
        return entries
            + regions.prefix(240).enumerated().map { ("region\(String(1_000 + $0).dropFirst())", .text($1.text)) }
    }
}

extension NodeStatistics {
    fileprivate var counterEntries: Telemetry.Answer {
        var entries: Telemetry.Answer = []
        func add(_ name: String, _ value: UInt64) { entries.append((name, .number(value))) }
        for key in NetworkCounter.allCases {
            let isHighest = key == .orderLaneHighWater || key == .marketDataLaneHighWater
            add("\(key)", isHighest ? networks.map { $0[key] }.max() ?? 0 : self[key])
        }
        for key in EngineCounter.allCases { add("engine_\(key)", self[key]) }
        for (number, shard) in shards.enumerated() where shards.count > 1 {
            for key in ShardCounter.allCases { add("shard\(number)_\(key)", shard[key]) }
        }
        add("journal_records", journalRecords)
        add("journal_bytes", journalBytes)
        add("journal_durableSequence", durableSequence)
        add("journal_isAccepting", journalIsAccepting ? 1 : 0)
        add("dropped", dropped)
        for (index, feed) in feeds.enumerated() {
            entries.append(("feed\(index)_name", .text(feed.name)))
            for (name, value) in [
                ("packets", feed.packets), ("messages", feed.messages), ("gaps", feed.gaps), ("missing", feed.missing),
                ("duplicates", feed.duplicates), ("malformed", feed.malformed),
            ] { add("feed\(index)_\(name)", value) }
        }
        // An answer has room for 256: of 64 feeds the last ones are told by `wissel run` at its end.
        return Array(entries.prefix(256))
    }

    fileprivate var coreEntries: Telemetry.Answer {
        // An answer has room for 256.
        cores.prefix(40).flatMap { core in
            PollingCoreCounter.allCases.map { ("\(core.name)_\($0)", .number(core[$0])) } as Telemetry.Answer
        }
    }

    /// Every reason, dropped or not, so that the set of names never changes while a node runs.
    fileprivate var dropEntries: Telemetry.Answer {
        DropReason.allCases.map { reason in
            let name = reason.description.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
            return (String(name), .number(self[reason]))
        }
    }

    fileprivate var ringEntries: Telemetry.Answer {
        let rows: [(String, Int, Int)] = [
            ("orders", fill.orders, Limits.orderRingCapacity * networks.count),
            ("marketData", fill.marketData, Limits.marketDataRingCapacity * networks.count),
            ("reports", fill.reports, Limits.reportRingCapacity * networks.count),
            ("journal", fill.journal, Limits.journalRingCapacity),
            ("shards", fill.shards, Limits.shardCommandRingCapacity * shards.count),
        ]
        return rows.flatMap { name, waiting, capacity in
            [(name, .number(UInt64(waiting))), (name + "_capacity", .number(UInt64(capacity)))] as Telemetry.Answer
        }
    }
}

extension ClockStatus {
    fileprivate var entries: Telemetry.Answer {
        [
            ("source", .text(sourceText)), ("ticksPerSecond", .number(ticksPerSecond)),
            ("errorBoundNanoseconds", .number(errorBoundNanoseconds)),
            ("driftBoundPartsPerBillion", .number(driftBoundPartsPerBillion)),
            // Telemetry has no 64-bit integer with a sign.
            ("offsetNanoseconds", .text("\(offsetNanoseconds)")),
            ("driftPartsPerBillion", .text("\(driftPartsPerBillion)")), ("adjustments", .number(adjustments)),
            ("lateAdjustments", .number(lateAdjustments)), ("measuredAtNanoseconds", .number(measuredAtNanoseconds)),
        ]
    }

    /// For JSON.
    var object: [String: Any] {
        [
            "source": sourceText, "ticksPerSecond": ticksPerSecond, "errorBoundNanoseconds": errorBoundNanoseconds,
            "driftBoundPartsPerBillion": driftBoundPartsPerBillion, "offsetNanoseconds": offsetNanoseconds,
            "driftPartsPerBillion": driftPartsPerBillion, "adjustments": adjustments,
            "lateAdjustments": lateAdjustments, "measuredAtNanoseconds": measuredAtNanoseconds,
        ]
    }
}

extension EthdevPort {
    fileprivate var entries: Telemetry.Answer {
        let link = link()
        var entries: Telemetry.Answer = [
            ("device", .text("\(specification)")), ("driver", .text(driverName)), ("port", .number(UInt64(portID))),
            ("mac", .text("\(MACAddress(rawValue: macAddress))")), ("numaNode", .text("\(numaNode)")),
            ("queues", .number(UInt64(devices.count))), ("linkIsUp", .number(link.isUp ? 1 : 0)),
            ("linkMegabitsPerSecond", .number(UInt64(link.megabitsPerSecond ?? 0))),
            ("buffers", .number(UInt64(bufferCount))), ("buffersFree", .number(UInt64(availableBuffers))),
        ]
        if let mode = burstModes[0].receive { entries.append(("receiveBurstMode", .text(mode))) }
        if let mode = burstModes[0].transmit { entries.append(("transmitBurstMode", .text(mode))) }
        guard let counted = statistics() else { return entries }
        for (name, value) in [
            ("receivedPackets", counted.receivedPackets), ("receivedBytes", counted.receivedBytes),
            ("missedPackets", counted.missedPackets), ("receiveErrors", counted.receiveErrors),
            ("bufferShortages", counted.bufferShortages), ("transmittedPackets", counted.transmittedPackets),
            ("transmittedBytes", counted.transmittedBytes), ("transmitErrors", counted.transmitErrors),
        ] { entries.append((name, .number(value))) }
        return entries
    }
}
