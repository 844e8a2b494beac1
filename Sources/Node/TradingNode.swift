import Edge
import Journal
import NetStack
import OrderEntry
import Orders
import Runtime
import Synchronization
import Wire

/// The node: configuration → limits → stages → cores → life cycle. Assembly only; the work is in the stages.
///
/// Life: `init` (opens the journal, replays what it holds, builds stages and rings) → `start` (cores run) → `stop`
/// (cores end in order, everything accepted is durable, reports have left). Instead of `start`, a test or a simulation
/// calls `poll(now:)` on its own thread. Not thread-safe; statistics may be read from any thread.
public final class TradingNode: @unchecked Sendable {
    /// A queue pair the node polls, and the interface of the configuration it belongs to.
    public struct Queue: Sendable {
        public var device: PacketDevice
        public var interface: Int
        public var contents: Contents

        public init(device: PacketDevice, interface: Int, contents: Contents = .everything) {
            self.device = device
            self.interface = interface
            self.contents = contents
        }

        /// What the device leads to a queue.
        public enum Contents: Sendable {
            /// Orders among the rest. It is emptied at each poll, so that an order is found behind a flood.
            case everything
            /// All orders, and the rest only where the device cannot keep it out. Polled before the others of its core.
            case orders
            /// No orders. What a poll does not take waits, or is missed by the device.
            case others
        }
    }

    /// What the host of the node does around its polling threads (DPDK registers them as lcores).
    public struct ThreadHooks: Sendable {
        public var onStart: (@Sendable () throws -> Void)?
        public var onStop: (@Sendable () -> Void)?

        public init(onStart: (@Sendable () throws -> Void)? = nil, onStop: (@Sendable () -> Void)? = nil) {
            self.onStart = onStart
            self.onStop = onStop
        }
    }

    public let configuration: NodeConfiguration
    public let plan: CorePlan
    /// What was found in the journal at start; nil when it was new.
    public let recovery: ReplayResult?

    private let clock: Clock
    let networks: UnsafeMutablePointer<NetworkStage>
    let networkCount: Int
    private let shards: UnsafeMutablePointer<ShardStage>
    /// Shards with stages of their own: all, or none.
    private let shardCount: Int
    let engine: UnsafeMutablePointer<EngineStage>
    let marketData: UnsafeMutablePointer<MarketDataStage>
    let journal: UnsafeMutablePointer<JournalWriter>
    private let priority: PriorityControl
    private var filter: FilterPublisher
    let rings: RingSet
    private(set) var cores: [PollingCore] = []

    public init(
        configuration: NodeConfiguration, plan: CorePlan, queues: [Queue], clock: Clock,
        authenticator: any SessionAuthenticator = AccessKeyAuthenticator()
    ) throws {
        precondition(!queues.isEmpty && queues.count <= Limits.maximumNetworkStages, "a node needs 1…64 queue pairs")
        self.configuration = configuration
        self.clock = clock
        // A plan somebody wrote is kept as it is written.
        let first = queues.indices.filter { queues[$0].contents == .orders }.map { "network\($0)" }
        self.plan = configuration.cores.plan.isEmpty ? plan.polling(first: first) : plan
        let shardStages = configuration.shardStages.filter { plan.core(ofStage: $0) != nil }
        precondition(
            shardStages.isEmpty || shardStages.count == configuration.shards,
            "a core plan names all shards of a node or none")

        // Everything that can fail comes before memory is given to stages.
        let tables = try queues.enumerated().map { index, queue in
            try NetworkTables(
                configuration, interface: queue.interface, device: queue.device,
                announces: queues.firstIndex { $0.interface == queue.interface } == index)
        }
        filter = try FilterPublisher(
            rules: configuration.filter, scope: FilterScope(configuration), stages: queues.count)
        // What a stage works on comes from the NUMA node of its core.
        let policy = NUMA.MemoryPolicy()
        let placement = self.plan
        defer { policy.restore() }
        func settle(_ stage: String) { policy.prefer(near: placement.core(ofStage: stage)?.cpu) }

        settle("engine")
        var core = EngineCore(configuration: configuration, authenticator: authenticator) { number in
            settle(shardStages.isEmpty ? "engine" : shardStages[number])
        }
        settle("engine")
        let recovered = try Replay.recover(directory: configuration.journal.directory, into: &core)
        recovery = recovered
        rings = RingSet(networkStages: queues.count, shardStages: shardStages, plan: placement)
        settle("journal")
        var settings = JournalConfiguration(directory: configuration.journal.directory, epoch: clock.now())
        settings.segmentByteCount = configuration.journal.segmentMegabytes << 20
        // A core that may sleep gives the CPU away anyway; one that busy-polls must, or the write never ends there.
        settings.yieldsWhileWriting = true
        journal = .allocate(capacity: 1)
        journal.initialize(to: try JournalWriter(configuration: settings, input: rings.commands))
        let journalState = journal.pointee.sharedState

        venue = VenueDesk(link: rings.venue, journal: journalState, acknowledgement: configuration.acknowledgement)
        priority = PriorityControl(configuration.priority)
        networkCount = queues.count
        networks = .allocate(capacity: queues.count)
        for (index, queue) in queues.enumerated() {
            settle("network\(index)")
            (networks + index).initialize(
                to: NetworkStage(
                    tables: tables[index], filter: filter.handover(index), device: queue.device,
                    contents: queue.contents, engine: rings.links[index], marketData: rings.marketData[index],
                    journal: journalState, priority: priority))
        }
        shardCount = shardStages.count
        shards = .allocate(capacity: max(shardCount, 1))
        for number in 0..<shardCount {
            (shards + number).initialize(to: ShardStage(shard: core.shards[number], link: rings.shards[number]))
        }
        settle("engine")
        engine = .allocate(capacity: 1)
        engine.initialize(
            to: EngineStage(
                core: core, links: rings.links, shards: rings.shards, venue: rings.venue, journal: rings.commands,
                journalState: journalState, acknowledgement: configuration.acknowledgement))
        settle("marketData")
        marketData = .allocate(capacity: 1)
        marketData.initialize(
            to: MarketDataStage(
                links: queues.enumerated().map { .init(packets: rings.marketData[$0], device: $1.device) },
                feedCount: configuration.feeds.count))
    }

    deinit {
        precondition(cores.isEmpty, "a node was dropped while its cores ran: call stop() first")
        networks.deinitialize(count: networkCount)
        networks.deallocate()
        shards.deinitialize(count: shardCount)
        shards.deallocate()
        engine.deinitialize(count: 1)
        engine.deallocate()
        marketData.deinitialize(count: 1)
        marketData.deallocate()
        journal.deinitialize(count: 1)
        journal.deallocate()
        priority.deallocate()
        rings.deallocate()
    }

    // MARK: Life cycle

    /// Starts a pinned thread per core of the plan.
    public func start(hooks: ThreadHooks = ThreadHooks()) throws {
        precondition(cores.isEmpty, "a node was started twice")
        do {
            for row in plan.cores {
                let core = PollingCore(
                    name: row.name, cpu: row.cpu, stages: row.stages.map(handle(ofStage:)),
                    idle: row.idle ?? plan.idle,
                    clock: clock, onStart: hooks.onStart, onStop: hooks.onStop)
                try core.start()
                cores.append(core)
            }
        } catch {
            stopCores()
            throw error
        }
    }

    /// Whether the threads of the plan run.
    public var isRunning: Bool { !cores.isEmpty }

    /// Ends the cores, then finishes on the calling thread what was under way: commands taken are sequenced, the
    /// journal is on the disk, reports have left as far as the device takes them.
    /// - Throws: `JournalError.notDurable` when the disk did not take everything in time.
    public func stop() throws(JournalError) {
        stopCores()
        let deadline = clock.now() &+ Limits.stopNanoseconds
        for index in 0..<networkCount { networks[index].leaveGroups(now: clock.now()) }
        // The last checkpoint is of all events, so no shard may have any to come.
        while !engine.pointee.pipeline.isEmpty, clock.now() < deadline { _ = poll(now: clock.now()) }
        if engine.pointee.pipeline.isEmpty { engine.pointee.checkpoint() }
        while clock.now() < deadline {
            if poll(now: clock.now()) == 0, engine.pointee.pipeline.isEmpty, journal.pointee.isIdle { break }
        }
        defer {
            for index in 0..<networkCount { networks[index].close() }
            marketData.pointee.close()
        }
        try journal.pointee.close(now: clock.now())
        for index in 0..<networkCount { _ = networks[index].poll(now: clock.now()) }
    }

    /// One round of all stages on the calling thread, in the order of the packet; for tests and simulations.
    /// - Parameters:
    ///   - marketDataStalls: leaves that stage out, as when its core hangs.
    ///   - stalledShard: leaves the stage of that shard out.
    public func poll(now: UInt64, marketDataStalls: Bool = false, stalledShard: Int? = nil) -> Int {
        var work = 0
        for index in 0..<networkCount { work += networks[index].poll(now: now) }
        work += engine.pointee.poll(now: now)
        for number in 0..<shardCount where number != stalledShard { work += shards[number].poll(now: now) }
        if !marketDataStalls { work += marketData.pointee.poll(now: now) }
        work += journal.pointee.poll(now: now)
        return work
    }

    private func stopCores() {
        for core in cores { core.requestStop() }
        for core in cores { core.join() }
        cores = []
    }

    private func handle(ofStage name: String) -> StageHandle {
        switch name {
        case "engine": EngineStage.handle(at: engine)
        case "marketData": MarketDataStage.handle(at: marketData)
        case "journal": JournalWriter.handle(at: journal)
        case _ where name.hasPrefix("matching"):
            ShardStage.handle(at: shards + (Int(name.dropFirst("matching".count)) ?? 0))
        default: NetworkStage.handle(at: networks + (Int(name.dropFirst("network".count)) ?? 0))
        }
    }

    // MARK: Control and state

    /// The venue's way to the engine; for one thread.
    public let venue: VenueDesk

    /// Switches between strict priority and order of arrival while the node runs.
    public func setPriority(_ mode: NodeConfiguration.PriorityMode) { priority.set(mode) }

    /// The filter rules in force.
    public var filterRules: FilterRules { filter.rules }

    /// Puts filter rules into force while the node runs: each network stage takes them over at its next poll, and no packet
    /// is lost over it. Grants and buckets stay. The thread that started the node.
    /// - Throws: what is wrong with the rules; then those before stay in force.
    public func setFilter(_ rules: FilterRules) throws(FilterRulesError) { try filter.publish(rules) }

    /// The rings that should lie on the NUMA node of a core of the plan. Any thread.
    public func memoryRegions(of core: CorePlan.Core) -> [MemoryRegion] {
        core.stages.flatMap { rings.regions(ofStage: $0) }
    }

    /// Hash of the engine's state. Only while no core runs (before `start`, after `stop`).
    public func stateHash() -> UInt64 {
        precondition(cores.isEmpty, "the state hash was asked for while cores ran")
        return engine.pointee.core.stateHash()
    }

    /// How the journal reaches the disk.
    public var journalMode: JournalMode { journal.pointee.mode }
    public var journalModeReason: String { journal.pointee.modeReason }

    /// Sequence of the last command. Only while no core runs.
    public var sequence: UInt64 { engine.pointee.core.sequence }
}
