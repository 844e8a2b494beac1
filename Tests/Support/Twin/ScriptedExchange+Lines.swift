import Orders

/// How the lines of a script are read.
extension ScriptedExchange {
    static func commands(_ text: String, _ line: UInt64) -> [Command] {
        let words = text.split(separator: " ").map(String.init)
        var command = Command(kind: .timer, clientSequence: line, clientOrderID: line, instrument: 1)
        if let session = words.first.flatMap({ UInt32($0) }) {
            command.session = session
            return request(words, command)
        }
        command.clientSequence = 0
        command.clientOrderID = 0
        switch words[0] {
        case "phase":
            command.kind = .phase
            command.flags = TradingPhase.allCases.first { "\($0)" == words[1] }!.rawValue
        case "set":
            command.kind = .setInstrument
            command.flags = InstrumentParameter.allCases.first { "\($0)" == words[1] }!.rawValue
            command.price = Int64(words[2])!
            if words.count > 3 { command.originalClientOrderID = UInt64(bitPattern: Int64(words[3])!) }
        case "indicate": command.kind = .indicate
        case "clock": break
        default: preconditionFailure("no such line: \(text)")
        }
        return [command]
    }

    private static func request(_ words: [String], _ blank: Command) -> [Command] {
        var command = blank
        switch words[1] {
        case "buy", "sell":
            command.kind = .newOrder
            command.side = words[1] == "buy" ? .buy : .sell
            command.timeInForce = .day
            return order(command, words[2], Array(words.dropFirst(3)))
        case "cancel":
            command.kind = .cancel
            command.originalClientOrderID = UInt64(words[2])!
        case "replace":
            command.kind = .replace
            command.originalClientOrderID = UInt64(words[2])!
            read(words[3], &command)
            if words.last == "left" { command.flags = Command.quantityIsLeaves }
        case "quote":
            command.kind = .quote
            command.clientOrderID = UInt64(words[2])!
            command.side = words[3] == "buy" ? .buy : .sell
            read(words[4], &command)
        case "mass":
            command.kind = .massCancel
            command.side = words.count < 3 ? .none : words[2] == "buy" ? .buy : .sell
        case "leaves":
            command.kind = .sessionTerminated
            command.flags = 0x80
        default: preconditionFailure("no such request: \(words)")
        }
        return [command]
    }

    private static func read(_ text: String, _ command: inout Command) {
        let parts = text.split(separator: "@")
        command.quantity = UInt32(parts[0])!
        command.price = Int64(parts[1])!
    }

    private static func order(_ blank: Command, _ text: String, _ words: [String]) -> [Command] {
        var command = blank
        var terms = OrderTerms()
        let parts = text.split(separator: "@")
        command.quantity = UInt32(parts[0])!
        let type = price(String(parts[1]), &command, &terms)
        var conditions: OrderTraits.Conditions = []
        var mode = SelfTradePrevention.none
        var byFirm = false
        var display: UInt32 = 0
        for word in words {
            let halves = word.split(separator: ":").map(String.init)
            let value = halves.count > 1 ? Int64(halves[1])! : 0
            switch halves[0] {
            case "ioc": command.timeInForce = .immediateOrCancel
            case "fok": command.timeInForce = .fillOrKill
            case "gtc": command.timeInForce = .goodTillCancel
            case "atOpen": command.timeInForce = .atOpen
            case "atClose": command.timeInForce = .atClose
            case "until":
                command.timeInForce = .goodTillDate
                terms.expireTimeNanoseconds = UInt64(value)
            case "hidden": conditions.insert(.hidden)
            case "aon": conditions.insert(.allOrNone)
            case "post": conditions.insert(.postOnly)
            case "slide": conditions.formUnion([.postOnly, .slide])
            case "shows": display = UInt32(value)
            case "range":
                conditions.insert(.randomPeak)
                terms.peakRange = UInt32(value)
            case "minimum": terms.minimumQuantity = UInt32(value)
            case "second": conditions.insert(.secondBook)
            case "firm": byFirm = true
            case "limit": command.price = value
            case "offset": terms.offset = value
            default: mode = SelfTradePrevention.allCases.first { "\($0)" == word }!
            }
        }
        command.traits = OrderTraits(type, conditions, selfTrade: mode, byFirm: byFirm, displayQuantity: display)
        if terms == OrderTerms() { return [command] }
        command.flags = Command.hasTerms
        return [Command(terms: terms, session: command.session, clientSequence: command.clientSequence), command]
    }

    /// Reads what follows the `@`: a price, or a type and what it needs.
    private static func price(_ text: String, _ command: inout Command, _ terms: inout OrderTerms) -> OrderType {
        let parts = text.split(separator: ":").map(String.init)
        let value = parts.last.flatMap { Int64($0) } ?? 0
        let unlimited: Int64 = command.side == .buy ? .max : .min
        switch parts[0] {
        case "market": return .market
        case "mtl": return .marketToLimit
        case "stop":
            terms.triggerPrice = value
            return .stop
        case "trail", "permille":
            terms.offset = value
            return parts[0] == "trail" ? .trailingStop : .trailingStopPerMille
        case "primary", "mid", "peg":
            command.price = unlimited
            return parts[0] == "primary" ? .pegPrimary : parts[0] == "mid" ? .pegMidpoint : .pegMarket
        default:
            command.price = Int64(parts[0])!
            if parts.count == 1 { return .limit }
            terms.triggerPrice = value
            return .stopLimit
        }
    }
}
