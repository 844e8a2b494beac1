import Orders

/// A word for one value of one field, such as `buy` of `side`: it can be compared with that field and with nothing else,
/// so that `side == market` is a mistake and not a rule that never fires.
public struct RuleName: Sendable, Equatable {
    public let text: String
    public let field: RuleField
    public let value: Int64

    init(_ text: String, _ field: RuleField, _ value: Int64) {
        self.text = text
        self.field = field
        self.value = value
    }

    /// Of several words for one value the first is the one a program's text has.
    public static let all: [RuleName] =
        [RuleName("buy", .side, 1), RuleName("sell", .side, -1)]
        + OrderType.allCases.map { RuleName("\($0)", .orderType, Int64($0.rawValue)) }
        + TimeInForce.allCases.filter { $0 != .none }.map { RuleName("\($0)", .timeInForce, Int64($0.rawValue)) }
        + [
            ("ioc", .immediateOrCancel), ("fok", .fillOrKill), ("gtc", .goodTillCancel), ("gtd", .goodTillDate),
        ].map { (text: String, value: TimeInForce) in RuleName(text, .timeInForce, Int64(value.rawValue)) }
        + [CommandKind.newOrder, .replace, .quote].map { RuleName("\($0)", .action, Int64($0.rawValue)) }
        + TradingPhase.allCases.map { RuleName("\($0)", .phase, Int64($0.rawValue)) }

    static let named = Dictionary(uniqueKeysWithValues: all.map { ($0.text, $0) })

    static func of(_ field: RuleField, _ value: Int64) -> RuleName? {
        all.first { $0.field == field && $0.value == value }
    }
}
