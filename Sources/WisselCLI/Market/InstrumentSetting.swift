import Orders

/// A parameter of an instrument with its values, as a person writes them, in the fields of a command (see the table of
/// `InstrumentParameter`).
package struct InstrumentSetting: Equatable {
    package var parameter: InstrumentParameter
    package var clientOrderID: UInt64 = 0
    package var originalClientOrderID: UInt64 = 0
    package var price: Int64 = 0
    package var quantity: UInt32 = 0

    /// Why words are no setting.
    package struct Failure: Error, Equatable, CustomStringConvertible { package var description: String }

    /// What follows each parameter's name.
    package static func values(of parameter: InstrumentParameter) -> String {
        switch parameter {
        case .none: ""
        case .list: "ORDERS"
        case .priceBand: "LOWEST HIGHEST"
        case .tick: "FROM TICK"
        case .algorithm: "F|A|C|K|O|Q|S|T|Z|X"
        case .leveling: "on|off"
        case .marketMaker: "SESSION PERCENT"
        case .fifoPercent: "PERCENT"
        case .lot, .topMinimum, .topMaximum, .minimumAllocation: "LOTS"
        case .maximumOrders: "ORDERS"
        case .referencePrice: "PRICE"
        case .dynamicRange, .staticRange: "TICKS"
        case .interruptionNanoseconds: "NANOSECONDS"
        }
    }

    package static let parameters = InstrumentParameter.allCases.filter { $0 != .none }

    /// - Parameters:
    ///   - name: of an `InstrumentParameter`.
    ///   - words: its values.
    package init(_ name: String, _ words: [String]) throws(Failure) {
        guard let parameter = Self.parameters.first(where: { "\($0)" == name }) else {
            let known = Self.parameters.map { "\($0)" }.joined(separator: ", ")
            throw Failure(description: "there is no parameter \"\(name)\"; there are \(known)")
        }
        self.parameter = parameter
        let wanted = Self.values(of: parameter)
        guard words.count == wanted.split(separator: " ").count else {
            throw Failure(description: "\(name) takes \(wanted), as in `wissel market set WSL \(name) \(wanted)`")
        }
        switch parameter {
        case .list: quantity = try Self.number(words[0], name)
        case .priceBand, .tick:
            originalClientOrderID = UInt64(bitPattern: try Self.number(words[0], name) as Int64)
            price = try Self.number(words[1], name)
        case .marketMaker:
            clientOrderID = try Self.number(words[0], name)
            price = try Self.number(words[1], name)
        case .algorithm:
            guard words[0].count == 1, let letter = words[0].first, let algorithm = MatchingAlgorithm(letter: letter)
            else { throw Failure(description: "\"\(words[0])\" is none of \(wanted)") }
            price = Int64(algorithm.rawValue)
        case .leveling:
            guard words[0] == "on" || words[0] == "off" else {
                throw Failure(description: "\"\(words[0])\" is neither on nor off")
            }
            price = words[0] == "on" ? 1 : 0
        default: price = try Self.number(words[0], name)
        }
    }

    private static func number<Number: FixedWidthInteger>(_ text: String, _ name: String) throws(Failure) -> Number {
        guard let number = Number(text.replacing("_", with: "")) else {
            throw Failure(
                description: "\"\(text)\" is no number for \(name): whole numbers from \(Number.min) to \(Number.max)")
        }
        return number
    }
}
