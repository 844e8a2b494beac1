import Orders

/// The positions, open orders and money of every scope, reckoned anew from all that was reported whenever somebody asks: the
/// judge of the risk gate.
///
/// It knows open orders by what the reports say is left of each, where the gate adds up differences; and profit as cash and
/// positions at the mark, where the gate keeps costs.
public struct NaiveRisk {
    struct Order {
        var session: UInt32
        var instrument: UInt32
        var side: Side
        var leaves: Int64
        var traded: Int64 = 0
    }

    private struct Name: Hashable {
        var session: UInt32
        var clientOrderID: UInt64
    }

    /// What the money of one scope has come to.
    public struct Money: Equatable {
        public var profit: Int64 = 0
        public var peak: Int64 = 0
        public var atDayStart: Int64 = 0
    }

    public let members: [RiskMembership]
    private var orders: [Name: Order] = [:]
    /// Lots and cash of each session in each instrument.
    private var books: [UInt32: [UInt32: (lots: Int64, cash: Int64)]] = [:]
    /// Money of a lot at the mark, and of its margin, by instrument.
    public var marks: [UInt32: Int64]
    public var margins: [UInt32: Int64]
    public private(set) var money: [RiskScope: Money] = [:]

    public init(members: [RiskMembership], instruments: [InstrumentSpecification]) {
        self.members = members
        marks = Dictionary(uniqueKeysWithValues: instruments.map { ($0.id, $0.referencePrice) })
        margins = marks.mapValues { abs($0) }
    }

    /// From the narrowest to the venue.
    public func scopes(of session: UInt32) -> [RiskScope] {
        guard let member = members.first(where: { $0.session == session }) else { return [.venue] }
        var scopes = [RiskScope(.user, member.user), RiskScope(.account, member.account)]
        if let strategy = member.strategy { scopes.insert(RiskScope(.strategy, strategy), at: 0) }
        if let firm = member.firm { scopes.append(RiskScope(.firm, firm)) }
        return scopes + [.venue]
    }

    /// Every scope with positions.
    public var holders: [RiskScope] {
        Set(members.flatMap { scopes(of: $0.session) }).union([.venue]).filter {
            $0.level == .account || $0.level == .firm || $0.level == .venue
        }.sorted { $0.rawValue < $1.rawValue }
    }

    // MARK: What happened

    public mutating func observe(_ report: ExecutionReport) {
        let name = Name(session: report.session, clientOrderID: report.clientOrderID)
        let old = Name(session: report.session, clientOrderID: report.originalClientOrderID)
        let leaves = Int64(report.leavesQuantity)
        switch report.kind {
        case .accepted:
            orders[name] = Order(
                session: report.session, instrument: report.instrument, side: report.side, leaves: leaves)
        case .cancelled:
            // An answer to a cancel names the order as the one before.
            if orders.removeValue(forKey: report.originalClientOrderID != 0 ? old : name) == nil {
                orders.removeValue(forKey: name)
            }
        case .replaced:
            if var order = orders.removeValue(forKey: old) ?? orders.removeValue(forKey: name) {
                order.leaves = leaves
                orders[name] = order
            }
        case .restated: orders[name]?.leaves = leaves
        case .filled, .partiallyFilled:
            orders[name]?.leaves = leaves
            orders[name]?.traded = Int64(report.cumulativeQuantity)
            if leaves == 0 { orders.removeValue(forKey: name) }
            let lots = Int64(report.lastQuantity) * (report.side == .buy ? 1 : -1)
            let before = books[report.session]?[report.instrument] ?? (0, 0)
            books[report.session, default: [:]][report.instrument] =
                (before.lots + lots, before.cash - lots * report.price)
            for scope in scopes(of: report.session) { reckon(scope) }
        default: break
        }
    }

    public mutating func mark(_ instrument: UInt32, _ price: Int64) {
        marks[instrument] = price
        for scope in holders { reckon(scope) }
    }

    public mutating func beginDay() {
        for scope in holders {
            let profit = profit(of: scope)
            money[scope, default: Money()].atDayStart = profit
        }
    }

    private mutating func reckon(_ scope: RiskScope) {
        let profit = profit(of: scope)
        var money = money[scope] ?? Money()
        money.profit = profit
        money.peak = max(profit, money.peak)
        self.money[scope] = money
    }

    // MARK: How it stands

    private func belongs(_ session: UInt32, to scope: RiskScope) -> Bool { scopes(of: session).contains(scope) }

    /// Sessions of a scope; those that belong to nothing else belong to the venue.
    private func books(of scope: RiskScope) -> [[UInt32: (lots: Int64, cash: Int64)]] {
        books.filter { belongs($0.key, to: scope) }.map(\.value)
    }

    public func position(_ scope: RiskScope, _ instrument: UInt32) -> Int64 {
        books(of: scope).reduce(0) { $0 + ($1[instrument]?.lots ?? 0) }
    }

    public func open(_ scope: RiskScope, _ instrument: UInt32, _ side: Side) -> Int64 {
        orders.values.filter { $0.instrument == instrument && $0.side == side && belongs($0.session, to: scope) }
            .reduce(0) { $0 + $1.leaves }
    }

    public func openOrders(_ scope: RiskScope) -> Int { orders.values.count { belongs($0.session, to: scope) } }

    /// Lots, if all open orders of the worse side traded.
    public func worst(_ scope: RiskScope, _ instrument: UInt32) -> Int64 {
        let position = position(scope, instrument)
        return max(position + open(scope, instrument, .buy), open(scope, instrument, .sell) - position)
    }

    public func gross(_ scope: RiskScope) -> Int64 { marks.keys.reduce(0) { $0 + worst(scope, $1) } }

    public func margin(_ scope: RiskScope) -> Int64 {
        margins.reduce(0) { $0 + worst(scope, $1.key) * $1.value }
    }

    /// Cash, and positions at the mark.
    public func profit(of scope: RiskScope) -> Int64 {
        books(of: scope).reduce(0) { sum, book in
            book.reduce(sum) { $0 + $1.value.cash + $1.value.lots * marks[$1.key, default: 0] }
        }
    }

    /// The live order of a session under a name.
    public func order(_ session: UInt32, _ clientOrderID: UInt64) -> OpenOrder? {
        orders[Name(session: session, clientOrderID: clientOrderID)].map {
            OpenOrder(
                instrument: $0.instrument, side: $0.side, leavesQuantity: UInt32($0.leaves),
                cumulativeQuantity: UInt32($0.traded))
        }
    }
}
