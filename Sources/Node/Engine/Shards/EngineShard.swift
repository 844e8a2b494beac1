import Matching
import Orders
import Risk
import Runtime

/// A set of instruments with all that the result of their commands depends on: the books, and the risk references that
/// trades move. So it does not matter when another shard gets on, or on which core.
///
/// One thread; no clock, no I/O, no allocation after `init` except for instruments listed later.
package struct EngineShard: ~Copyable {
    private var risk: RiskGate
    private var matching: MatchingEngine
    /// The reports of the last command.
    package private(set) var sink: ReportSink
    /// There are no other shards, so that this one sees all that an account does.
    private let isAlone: Bool
    let counters: CounterBlock<ShardCounter>

    /// - Parameters:
    ///   - instruments: of this shard, one or more.
    ///   - limitsOfListed: what an instrument gets that is listed while the node runs.
    ///   - members: who belongs to which scope of the risk gate.
    ///   - isAlone: there are no other shards.
    package init(
        instruments: [NodeConfiguration.Instrument], limitsOfListed: RiskLimits, firms: [UInt32: UInt32],
        members: [RiskMembership], isAlone: Bool
    ) {
        self.isAlone = isAlone
        let specifications = instruments.map(\.specification)
        risk = RiskGate(
            instruments: instruments.map { ($0.specification, $0.risk) }, members: members,
            spareInstruments: Limits.spareInstruments, limitsOfListed: limitsOfListed)
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
    package mutating func apply(_ command: Command) {
        carryOut(command)
        for index in 0..<sink.count { observe(sink.base + index, of: command) }
    }

    /// The first half of `apply`; each report must be observed before the next command.
    mutating func carryOut(_ command: Command) {
        sink.removeAll()
        let refusal: RejectReason
        switch command.kind {
        case .newOrder where !risk.wantsMarket: refusal = risk.check(command)
        case .newOrder, .replace, .quote: refusal = checkWithBook(command)
        default: refusal = risk.check(command)
        }
        if refusal == .none {
            matching.apply(risk.handedOn(command), into: &sink)
            if command.kind == .setRisk || command.kind == .rule { setRisk(command) }
        } else {
            refuse(command, refusal)
        }
        counters.add(.commands)
        counters.add(.reports, UInt64(truncatingIfNeeded: sink.count))
        if sink.overflow > 0 { counters.set(.sinkOverflow, to: sink.overflow) }
    }

    /// Takes in what a report of a command means to the gate.
    mutating func observe(_ report: UnsafePointer<ExecutionReport>, of command: Command) {
        risk.observe(report.pointee)
        if report.pointee.kind == .instrumentSet { risk.carriedOut(command) }
    }

    /// Terms logged before the command are not taken back: the next one of any kind makes the engine forget them.
    ///
    /// Rare, and kept out of the way of the commands that go on.
    @inline(never) private mutating func refuse(_ command: Command, _ reason: RejectReason) {
        var report = command.rejection(reason: reason)
        report.executionID = risk.refusingScope.rawValue
        if reason == .customRule { report.orderID = UInt64(risk.refusingRule) }
        sink.append(report)
    }

    /// A check that needs to know what the book holds.
    private mutating func checkWithBook(_ command: Command) -> RejectReason {
        let name = command.kind == .quote ? command.clientOrderID : command.originalClientOrderID
        let resting =
            command.kind == .newOrder
            ? nil
            : matching.openOrder(session: command.session, clientOrderID: name, instrument: command.instrument)
        let market = risk.wantsMarket ? matching.market(instrument: command.instrument) : Market()
        return risk.check(command, resting: resting, market: market)
    }

    /// Changes a limit; who is killed loses all orders.
    @inline(never) private mutating func setRisk(_ command: Command) {
        let refusal: RejectReason
        if command.kind == .rule {
            refusal = isAlone ? risk.change(command) : .invalidRule
        } else {
            refusal = isAlone || command.canConcernOneShard ? risk.set(command) : .invalidParameter
        }
        guard refusal == .none else {
            sink.append(command.rejection(reason: refusal))
            return
        }
        var answer = ExecutionReport(
            kind: .instrumentSet, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds,
            instrument: command.instrument)
        if command.kind == .setRisk, command.flags == RiskParameter.killed.rawValue, command.price != 0 {
            answer.cumulativeQuantity = cancelAll(of: RiskScope(rawValue: command.clientOrderID), command)
        }
        sink.append(answer)
    }

    /// Cancels the orders of all sessions of a scope; returns how many.
    private mutating func cancelAll(of scope: RiskScope, _ command: Command) -> UInt32 {
        var cancel = Command(
            kind: .massCancel, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds)
        var cancelled: UInt32 = 0
        let sessions = scope == .venue ? 0...0 : 1...max(1, risk.lastSession)
        for session in sessions where session == 0 || risk.contains(scope, session: session) {
            cancel.clientOrderID = UInt64(session)
            matching.apply(cancel, into: &sink)
            // The number is told once for all.
            sink.removeLast { cancelled &+= $0.cumulativeQuantity }
        }
        return cancelled
    }

    /// How a scope stands; see `RiskGate.standing`.
    package borrowing func standing(of scope: RiskScope, instrument: UInt32 = 0) -> RiskStanding? {
        risk.standing(of: scope, instrument: instrument)
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

extension Command {
    /// Whether a shard can carry it out that sees its own instruments alone: not a limit on what an account does in all.
    fileprivate var canConcernOneShard: Bool {
        switch RiskParameter(rawValue: flags) {
        case .maximumQuantity, .maximumNotional, .killed, .selfTrade, .newDay: true
        default: instrument != 0
        }
    }
}
