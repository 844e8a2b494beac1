import Orders

/// Commands whose shards run on other cores: out in the order of the log, back in the order of the log.
extension EngineStage {
    /// Gives a sequenced command to its shards; `hasRoom` has said yes.
    mutating func dispatch(_ command: Command) {
        pipeline.push(command, into: &core)
        switch command.kind {
        // Until they are carried out, messages of the session mean something else.
        case .sessionEstablished, .sessionTerminated: pipeline.bar()
        default: break
        }
    }

    /// Takes what the shards have answered, as far as it is the next in order.
    /// - Returns: reports and commands taken, at most `Limits.reportsPerPoll`.
    mutating func retire() -> Int {
        var work = 0
        let tradesBefore = core.tradeCount
        while work < Limits.reportsPerPoll {
            if !pipeline.oldestHasBegun, !pipeline.isEmpty, !hasRoomForReports() {
                counters.add(.backpressure)
                break
            }
            switch pipeline.next(&core) {
            case .none:
                counters.add(.trades, core.tradeCount &- tradesBefore)
                checkpointIfDue()
                return work
            case .report(let report):
                send(report, possibleDuplicate: false)
                pipeline.releaseReport(core.currentShard)
                counters.add(.reports)
            case .finished(let command): follow(command)
            }
            work &+= 1
        }
        counters.add(.trades, core.tradeCount &- tradesBefore)
        checkpointIfDue()
        return work
    }

    /// A checkpoint is of all events before it, so it waits for those under way.
    private mutating func checkpointIfDue() {
        if commandsSinceCheckpoint >= Limits.commandsPerCheckpoint, pipeline.isEmpty, hasRoom() { checkpoint() }
    }

    /// When the venue's clock must run, as far as the shards have said.
    @inline(__always) var nextDeadlineNanoseconds: UInt64 {
        pipeline.isInline ? core.nextDeadlineNanoseconds : pipeline.nextDeadlineNanoseconds
    }
}
