import OrderEntry
import Orders

/// The sequencer: each command gets its number and its time once, goes into the log, and is carried out.
extension EngineStage {
    /// Number and time, then the log. Gives back the command as it was logged.
    private mutating func sequence(_ unsequenced: Command, now: UInt64) -> Command {
        var command = unsequenced
        command.sequence = core.sequence &+ 1
        command.timestampNanoseconds = max(now, core.timestampNanoseconds)
        // `hasRoom` saw space for terms, the command and a checkpoint before the message was taken.
        let isLogged = journal.push(command)
        assert(isLogged, "the journal ring was full although room had been seen")
        return command
    }

    /// Sequences terms, which precede their command and are no command of their own: nothing may come between the two
    /// records.
    mutating func note(_ terms: Command, now: UInt64) { core.note(sequence(terms, now: now)) }

    /// Sequences a command and carries it out, with what follows from it; or gives it to its shards, and what follows
    /// comes when they have answered.
    mutating func execute(_ unsequenced: Command, now: UInt64) {
        let command = sequence(unsequenced, now: now)
        counters.add(.commands)
        if pipeline.isInline {
            carryOut(command)
        } else {
            dispatch(command)
        }
    }

    private mutating func carryOut(_ command: Command) {
        let (tradesBefore, reportsBefore) = (core.tradeCount, core.reportCount)
        core.apply(command)
        counters.add(.trades, core.tradeCount &- tradesBefore)
        counters.add(.reports, core.reportCount &- reportsBefore)
        var rest = core.applied
        while !rest.isEmpty {
            let sink = core.shards[rest.first].pointee.sink
            for index in 0..<sink.count where sink.base[index].kind != .none {
                send(sink.base + index, possibleDuplicate: false)
            }
            rest.removeFirst()
        }
        follow(command)
    }

    /// What the sequencer does when a command's reports have been sent.
    mutating func follow(_ command: Command) {
        if command.kind == .checkpoint { return }
        let gate = gated ? command.sequence : 0
        if command.kind == .sessionEstablished {
            grant(session: command.session)
            core.sessions.acknowledge(session: command.session, gate: gate, replies: &replies)
        } else if command.kind == .sessionTerminated {
            let isFinished = TerminationReason(of: command) == .finished
            endGrant(session: command.session, isFinished ? .ended : .lost)
            core.sessions.close(command, gate: gate, replies: &replies)
        } else if command.session == 0, command.clientSequence != 0 {
            // The venue's: its own commands alone have a number and no session.
            tellVenue(
                ExecutionReport(kind: .none, sequence: command.sequence, clientSequence: command.clientSequence))
        }
        sendReplies()
        commandsSinceCheckpoint &+= 1
        if commandsSinceCheckpoint < Limits.commandsPerCheckpoint { return }
        // Shards on other cores have more under way.
        if pipeline.isInline { checkpoint() } else { pipeline.bar() }
    }

    /// Writes the hash of all events so far into the log, so that a replay can tell where it parted. Nothing may be under
    /// way.
    mutating func checkpoint() {
        var command = Command(kind: .checkpoint)
        command.clientOrderID = core.events.value
        commandsSinceCheckpoint = 0
        let logged = sequence(command, now: core.timestampNanoseconds)
        if pipeline.isInline { carryOut(logged) } else { dispatch(logged) }
    }
}
