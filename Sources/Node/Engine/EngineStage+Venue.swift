import Orders

/// What no client asked for: the venue's commands, and what is due by time.
extension EngineStage {
    /// One command of the venue per poll: they are rare, and an auction is work enough.
    mutating func runVenue(now: UInt64) -> Int {
        guard let waiting = venue.commands.peek() else { return 0 }
        guard hasRoom() else {
            counters.add(.backpressure)
            return 0
        }
        let command = waiting.pointee
        venue.commands.release()
        guard journalState.isAccepting else {
            counters.add(.refusedByJournal)
            tellVenue(ExecutionReport(kind: .none, clientSequence: command.clientSequence))
            return 1
        }
        execute(command, now: now)
        return 1
    }

    /// Sequences the venue's clock when something is due. A replay finds the command in the log.
    mutating func runDeadlines(now: UInt64) -> Int {
        // A market whose journal stands still stands still too.
        guard nextDeadlineNanoseconds <= now, journalState.isAccepting, hasRoom() else { return 0 }
        execute(Command(kind: .timer), now: now)
        return 1
    }

    /// Hands a report of session 0 to the control thread. Nobody waits for that thread: what does not fit is counted.
    func tellVenue(_ report: ExecutionReport) {
        if !venue.reports.push(report) { counters.add(.venueReportsLost) }
    }
}
