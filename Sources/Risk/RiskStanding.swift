import Orders

/// How a scope stands, for whoever asks: an operator, a report, a test.
public struct RiskStanding: Sendable, Equatable {
    public var scope: RiskScope
    /// Lots over all instruments, each the larger of what would be long and what would be short if all open orders of a side traded.
    public var grossPosition: Int64
    public var openOrders: UInt32
    /// Money that positions and open orders take of the credit.
    public var margin: Int64
    public var realisedProfit: Int64
    public var unrealisedProfit: Int64
    /// From the highest profit down to what it is.
    public var drawdown: Int64
    public var dayLoss: Int64
    public var cancelsToday: UInt32
    public var tradesToday: UInt32
    public var isKilled: Bool
    /// Nothing but what makes positions smaller is taken, for whatever reason.
    public var isReducing: Bool
    /// In one instrument, lots; zero when none was asked for.
    public var position: Int64 = 0
    public var openBuy: Int64 = 0
    public var openSell: Int64 = 0
    public var cost: Int64 = 0
}

extension RiskGate {
    /// Nil when there is no such scope, or no such instrument.
    /// - Parameter instrument: 0: none.
    public borrowing func standing(of scope: RiskScope, instrument: UInt32 = 0) -> RiskStanding? {
        guard let number = scopes.node(of: scope) else { return nil }
        let node = nodes[Int(number)]
        var standing = RiskStanding(
            scope: scope, grossPosition: node.gross, openOrders: node.openOrders, margin: node.margin,
            realisedProfit: node.realised, unrealisedProfit: node.unrealised, drawdown: node.peak &- node.profit,
            dayLoss: max(0, node.profitAtDayStart &- node.profit), cancelsToday: node.cancelsToday,
            tradesToday: node.tradesToday, isKilled: node.flags.contains(.killed),
            isReducing: !node.flags.isDisjoint(with: .reducing))
        if instrument == 0 { return standing }
        guard let position = position(of: instrument) else { return nil }
        let row = positions.find(PositionTable.key(node: number, instrument: position)).pointee
        standing.position = row.position
        standing.openBuy = row.openBuy
        standing.openSell = row.openSell
        standing.cost = row.cost
        return standing
    }
}
