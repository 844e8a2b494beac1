import Orders

/// New orders and quotes of the random flow.
extension CommandFlow {
    /// What a new order is, roughly; the profile says which come up.
    private enum Shape {
        case limit, market, marketToLimit, iceberg, hidden, postOnly, allOrNone, minimum, stop, trailing, peg
    }

    private mutating func shape() -> Shape {
        var shapes: [Shape] = []
        if profile.contains(.icebergs) { shapes += [.iceberg, .iceberg, .hidden, .postOnly] }
        if profile.contains(.stops) { shapes += [.stop, .stop, .trailing, .market, .marketToLimit] }
        if profile.contains(.pegs) { shapes += [.peg, .peg, .allOrNone, .minimum] }
        if profile.contains(.auctions) { shapes += [.market, .marketToLimit] }
        if profile.contains(.interruptions) { shapes += [.market] }
        if profile.contains(.sharing) { shapes += [.iceberg] }
        return shapes.isEmpty || chance(45) ? .limit : shapes[pick(shapes.count)]
    }

    mutating func newOrder(_ blank: Command) -> [Command] {
        var command = blank
        command.kind = .newOrder
        command.clientOrderID = newID(command)
        remember(command)
        command.side = chance(50) ? .buy : .sell
        command.price = price()
        command.quantity = quantity(command.instrument)
        command.timeInForce = .day
        var terms = OrderTerms()
        let shape = shape()
        shapeOrder(&command, &terms, shape)
        if shape == .limit || shape == .market, chance(20) {
            command.timeInForce = chance(50) ? .immediateOrCancel : .fillOrKill
        }
        if profile.contains(.auctions), shape == .limit || shape == .market, chance(15) {
            command.timeInForce = chance(40) ? .atOpen : .atClose
        }
        if profile.contains(.time), command.timeInForce == .day, shape != .market, shape != .marketToLimit, chance(40) {
            command.timeInForce = chance(30) ? .goodTillCancel : .goodTillDate
            if command.timeInForce == .goodTillDate { terms.expireTimeNanoseconds = time + 1 + UInt64(pick(600)) }
        }
        guard terms != OrderTerms() || (profile != .plain && chance(3)) else { return [command] }
        command.flags |= Command.hasTerms
        return [Command(terms: terms, session: command.session, clientSequence: command.clientSequence), command]
    }

    private mutating func shapeOrder(_ command: inout Command, _ terms: inout OrderTerms, _ shape: Shape) {
        var type = OrderType.limit
        var conditions: OrderTraits.Conditions = []
        var display: UInt32 = 0
        switch shape {
        case .limit: break
        case .market: type = .market
        case .marketToLimit:
            type = .marketToLimit
            if chance(20) { command.timeInForce = chance(50) ? .immediateOrCancel : .fillOrKill }
        case .iceberg:
            command.quantity *= 3
            display = UInt32(1 + pick(6)) * (command.quantity % 2 == 0 ? 2 : 1)
            if chance(30) { conditions.insert(.randomPeak) }
            if conditions.contains(.randomPeak) { terms.peakRange = UInt32(pick(8)) }
            if chance(10) { conditions.insert(.postOnly) }
        case .hidden: conditions = chance(15) ? [.hidden, .postOnly, .slide] : .hidden
        case .postOnly: conditions = chance(60) ? [.postOnly, .slide] : .postOnly
        case .allOrNone: conditions = .allOrNone
        case .minimum:
            terms.minimumQuantity = UInt32(1 + pick(Int(command.quantity)))
            if chance(30) { type = .market }
            if chance(40) { command.timeInForce = .immediateOrCancel }
        case .stop:
            type = chance(50) ? .stop : .stopLimit
            terms.triggerPrice = price()
        case .trailing:
            type = chance(60) ? .trailingStop : .trailingStopPerMille
            terms.offset = type == .trailingStop ? Int64(1 + pick(6)) : Int64(1 + pick(999))
        case .peg:
            type = [OrderType.pegPrimary, .pegMidpoint, .pegMarket][pick(3)]
            terms.offset = chance(50) ? 0 : Int64(pick(7)) - 3
            if chance(50) { command.price = command.side == .buy ? .max : .min }
        }
        var mode = SelfTradePrevention.none
        var byFirm = false
        if profile.contains(.selfTrade), chance(70) {
            mode = SelfTradePrevention.allCases[pick(5)]
            byFirm = chance(40)
        }
        if profile.contains(.sharing), chance(30) { conditions.insert(.secondBook) }
        command.traits = OrderTraits(type, conditions, selfTrade: mode, byFirm: byFirm, displayQuantity: display)
    }

    mutating func quote(_ blank: Command) -> Command {
        var command = blank
        command.kind = .quote
        command.clientOrderID = chance(65) ? oldID(&command) : newID(command)
        remember(command)
        // Sides go with identifiers, so that a quote mostly finds its own side.
        command.side = chance(10) ? .buy : command.clientOrderID % 2 == 0 ? .buy : .sell
        command.price = price()
        command.quantity = chance(15) ? 0 : quantity(command.instrument)
        if profile.contains(.sharing), chance(30) { command.traits = OrderTraits(.limit, .secondBook) }
        if chance(5) { command.originalClientOrderID |= random.next() & ~0x2000 }
        return command
    }

    mutating func massCancel(_ blank: Command) -> Command {
        var command = blank
        command.kind = .massCancel
        command.clientOrderID = 1 << 41 | sequence
        if chance(30) {
            command.session = 0
            command.clientOrderID = UInt64(pick(6))
        }
        command.side = Side.allCases[pick(3)]
        if chance(40) { command.instrument = 0 }
        if chance(3) { command.instrument = 9 }
        guard chance(50) else { return command }
        command.flags = Command.hasPriceRange
        command.originalClientOrderID = UInt64(bitPattern: Int64(pick(12)) - 9)
        command.price = Int64(pick(14)) - 4
        return command
    }
}
