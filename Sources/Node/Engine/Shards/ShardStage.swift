import Orders
import Runtime

/// Runs one shard on a core that is not the sequencer's: commands in, reports and end marks out, in order.
struct ShardStage: ~Copyable, Stage {
    private let shard: UnsafeMutablePointer<EngineShard>
    private let link: ShardLink
    /// The command whose reports are on their way; 0: none is.
    private var sequence: UInt64 = 0
    /// Reports of it that the ring has taken.
    private var sent = 0

    /// - Parameter shard: stays the engine's; nobody else may touch it while this stage is polled.
    init(shard: UnsafeMutablePointer<EngineShard>, link: ShardLink) {
        self.shard = shard
        self.link = link
    }

    mutating func poll(now: UInt64) -> Int {
        var work = 0
        // The reports of one command can be more than the ring holds: they go first, as there is room.
        while sequence == 0 || send() {
            guard work < Limits.shardCommandsPerPoll, let waiting = link.commands.peek() else { return work }
            if work == 0 { shard.pointee.lookAhead(link.commands.peek(maximumCount: Limits.shardCommandsPerPoll)) }
            shard.pointee.apply(waiting.pointee)
            if waiting.pointee.kind != .terms { sequence = waiting.pointee.sequence }
            link.commands.release()
            work &+= 1
        }
        shard.pointee.counters.add(.ringFull)
        return work
    }

    /// Whether everything of the command has gone, the end mark too.
    private mutating func send() -> Bool {
        let count = shard.pointee.sink.count
        if sent < count { sent &+= link.reports.push(from: shard.pointee.sink.base + sent, count: count &- sent) }
        guard sent == count else { return false }
        let end = ExecutionReport(
            kind: .none, sequence: sequence, timestampNanoseconds: shard.pointee.nextDeadlineNanoseconds)
        guard link.reports.push(end) else { return false }
        sequence = 0
        sent = 0
        return true
    }

    static func handle(at stage: UnsafeMutablePointer<ShardStage>) -> StageHandle {
        StageHandle(name: "matching", context: stage) { context, now in
            context.assumingMemoryBound(to: ShardStage.self).pointee.poll(now: now)
        }
    }
}
