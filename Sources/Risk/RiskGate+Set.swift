import Orders

/// Limits, prices and lists that change while orders flow.
extension RiskGate {
    /// Carries out a command of kind `setRisk`.
    /// - Returns: `.none`, or why nothing has changed.
    public mutating func set(_ command: Command) -> RejectReason {
        now = command.timestampNanoseconds
        guard let parameter = RiskParameter(rawValue: command.flags) else { return .invalidParameter }
        guard let number = scopes.node(of: RiskScope(rawValue: command.clientOrderID)) else { return .unknownScope }
        guard command.price >= 0 || parameter == .markPrice else { return .invalidParameter }
        if command.instrument == 0 {
            return set(parameter, nodes + Int(number), command) ? .none : .invalidParameter
        }
        guard let instrument = position(of: command.instrument) else { return .unknownInstrument }
        if number == 0, set(parameter, instruments + instrument, command) { return .none }
        return setRow(parameter, number, instrument, command)
    }

    /// Whether a session's orders belong to a scope.
    public func contains(_ scope: RiskScope, session: UInt32) -> Bool {
        var number = leaf(of: session).node
        while number != RiskNode.none {
            if nodes[Int(number)].scope == scope { return true }
            number = nodes[Int(number)].parent
        }
        return false
    }

    /// Sessions that have scopes of their own: 1 to this.
    public var lastSession: UInt32 { UInt32(truncatingIfNeeded: leafCount &- 1) }

    /// Takes in a command of the venue that the engine has carried out: a reference price moves the collars, a listed
    /// instrument gets limits.
    public mutating func carriedOut(_ command: Command) {
        guard command.kind == .setInstrument else { return }
        switch InstrumentParameter(rawValue: command.flags) {
        case .referencePrice:
            guard let position = position(of: command.instrument) else { return }
            instruments[position].lastPrice = command.price
            instruments[position].staticPrice = command.price
        case .list:
            guard listedCount < listedCapacity, position(of: command.instrument) == nil else { return }
            (instruments + configuredCount + listedCount).initialize(
                to: InstrumentRisk(id: command.instrument, limitsOfListed, referencePrice: 0))
            listedCount &+= 1
        default: break
        }
    }

    // MARK: A scope

    /// False when the parameter or its value is none for a whole scope.
    private mutating func set(
        _ parameter: RiskParameter, _ node: UnsafeMutablePointer<RiskNode>, _ command: Command
    ) -> Bool {
        let value = command.price
        switch parameter {
        case .maximumQuantity: node.pointee.maximumQuantity = UInt32(clamping: value)
        case .maximumNotional: node.pointee.maximumNotional = value
        case .maximumOpenOrders: node.pointee.maximumOpenOrders = UInt32(clamping: value)
        case .orderRate, .messageRate:
            guard value <= 1_000_000_000 else { return false }
            let rate = UInt64(value)
            if parameter == .orderRate { node.pointee.orders.set(perSecond: rate, burst: command.quantity) }
            if parameter == .messageRate { node.pointee.messages.set(perSecond: rate, burst: command.quantity) }
        case .cancelRatio:
            guard let ratio = UInt32(exactly: value) else { return false }
            node.pointee.cancelRatio = ratio
            node.pointee.freeCancels = command.quantity
        case .duplicateNanoseconds:
            guard value < 1 << 62 else { return false }
            node.pointee.duplicateNanoseconds = UInt64(value)
            windows = max(windows, UInt64(value))
        case .killed:
            guard value <= 1 else { return false }
            node.pointee.flags.set(.killed, value)
        case .selfTrade:
            guard let mode = UInt8(exactly: value), SelfTradePrevention(rawValue: mode & 0x7F) != nil else {
                return false
            }
            node.pointee.selfTrade = mode
            if mode != 0 { hasSelfTrade = true }
        case .newDay:
            guard node == nodes else { return false }
            for number in 0..<nodeCount { nodes[number].beginDay() }
        default:
            return node.pointee.flags.contains(.hasPositions) && setHolder(parameter, node, value)
        }
        return true
    }

    /// Those that take positions of the scope's own.
    private func setHolder(_ parameter: RiskParameter, _ node: UnsafeMutablePointer<RiskNode>, _ value: Int64) -> Bool {
        switch parameter {
        case .maximumPosition: node.pointee.maximumPosition = value
        case .maximumGrossPosition: node.pointee.maximumGross = value
        case .credit:
            guard value <= Money.bound || value == .max else { return false }
            node.pointee.credit = value
        case .maximumDrawdown:
            node.pointee.maximumDrawdown = value
            node.pointee.reckon(now)
        case .maximumDayLoss:
            node.pointee.maximumDayLoss = value
            node.pointee.reckon(now)
        case .rearmNanoseconds: node.pointee.rearmNanoseconds = UInt64(value)
        case .rearm: node.pointee.rearm()
        case .reduceOnly:
            guard value <= 1 else { return false }
            node.pointee.flags.set(.reduceOnly, value)
        case .entitlementNeeded:
            guard value <= 1 else { return false }
            node.pointee.flags.set(.entitlementNeeded, value)
        default: return false
        }
        return true
    }

    // MARK: A scope in an instrument

    private mutating func setRow(
        _ parameter: RiskParameter, _ number: UInt32, _ instrument: Int, _ command: Command
    ) -> RejectReason {
        let value = command.price
        let isSwitch: Bool
        switch parameter {
        case .maximumPosition: isSwitch = false
        case .locate:
            guard value <= Int64(UInt32.max) else { return .invalidParameter }
            isSwitch = false
        case .restricted, .noShortSale, .entitled: isSwitch = true
        default: return .invalidParameter
        }
        guard nodes[Int(number)].flags.contains(.hasPositions), !isSwitch || value <= 1 else {
            return .invalidParameter
        }
        guard positions.hasRoom else { return .riskTableFull }
        let row = row(making: number, instrument)
        switch parameter {
        case .maximumPosition: row.pointee.maximumPosition = value
        case .locate: row.pointee.locate = UInt32(truncatingIfNeeded: value)
        case .restricted: row.pointee.flags.set(.restricted, value)
        case .noShortSale: row.pointee.flags.set(.noShortSale, value)
        default: row.pointee.flags.set(.entitled, value)
        }
        return .none
    }

    // MARK: An instrument

    /// False when the parameter is none of an instrument by itself, or the value cannot be.
    private mutating func set(
        _ parameter: RiskParameter, _ instrument: UnsafeMutablePointer<InstrumentRisk>, _ command: Command
    ) -> Bool {
        let value = command.price
        switch parameter {
        case .maximumQuantity: instrument.pointee.maximumQuantity = UInt32(clamping: value)
        case .maximumNotional: instrument.pointee.maximumNotional = UInt64(value)
        case .collarTicks: instrument.pointee.collarTicks = UInt64(value)
        case .staticCollarTicks: instrument.pointee.staticCollarTicks = UInt64(value)
        case .fatFingerLast: instrument.pointee.fatFingerLast = UInt32(clamping: value)
        case .fatFingerMid:
            instrument.pointee.fatFingerMid = UInt32(clamping: value)
            if value != 0 { wantsMarket = true }
        case .marginPerLot: return setMargin(instrument, value)
        case .markPrice: return mark(instrument, value)
        default: return false
        }
        return true
    }

    /// Every position is worth something else now. Nothing changes when a sum of money could not be told.
    private mutating func mark(_ instrument: UnsafeMutablePointer<InstrumentRisk>, _ price: Int64) -> Bool {
        let value = price.multipliedReportingOverflow(by: Int64(instrument.pointee.tickValue))
        guard !value.overflow, value.partialValue.magnitude <= UInt64(Money.bound) else { return false }
        let change = value.partialValue &- instrument.pointee.markValue
        for applies in [false, true] {
            var number = instrument.pointee.firstRow
            while number != PositionRow.none {
                let row = positions.rows + Int(number)
                let node = nodes + Int(row.pointee.node)
                let gain = row.pointee.position.multipliedReportingOverflow(by: change)
                let sum = node.pointee.unrealised.addingReportingOverflow(gain.partialValue)
                guard !gain.overflow, !sum.overflow else { return false }
                if applies {
                    node.pointee.unrealised = sum.partialValue
                    node.pointee.reckon(now)
                }
                number = row.pointee.next
            }
        }
        instrument.pointee.markValue = value.partialValue
        return true
    }

    private mutating func setMargin(_ instrument: UnsafeMutablePointer<InstrumentRisk>, _ margin: Int64) -> Bool {
        guard margin <= Money.bound else { return false }
        let change = margin &- instrument.pointee.marginPerLot
        for applies in [false, true] {
            var number = instrument.pointee.firstRow
            while number != PositionRow.none {
                let row = positions.rows + Int(number)
                let node = nodes + Int(row.pointee.node)
                let more = row.pointee.worst.multipliedReportingOverflow(by: change)
                let sum = node.pointee.margin.addingReportingOverflow(more.partialValue)
                guard !more.overflow, !sum.overflow, sum.partialValue <= Money.bound else { return false }
                if applies { node.pointee.margin = sum.partialValue }
                number = row.pointee.next
            }
        }
        instrument.pointee.marginPerLot = margin
        return true
    }
}

extension OptionSet {
    /// - Parameter value: 0 takes it out.
    fileprivate mutating func set(_ member: Element, _ value: Int64) {
        if value == 0 { remove(member) } else { insert(member) }
    }
}
