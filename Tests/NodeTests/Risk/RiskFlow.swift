import Node
import Orders
import Runtime
import TestSupport

/// A random flow of commands through a shard, with limits that change all the while. The naive reckoning hears the same
/// reports and judges each verdict.
final class RiskFlow {
    /// A scope's limits, as the naive side knows them.
    private struct Limits {
        var position = Int64.max
        var gross = Int64.max
        var credit = Int64.max
        var openOrders = Int64.max
        var isKilled = false
        var isReduceOnly = false
    }

    private struct Break: Hashable {
        var reason: RejectReason
        var scope: RiskScope
    }

    /// Five sessions, three accounts, a firm with two of them, an account without.
    private static let members: [RiskMembership] = [
        RiskMembership(session: 1, account: 1, firm: 9), RiskMembership(session: 2, account: 1, firm: 9),
        RiskMembership(session: 3, user: 30, strategy: 300, account: 2, firm: 9),
        RiskMembership(session: 4, user: 30, account: 2, firm: 9), RiskMembership(session: 5, account: 3),
    ]
    /// What the gate may say that the naive side judges.
    private static let judged: Set<RejectReason> = [
        .positionAboveMaximum, .grossPositionAboveMaximum, .creditExceeded, .tooManyOpenOrders, .killed, .reduceOnly,
    ]
    private static let margin: Int64 = 3

    private let profile: FlowProfile
    private let shard: UnsafeMutablePointer<EngineShard>
    private var judge: NaiveRisk
    private var commands: CommandFlow
    private var random: SplitMix64
    private var limits: [RiskScope: Limits] = [:]
    private var time: UInt64 = 0
    private(set) var refusals: [RejectReason: Int] = [:]
    /// What went wrong first, in words.
    private(set) var failure: String?

    init(seed: UInt64, profile: FlowProfile) throws {
        self.profile = profile
        let example = try NodeConfiguration(yaml: NodeConfiguration.example, file: "example").instruments[0]
        let instruments = profile.instruments.map { specification in
            var instrument = example
            instrument.specification = specification
            instrument.risk = RiskLimits(maximumQuantity: .max, maximumNotional: .max, collarTicks: .max)
            instrument.risk.marginPerLot = UInt64(Self.margin)
            return instrument
        }
        shard = .allocate(capacity: 1)
        shard.initialize(
            to: EngineShard(
                instruments: instruments, limitsOfListed: instruments[0].risk, firms: FlowProfile.firms,
                members: Self.members, isAlone: true))
        judge = NaiveRisk(members: Self.members, instruments: profile.instruments)
        for instrument in judge.margins.keys { judge.margins[instrument] = Self.margin }
        commands = CommandFlow(seed: seed, profile: profile)
        random = SplitMix64(seed: seed)
    }

    deinit {
        shard.deinitialize(count: 1)
        shard.deallocate()
    }

    /// Stops at the first difference.
    func run(count: Int) {
        for step in 1...count where failure == nil {
            if random.next(below: 20) == 0 { change() } else { order() }
            if failure == nil, step % 100 == 0 || step == count { compare() }
        }
    }

    private func fail(_ words: String) { if failure == nil { failure = "\(profile): \(words)" } }

    // MARK: Orders

    private func order() {
        let command = commands.next()
        time = command.timestampNanoseconds
        let expected = breaks(command)
        shard.pointee.apply(command)
        let reports = hear()
        guard [.newOrder, .replace, .quote].contains(command.kind), let answer = answer(to: command, reports) else {
            return
        }
        if Self.judged.contains(answer.reason), answer.kind == .rejected || answer.kind == .cancelRejected {
            refusals[answer.reason, default: 0] += 1
            let said = Break(reason: answer.reason, scope: RiskScope(rawValue: answer.executionID))
            if !expected.contains(said) { fail("refused as \(said), would break \(expected): \(command.words)") }
        } else if !expected.isEmpty, !Self.comesEarlier(answer.reason) {
            fail("taken although it breaks \(expected): \(command.words) gave \(answer.words)")
        }
    }

    /// The gate has other checks, of the order alone, before those judged.
    private static func comesEarlier(_ reason: RejectReason) -> Bool {
        [.unknownInstrument, .quantityAboveMaximum, .notionalAboveMaximum, .riskOverflow, .priceOutsideCollar].contains(
            reason)
    }

    private func hear() -> [ExecutionReport] {
        let sink = shard.pointee.sink
        let reports = Array(UnsafeBufferPointer(start: sink.base, count: sink.count))
        for report in reports { judge.observe(report) }
        return reports
    }

    private func answer(to command: Command, _ reports: [ExecutionReport]) -> ExecutionReport? {
        reports.first { $0.clientSequence == command.clientSequence && $0.session == command.session }
    }

    /// All that an order would break, by the definitions.
    private func breaks(_ command: Command) -> Set<Break> {
        guard [.newOrder, .replace, .quote].contains(command.kind),
            !(command.kind == .quote && command.quantity == 0)
        else { return [] }
        let name = command.kind == .quote ? command.clientOrderID : command.originalClientOrderID
        var resting = command.kind == .newOrder ? nil : judge.order(command.session, name)
        if resting?.instrument != command.instrument { resting = nil }
        let isNew = resting == nil && command.kind != .replace
        let side = resting?.side ?? command.side
        var more = Int64(command.quantity)
        if let resting {
            more -= Int64(resting.leavesQuantity)
            if command.kind == .replace, command.flags & Command.quantityIsLeaves == 0 {
                more -= Int64(resting.cumulativeQuantity)
            }
        } else if !isNew {
            more = 0
        }
        var found = Set<Break>()
        for scope in judge.scopes(of: command.session) {
            guard let limit = limits[scope] else { continue }
            func add(_ reason: RejectReason) { found.insert(Break(reason: reason, scope: scope)) }
            if limit.isKilled { add(.killed) }
            if isNew, Int64(judge.openOrders(scope)) >= limit.openOrders { add(.tooManyOpenOrders) }
            guard more > 0, judge.holders.contains(scope) else { continue }
            let position = judge.position(scope, command.instrument)
            let own =
                more
                + (side == .buy
                    ? position + judge.open(scope, command.instrument, .buy)
                    : judge.open(scope, command.instrument, .sell) - position)
            if limit.isReduceOnly, own > 0 { add(.reduceOnly) }
            if own > limit.position { add(.positionAboveMaximum) }
            let worse = own - judge.worst(scope, command.instrument)
            if worse <= 0 { continue }
            if judge.gross(scope) + worse > limit.gross { add(.grossPositionAboveMaximum) }
            if limit.credit != .max,
                judge.margin(scope) + worse * Self.margin > limit.credit + judge.profit(of: scope)
            {
                add(.creditExceeded)
            }
        }
        return found
    }

    // MARK: Limits

    private func change() {
        let scopes = judge.holders + [RiskScope(.user, 30), RiskScope(.strategy, 300), RiskScope(.user, 1)]
        let scope = scopes[random.next(below: scopes.count)]
        let isHolder = judge.holders.contains(scope)
        var limit = limits[scope] ?? Limits()
        func value(_ most: Int) -> Int64 { random.next(below: 4) == 0 ? .max : Int64(random.next(below: most)) }
        let parameter: RiskParameter
        let number: Int64
        switch random.next(below: isHolder ? 8 : 2) {
        case 0:
            (parameter, number) = (.maximumOpenOrders, value(20))
            limit.openOrders = number == .max ? .max : number
        case 1:
            (parameter, number) = (.killed, random.next(below: 4) == 0 ? 1 : 0)
            limit.isKilled = number == 1
        case 2:
            (parameter, number) = (.maximumPosition, value(80))
            limit.position = number
        case 3:
            (parameter, number) = (.maximumGrossPosition, value(200))
            limit.gross = number
        case 4:
            (parameter, number) = (.credit, value(600))
            limit.credit = number
        case 5:
            (parameter, number) = (.reduceOnly, random.next(below: 3) == 0 ? 1 : 0)
            limit.isReduceOnly = number == 1
        default: return mark()
        }
        limits[scope] = limit
        set(parameter, scope, number)
        if parameter == .killed, number == 1, judge.openOrders(scope) != 0 {
            fail("\(scope) was killed with open orders")
        }
    }

    private func set(_ parameter: RiskParameter, _ scope: RiskScope, _ value: Int64, instrument: UInt32 = 0) {
        let command = Command(
            kind: .setRisk, sequence: commands.lastSequence, timestampNanoseconds: time,
            clientOrderID: scope.rawValue, price: value, instrument: instrument, flags: parameter.rawValue)
        shard.pointee.apply(command)
        if hear().last?.kind != .instrumentSet { fail("\(parameter) of \(scope) was not set to \(value)") }
    }

    private func mark() {
        let instrument = UInt32(1 + random.next(below: 2))
        let price = Int64(random.next(below: 40)) - 20
        set(.markPrice, .venue, price, instrument: instrument)
        judge.mark(instrument, price)
    }

    // MARK: Comparison

    /// Every sum of the gate, reckoned anew.
    private func compare() {
        for scope in judge.holders {
            guard let standing = shard.pointee.standing(of: scope) else { return fail("no \(scope)") }
            let profit = standing.realisedProfit + standing.unrealisedProfit
            let peak = judge.money[scope]?.peak ?? 0
            if standing.grossPosition != judge.gross(scope) || standing.margin != judge.margin(scope)
                || Int(standing.openOrders) != judge.openOrders(scope) || profit != judge.profit(of: scope)
                || standing.drawdown != peak - profit
            {
                fail(
                    "\(scope) is \(standing), should be gross \(judge.gross(scope)) margin \(judge.margin(scope)) open "
                        + "\(judge.openOrders(scope)) profit \(judge.profit(of: scope)) peak \(peak)")
            }
            for instrument in [1, 2] as [UInt32] {
                guard let row = shard.pointee.standing(of: scope, instrument: instrument) else { continue }
                if row.position != judge.position(scope, instrument)
                    || row.openBuy != judge.open(scope, instrument, .buy)
                    || row.openSell != judge.open(scope, instrument, .sell)
                {
                    fail("\(scope) in \(instrument) is \(row)")
                }
            }
        }
    }
}
