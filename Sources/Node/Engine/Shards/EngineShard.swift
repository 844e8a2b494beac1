import Matching
import Orders
import Risk
import Runtime

/// A set of instruments with all that the result of their commands depends on: the books, and the risk references that
/// trades move. So it does not matter when another shard gets on, or on which core.
///
/// One thread; no clock, no I/O, no allocation after `init` except for instruments listed later.
struct EngineShard: ~Copyable {
    private var risk: RiskGate
    private var matching: MatchingEngine
    /// The reports of the last command.
    private(set) var sink: ReportSink
    let counters: CounterBlock<ShardCounter>

    /// - Parameters:
    ///   - instruments: of this shard, one or more.
    ///   - limitsOfListed: what an instrument gets that is listed while the node runs.
    init(
        instruments: [NodeConfiguration.Instrument], limitsOfListed: RiskLimits, firms: [UInt32: UInt32]
    ) {
        let specifications = instruments.map(\.specification)
        risk = RiskGate(
            instruments: instruments.map { ($0.specification, $0.risk) }, spareInstruments: Limits.spareInstruments,
            limitsOfListed: limitsOfListed)
        let orders = specifications.map { $0.maximumOrders * ($0.secondAllocation == nil ? 1 : 2) }
        let total = orders.reduce(0, +)
        matching = MatchingEngine(
            instruments: specifications, maximumInstruments: specifications.count + Limits.spareInstruments,
            maximumOrders: total, firms: firms)
        sink = ReportSink(capacity: Limits.reportsPerCommand(deepest: orders.max() ?? 0, total: total))
        counters = CounterBlock()
    }

    deinit {
        sink.deallocate()
        counters.deallocate()
    }

    /// Whether `lookAhead` is worth having commands ready for it.
    var looksAhead: Bool { matching.looksAhead }

    /// Fetches what a burst of commands will need; changes nothing else.
    mutating func lookAhead(_ commands: UnsafeBufferPointer<Command>) { matching.lookAhead(commands) }

    /// Carries out one command and takes in what it made; its reports stand in `sink` until the next. Trades are numbered
    /// within the shard.
    mutating func apply(_ command: Command) {
        carryOut(command)
        for index in 0..<sink.count { observe(sink.base + index, of: command) }
    }

    /// The first half of `apply`; each report must be observed before the next command.
    mutating func carryOut(_ command: Command) {
        sink.removeAll()
        let refusal = risk.check(command)
        if refusal == .none {
            matching.apply(command, into: &sink)
        } else {
            refuse(command, refusal)
        }
        counters.add(.commands)
        counters.add(.reports, UInt64(truncatingIfNeeded: sink.count))
        if sink.overflow > 0 { counters.set(.sinkOverflow, to: sink.overflow) }
    }

    /// Takes in what a report of a command means to the gate.
    mutating func observe(_ report: UnsafePointer<ExecutionReport>, of command: Command) {
        switch report.pointee.kind {
        case .filled, .partiallyFilled: risk.observe(report.pointee)
        case .instrumentSet: risk.carriedOut(command)
        default: break
        }
    }

    /// Terms logged before the command are not taken back: the next one of any kind makes the engine forget them.
    ///
    /// Rare, and kept out of the way of the commands that go on.
    @inline(never) private mutating func refuse(_ command: Command, _ reason: RejectReason) {
        sink.append(command.rejection(reason: reason))
    }

    /// When something is due without a command, nanoseconds since the Unix epoch; `UInt64.max`: never.
    var nextDeadlineNanoseconds: UInt64 { matching.nextDeadlineNanoseconds }
    var liveOrderCount: Int { matching.liveOrderCount }
    var tradeCount: UInt64 { matching.tradeCount }

    borrowing func combine(into hash: inout StateHash) {
        matching.combine(into: &hash)
        risk.combine(into: &hash)
    }
}
