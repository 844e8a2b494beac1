import Orders
import Runtime

/// A log of commands carried out with the shards on threads of their own, without network and journal: what the engine
/// stage does between the two. The result must be that of `EngineCore.apply`.
///
/// For one thread. Waits, where the engine stage would take nothing more.
public struct ShardRun: ~Copyable {
    private var core: EngineCore
    private var pipeline: ShardPipeline
    private let links: [ShardLink]
    private let stages: UnsafeMutablePointer<ShardStage>
    private let threads: [PollingCore]
    private let receive: (ExecutionReport) -> Void

    /// - Parameters:
    ///   - threads: 1 or more; the shards are dealt out to them by turns.
    ///   - receive: gets every report, as it stands in the stream.
    public init(
        core: consuming EngineCore, threads count: Int, clock: Clock,
        receive: @escaping (ExecutionReport) -> Void = { _ in }
    ) throws {
        let shards = core.shards
        let shardCount = shards.count
        links = (0..<shardCount).map { _ in ShardLink() }
        pipeline = ShardPipeline(links: links, shards: shards)
        let stages = UnsafeMutablePointer<ShardStage>.allocate(capacity: shardCount)
        for number in 0..<shardCount {
            (stages + number).initialize(to: ShardStage(shard: shards[number], link: links[number]))
        }
        self.stages = stages
        threads = (0..<min(count, shardCount)).map { turn in
            let own = stride(from: turn, to: shardCount, by: count).map { ShardStage.handle(at: stages + $0) }
            return PollingCore(name: "matching\(turn)", cpu: nil, stages: own, idle: .yield, clock: clock)
        }
        self.core = core
        self.receive = receive
        for thread in threads { try thread.start() }
    }

    deinit {
        for thread in threads { thread.requestStop() }
        for thread in threads { thread.join() }
        stages.deinitialize(count: links.count)
        stages.deallocate()
        pipeline.deallocate()
        for link in links { link.deallocate() }
    }

    /// Gives the next command of the log to its shards.
    public mutating func apply(_ command: Command) {
        guard command.kind != .terms else {
            core.note(command)
            return
        }
        while !pipeline.hasRoom() { retire() }
        pipeline.push(command, into: &core)
        retire()
    }

    /// Waits for all that is under way, then tells the state hash and the hash over all reports.
    public mutating func finish() -> (state: UInt64, events: UInt64) {
        while !pipeline.isEmpty { retire() }
        for thread in threads { thread.requestStop() }
        for thread in threads { thread.join() }
        return (core.stateHash(), core.events.value)
    }

    private mutating func retire() {
        while true {
            switch pipeline.next(&core) {
            case .none: return
            case .finished: continue
            case .report(let report):
                receive(report.pointee)
                pipeline.releaseReport(core.currentShard)
            }
        }
    }
}
