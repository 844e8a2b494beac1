import Foundation
import LoadClient
import Node
import Runtime

/// The course of the demonstration: node up, four phases, node down, replay, compare.
struct Demonstration {
    struct Options {
        var seconds: Double
        var rate: Double
        var feedRate: Double?
        var seed: UInt64
        var faults: Double
        /// Where the JSON goes; the course is told elsewhere.
        var json: String?
    }

    private struct Plan {
        var priority: NodeConfiguration.PriorityMode
        var feed: Int?
        var title: String
    }

    private let configuration: NodeConfiguration
    private let tape: FeedTape
    private let options: Options
    private let plans = [
        Plan(priority: .strict, feed: nil, title: "orders first"),
        Plan(priority: .strict, feed: 0, title: "orders first, flood"),
        Plan(priority: .arrival, feed: nil, title: "by arrival"),
        Plan(priority: .arrival, feed: 1, title: "by arrival, flood"),
    ]

    init(configuration: NodeConfiguration, tape: FeedTape, options: Options) {
        self.configuration = configuration
        self.tape = tape
        self.options = options
    }

    mutating func run() throws -> DemoReport {
        let host = try NodeHost(configuration: configuration)
        defer { host.close() }
        for line in host.startLines { narrate(line, json: options.json) }
        narrate("flood:    \(tape.title), \(grouped(tape.count)) datagrams", json: options.json)
        try host.start()
        var phases: [DemoReport.Phase] = []
        for (index, plan) in plans.enumerated() {
            phases.append(try play(plan, session: UInt32(index + 1), host: host))
        }
        try host.stop()
        let live = hexadecimal(host.node.stateHash())
        let statistics = host.node.statistics
        let replayed = try Replay.run(configuration: configuration)
        let replay = DemoReport.Replay(
            records: replayed.records, bytes: statistics.journalBytes, recordsPerSecond: replayed.recordsPerSecond,
            liveStateHash: live, replayedStateHash: hexadecimal(replayed.stateHash), checkpoints: replayed.checkpoints)
        var report = DemoReport(
            device: configuration.interfaces[0].device, memory: host.memoryDescription,
            clock: host.discipline.status.text,
            journalMode: host.journalDescription, feed: tape.title, phases: phases, replay: replay, failures: [])
        report.failures = failures(report)
        return report
    }

    // MARK: A phase

    private func play(_ plan: Plan, session: UInt32, host: NodeHost) throws -> DemoReport.Phase {
        host.node.setPriority(plan.priority)
        let before = host.node.statistics
        var flood: FloodPlayer?
        if let feed = plan.feed {
            let configured = configuration.feeds[feed]
            flood = FloodPlayer(
                tape: tape, datagramsPerSecond: options.feedRate ?? Double(tape.count) / options.seconds,
                destination: try SocketAddress("\(configured.group)", port: configured.port), interface: hostAddress,
                clock: host.clock)
        }
        var live = LiveLine(isOn: isTerminal(STDOUT_FILENO) && options.json != "-")
        let orders = try LoadRun(options: loadOptions(session: session)).run(progress: { _ in
            live.show(host.node.statistics, now: host.clock.now(), title: plan.title + ": ")
        })
        let outcome = flood?.finish()
        if let failure = outcome?.failure { throw LoadFailure(description: failure) }
        settle(host: host, feed: plan.feed, from: before)
        live.finish()
        let after = host.node.statistics
        let seen = plan.feed.map { after.feeds[$0] }
        var drops: [String: UInt64] = [:]
        for (reason, count) in after.dropsByReason where count > before[reason] {
            drops["\(reason)"] = count - before[reason]
        }
        narrate(
            "\(plan.title): \(grouped(orders.answers.acknowledged)) of \(grouped(orders.sent.total)) commands answered, "
                + "p50 \(duration(nanoseconds: orders.roundTrip.p50Nanoseconds))"
                + (seen.map { ", \(grouped($0.packets)) packets and \(grouped($0.messages)) messages of market data" }
                    ?? ""),
            json: options.json)
        return DemoReport.Phase(
            priority: plan.priority.rawValue, flooded: plan.feed != nil, orders: orders,
            floodOffered: outcome?.offered ?? 0, floodPackets: seen?.packets ?? 0, floodMessages: seen?.messages ?? 0,
            floodMissing: seen?.missing ?? 0, dropsByReason: drops)
    }

    /// Waits until the node has worked off what the flood left in its rings, a second at most.
    private func settle(host: NodeHost, feed: Int?, from before: NodeStatistics) {
        guard let feed else { return }
        for _ in 0..<20 {
            let seen = host.node.statistics.feeds[feed].packets
            usleep(50_000)
            if host.node.statistics.feeds[feed].packets == seen { return }
        }
    }

    private var hostAddress: String { configuration.interfaces[0].hostAddress.map { "\($0)" } ?? "0.0.0.0" }

    private func loadOptions(session: UInt32) throws -> LoadOptions {
        let participant = configuration.orderEntry.participants[0]
        var load = LoadOptions(
            node: try SocketAddress("\(configuration.interfaces[0].address)", port: configuration.orderEntry.port),
            local: try SocketAddress(hostAddress, port: 0), session: session,
            participant: participant.id, accessKey: participant.accessKey.filter { $0 != 0 })
        load.pace = .openLoop(ratePerSecond: options.rate)
        load.orders = UInt64(max(1, options.rate * options.seconds))
        load.seed = options.seed
        // The client shares the machine with the node: it sleeps while nothing is due, so that the disk's kernel threads run.
        load.idle = .sleep
        load.flow.instrument = configuration.instruments[0].specification.id
        load.flow.midPriceTicks = configuration.instruments[0].specification.referencePrice
        load.isSoleParticipant = true
        load.cancelsOnDisconnect = true
        load.sendFaults = LinkFaultOptions(
            dropShare: options.faults, duplicateShare: options.faults, reorderShare: options.faults)
        load.receiveFaults = load.sendFaults
        if let problem = load.problem { throw LoadFailure(description: problem) }
        return load
    }

    // MARK: Judging

    /// Everything that must hold and did not.
    private func failures(_ report: DemoReport) -> [String] {
        var failures: [String] = []
        for (plan, phase) in zip(plans, report.phases) {
            if !phase.orders.hasPassed {
                failures.append("\(plan.title): \(phase.orders.violations.joined(separator: "; "))")
            }
            if phase.flooded, phase.floodMissing > 0 || phase.floodPackets < phase.floodOffered {
                failures.append(
                    "\(plan.title): \(grouped(phase.floodPackets)) of \(grouped(phase.floodOffered)) market-data packets "
                        + "arrived: the flood is faster than this machine's TAP device; lower --feed-rate")
            }
        }
        if !report.replay.isEqual {
            failures.append("the replayed state differs from the live one: \(report.replay.replayedStateHash)")
        }
        return failures
    }

    struct LoadFailure: Error, CustomStringConvertible { var description: String }
}
