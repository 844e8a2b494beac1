import Orders

/// A parameter of the risk gate with its values, as a person writes them, in the fields of a command (see the table of
/// `RiskParameter`).
package struct RiskSetting: Equatable {
    package var scope: RiskScope
    package var parameter: RiskParameter
    package var value: Int64 = 0
    package var quantity: UInt32 = 0

    /// Why words are no setting.
    package struct Failure: Error, Equatable, CustomStringConvertible { package var description: String }

    package static let parameters = RiskParameter.allCases.filter { $0 != .none }

    /// What follows each parameter's name.
    package static func values(of parameter: RiskParameter) -> String {
        switch parameter {
        case .none: ""
        case .maximumQuantity, .maximumPosition, .maximumGrossPosition, .locate: "LOTS"
        case .maximumNotional, .credit, .maximumDrawdown, .maximumDayLoss, .marginPerLot: "MONEY"
        case .collarTicks, .staticCollarTicks, .markPrice: "TICKS"
        case .fatFingerLast, .fatFingerMid: "PERMILLE"
        case .maximumOpenOrders: "ORDERS"
        case .rearmNanoseconds, .duplicateNanoseconds: "NANOSECONDS"
        case .rearm, .newDay: ""
        case .orderRate, .messageRate: "PER_SECOND BURST"
        case .cancelRatio: "CANCELS_PER_TRADE FREE"
        case .reduceOnly, .killed, .restricted, .noShortSale, .entitled, .entitlementNeeded: "on|off"
        case .selfTrade: selfTradeModes.joined(separator: "|")
        }
    }

    private static var selfTradeModes: [String] { SelfTradePrevention.allCases.map { "\($0)" } }

    /// - Parameters:
    ///   - scope: `venue`, `firm:7`, `account:1`, `user:3` or `strategy:12`.
    ///   - name: of a `RiskParameter`.
    ///   - words: its values; `none` takes a limit off.
    package init(scope: String, _ name: String, _ words: [String]) throws(Failure) {
        guard let found = Self.scope(scope) else {
            throw Failure(
                description:
                    "\"\(scope)\" is no scope: write venue, or firm:, account:, user: or strategy: with a number")
        }
        self.scope = found
        guard let parameter = Self.parameters.first(where: { "\($0)" == name }) else {
            let known = Self.parameters.map { "\($0)" }.joined(separator: ", ")
            throw Failure(description: "there is no parameter \"\(name)\"; there are \(known)")
        }
        self.parameter = parameter
        let wanted = Self.values(of: parameter)
        guard words.count == wanted.split(separator: " ").count else {
            throw Failure(
                description: wanted.isEmpty
                    ? "\(name) takes no value"
                    : "\(name) takes \(wanted), as in `wissel risk set \(scope) \(name) \(wanted)`")
        }
        switch parameter {
        case .rearm, .newDay: break
        case .reduceOnly, .killed, .restricted, .noShortSale, .entitled, .entitlementNeeded:
            guard words[0] == "on" || words[0] == "off" else {
                throw Failure(description: "\"\(words[0])\" is neither on nor off")
            }
            value = words[0] == "on" ? 1 : 0
        case .selfTrade:
            guard let mode = SelfTradePrevention.allCases.first(where: { "\($0)" == words[0] }) else {
                throw Failure(description: "\"\(words[0])\" is none of \(wanted)")
            }
            value = Int64(mode.rawValue)
        default:
            value = words[0] == "none" ? .max : try Self.number(words[0], name)
            if words.count > 1 { quantity = try Self.number(words[1], name) }
        }
    }

    private static func scope(_ text: String) -> RiskScope? {
        if text == "venue" { return .venue }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = UInt32(parts[1]),
            let level = RiskScope.Level.allCases.first(where: { $0 != .venue && "\($0)" == parts[0] })
        else { return nil }
        return RiskScope(level, number)
    }

    private static func number<Number: FixedWidthInteger>(_ text: String, _ name: String) throws(Failure) -> Number {
        guard let number = Number(text.replacing("_", with: "")) else {
            throw Failure(
                description:
                    "\"\(text)\" is no number for \(name): whole numbers up to \(Number.max), or none for no limit")
        }
        return number
    }
}
