import Orders

/// The way back: answers in the order of the log, whichever shard was ready first.
extension ShardPipeline {
    enum Answer {
        /// The next in order is not there yet.
        case none
        /// The next of the stream, numbered and kept; it stands in its shard's ring until `releaseReport`.
        case report(UnsafeMutablePointer<ExecutionReport>)
        /// All shards have answered the oldest command, which is under way no longer.
        case finished(Command)
    }

    /// What is next: of one command the reports of its first shard, then of its second. So the stream is the one that a
    /// single core would make.
    mutating func next(_ core: inout EngineCore) -> Answer {
        guard let oldest = oldest() else { return .none }
        if !oldestHasBegun {
            core.begin(oldest.pointee.command, oldest.pointee.shards)
            oldestHasBegun = true
        }
        while let report = links[core.currentShard].reports.peek() {
            if report.pointee.kind != .none {
                if core.take(report) { return .report(report) }
                releaseReport(core.currentShard)
                continue
            }
            assert(report.pointee.sequence == oldest.pointee.command.sequence, "a shard answered out of turn")
            deadlines[core.currentShard] = report.pointee.timestampNanoseconds
            releaseReport(core.currentShard)
            if core.advance() { continue }
            let command = oldest.pointee.command
            removeOldest()
            return .finished(command)
        }
        return .none
    }

    /// Gives the place of the report taken last back to its shard.
    func releaseReport(_ shard: Int) { links[shard].reports.release() }
}
