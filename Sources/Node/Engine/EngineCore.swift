import OrderEntry
import Orders

/// The deterministic inside of the node: the result of a command depends on the log alone, not on the cores its shards run on.
///
/// The live engine stage and a replay apply the same commands through this one type and must end with the same hashes.
/// `apply` does all on the calling thread. Where shards have cores of their own, the stage takes the same steps one by one:
/// `note`, then the shards, then `begin`, `take` and `advance` in the order of the log. No clock, no I/O, no allocation
/// after `init`.
public struct EngineCore: ~Copyable {
    var sessions: SessionTable
    let shards: ShardTable
    let router: ShardRouter
    private var ledger = EventLedger()
    /// The shards of the last command applied; their sinks hold its reports.
    private(set) var applied = ShardSet.none
    /// A record of kind `terms` that waits for its order, which knows the shard; else of kind `none`.
    private var terms = Command(kind: .none)
    /// Sequence of the last command noted; 0 before the first.
    public private(set) var sequence: UInt64 = 0
    public private(set) var timestampNanoseconds: UInt64 = 0

    /// - Parameter beforeShard: called before the memory of each shard is taken, with its number.
    public init(
        configuration: NodeConfiguration, authenticator: any SessionAuthenticator,
        beforeShard: (Int) -> Void = { _ in }
    ) {
        sessions = SessionTable(
            configurations: configuration.sessionConfigurations, reportHistoryCapacity: Limits.reportHistoryCapacity,
            acknowledgementMode: configuration.acknowledgement.rawValue, authenticator: authenticator)
        router = ShardRouter(
            shards: configuration.instruments.enumerated().map {
                ($1.specification.id, configuration.shard(ofInstrumentAt: $0))
            }, count: configuration.shards)
        shards = ShardTable(configuration: configuration, beforeShard: beforeShard)
    }

    deinit {
        ledger.deallocate()
        router.deallocate()
        shards.deallocate()
    }

    /// Applies the next command of the log; afterwards the sinks of the shards `applied` hold its reports, in order, those
    /// left out of the stream with kind `none`.
    ///
    /// The command must carry the next sequence number and a timestamp not before the last one's.
    public mutating func apply(_ command: Command) {
        note(command)
        applied = .none
        guard command.kind != .terms else { return }
        applied = router.shards(of: command)
        if terms.kind == .terms {
            let own = takeTerms(for: command)
            if own.kind == .terms { shards[applied.first].pointee.apply(own) }
        }
        begin(command, applied)
        repeat {
            let shard = shards[currentShard]
            shard.pointee.carryOut(command)
            let sink = shard.pointee.sink
            for index in 0..<sink.count {
                let report = sink.base + index
                shard.pointee.observe(report, of: command)
                if !take(report) { report.pointee.kind = .none }
            }
        } while advance()
    }

    /// Whether `lookAhead` does anything: several shards would each look at commands of all.
    var looksAhead: Bool { shards.count == 1 && shards[0].pointee.looksAhead }

    /// Fetches what a burst of commands will need, before they are applied one by one; changes nothing else.
    mutating func lookAhead(_ commands: UnsafeBufferPointer<Command>) {
        if looksAhead { shards[0].pointee.lookAhead(commands) }
    }

    // MARK: Step by step

    /// Takes notice of the next command of the log.
    mutating func note(_ command: Command) {
        sequence = command.sequence
        timestampNanoseconds = command.timestampNanoseconds
        if command.kind == .terms { terms = command }
    }

    /// The terms that the command's shard must see first; of kind `none` when there are none. They are handed out once.
    mutating func takeTerms(for command: Command) -> Command {
        guard terms.kind == .terms else { return terms }
        let own = terms
        terms = Command(kind: .none)
        return router.shards(of: command).isSingle ? own : terms
    }

    /// The reports of a command begin: all before it are taken.
    mutating func begin(_ command: Command, _ shards: ShardSet) {
        sessions.applied(command)
        ledger.begin(shards)
    }

    /// Puts the next report of the current shard into the stream: numbers it, keeps it, hashes it. False: it is left out.
    mutating func take(_ report: UnsafeMutablePointer<ExecutionReport>) -> Bool {
        guard ledger.settle(report) else { return false }
        sessions.record(report)
        ledger.combine(report.pointee)
        return true
    }

    /// On to the command's next shard; false when there is none.
    mutating func advance() -> Bool { ledger.advance() }

    /// Shard whose reports are to be taken now.
    var currentShard: Int { ledger.shard }

    // MARK: State

    /// Hash over all reports since the start of the log.
    public var events: StateHash { ledger.events }
    public var reportCount: UInt64 { ledger.reportCount }
    public var tradeCount: UInt64 { ledger.tradeCount }

    /// When the engine has something to do by itself, nanoseconds since the Unix epoch; `UInt64.max`: never.
    var nextDeadlineNanoseconds: UInt64 { shards.nextDeadlineNanoseconds }

    /// Hash of everything the next command's result can depend on: books, risk references, sessions, and the position
    /// in the log. Only while no other core runs a shard.
    public func stateHash() -> UInt64 {
        var hash = StateHash()
        hash.combine(sequence)
        hash.combine(events.value)
        if terms.kind == .terms { hash.combine(terms.sequence) }
        shards.combine(into: &hash)
        sessions.combine(into: &hash)
        return hash.value
    }

    public var liveOrderCount: Int { shards.liveOrderCount }
}
