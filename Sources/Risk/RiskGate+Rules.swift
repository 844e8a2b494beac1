import Orders

/// A rule whose records have not all come.
struct PendingRule {
    let operations: UnsafeMutablePointer<RuleOperation>
    var identifier: UInt32 = 0
    var count = 0

    init() { operations = .allocate(capacity: RuleLimits.operations) }

    func deallocate() { operations.deallocate() }
}

/// Custom rules: changed by commands, asked of every order.
extension RiskGate {
    /// What the gate can tell a rule; one that asks for more is refused.
    static var suppliedFields: UInt64 {
        let missing: [RuleField] = [
            .minimumQuantity, .triggerPrice, .phase, .netPosition, .tradedNotionalToday, .messagesThisSecond,
            .ordersThisSecond,
        ]
        return missing.reduce((1 << UInt64(RuleField.count)) - 1) { $0 & ~$1.mask }
    }

    /// Fields a rule asks for that the gate does not know, by name.
    public static func unknownFields(of program: RuleProgram) -> [String] {
        RuleField.allCases.filter { program.neededFields & ~suppliedFields & $0.mask != 0 }.map(\.name)
    }

    /// Carries out a command of kind `rule`.
    /// - Returns: `.none`, also when more records of the rule are to come; else why the rules are as they were.
    public mutating func change(_ command: Command) -> RejectReason {
        guard let record = RuleRecord(command), record.identifier != 0 else { return .invalidRule }
        switch record.action {
        case .put: return put(record)
        case .remove: return Self.reason(rules.remove(record.identifier))
        case .enable: return Self.reason(rules.setEnabled(record.identifier, true))
        case .disable: return Self.reason(rules.setEnabled(record.identifier, false))
        }
    }

    private mutating func put(_ record: RuleRecord) -> RejectReason {
        if record.place == 0 {
            pending.identifier = record.identifier
            pending.count = 0
        }
        guard record.identifier == pending.identifier, Int(record.place) == pending.count,
            record.place < record.count, Int(record.count) <= RuleLimits.operations
        else { return .invalidRule }
        let raw = UnsafeMutableRawPointer(pending.operations + pending.count)
        raw.storeBytes(of: record.operation.0.littleEndian, as: UInt64.self)
        raw.storeBytes(of: record.operation.1.littleEndian, toByteOffset: 8, as: UInt64.self)
        pending.count &+= 1
        guard record.place &+ 1 == record.count else { return .none }
        let operations = UnsafeBufferPointer(start: pending.operations, count: pending.count)
        pending.identifier = 0
        pending.count = 0
        guard let kind = RuleScope.Kind(rawValue: record.scopeKind),
            let program = try? RuleProgram(verifying: operations), program.neededFields & ~Self.suppliedFields == 0
        else { return .invalidRule }
        if record.instrument != 0, position(of: record.instrument) == nil { return .unknownInstrument }
        let scope = RuleScope(kind, record.scopeNumber, instrument: record.instrument)
        let outcome = rules.replace(record.identifier, program, scope: scope)
        return Self.reason(
            outcome == .unknownIdentifier ? rules.add(record.identifier, program, scope: scope) : outcome)
    }

    private static func reason(_ outcome: RuleTableOutcome) -> RejectReason {
        switch outcome {
        case .done: .none
        case .full: .rulesFull
        case .unknownIdentifier: .unknownRule
        case .duplicateIdentifier, .invalid: .invalidRule
        case .overBudget: .rulesTooCostly
        }
    }

    // MARK: Asking

    /// The first rule that refuses an order; 0: none does.
    /// - Parameters:
    ///   - holder: the account of its session.
    ///   - more: lots by which its open quantity grows.
    @inline(never) mutating func breach(
        _ command: Command, _ holder: UInt32, _ instrument: Int, price: Int64?, side: Side, more: Int64
    ) -> UInt32 {
        let node = nodes + Int(holder)
        let fields = ruleFields
        fill(fields, command, price: price, side: side, instruments + instrument)
        let key = PositionTable.key(node: holder, instrument: instrument)
        Self.fill(fields, node, positions.find(key).pointee, side, more)
        let firm = node.pointee.parent == RiskNode.none ? RiskScope.venue : nodes[Int(node.pointee.parent)].scope
        let account = node.pointee.scope.level == .account ? node.pointee.scope.number : 0
        let firmNumber = firm.level == .firm ? firm.number : 0
        fields[.account] = Int64(account)
        fields[.firm] = Int64(firmNumber)
        return rules.firstBreach(
            fields: fields, session: command.session, account: account, firm: firmNumber,
            instrument: command.instrument)
    }

    private func fill(
        _ fields: UnsafeMutablePointer<Int64>, _ command: Command, price: Int64?, side: Side,
        _ instrument: UnsafeMutablePointer<InstrumentRisk>
    ) {
        let last = instrument.pointee.lastPrice
        let value = (price ?? last).magnitude &* UInt64(command.quantity)
        fields[.price] = price ?? 0
        fields[.quantity] = Int64(command.quantity)
        fields[.notional] = Int64(clamping: value)
        fields[.side] = side == .buy ? 1 : -1
        fields[.instrument] = Int64(command.instrument)
        fields[.session] = Int64(command.session)
        let isNew = command.kind == .newOrder
        fields[.orderType] = isNew ? Int64(UInt8(truncatingIfNeeded: command.originalClientOrderID)) : 0
        fields[.timeInForce] = Int64(command.timeInForce.rawValue)
        fields[.action] = Int64(command.kind.rawValue)
        fields[.displayQuantity] = isNew ? Int64(command.originalClientOrderID >> 32) : 0
        fields[.referencePrice] = last
        let distance = (price ?? last).subtractingReportingOverflow(last)
        fields[.distance] = distance.overflow ? .max : Int64(clamping: distance.partialValue.magnitude)
        fields[.timeOfDay] = Int64(command.timestampNanoseconds / 1_000_000_000 % 86_400)
    }

    private static func fill(
        _ fields: UnsafeMutablePointer<Int64>, _ node: UnsafeMutablePointer<RiskNode>, _ row: PositionRow, _ side: Side,
        _ more: Int64
    ) {
        fields[.position] = row.position
        fields[.openBuy] = row.openBuy
        fields[.openSell] = row.openSell
        let with = more &+ (side == .buy ? row.worstLong : row.worstShort)
        fields[.worstPosition] = Int64(clamping: with.magnitude)
        fields[.openOrders] = Int64(node.pointee.openOrders)
        fields[.grossPosition] = node.pointee.gross
        fields[.reservedCredit] = node.pointee.margin
        // Each is within 2⁶⁰, or no limit at all.
        let credit = min(node.pointee.credit, Money.bound) &+ node.pointee.profit &- node.pointee.margin
        fields[.availableCredit] = credit
        fields[.realisedProfit] = node.pointee.realised
        fields[.unrealisedProfit] = node.pointee.unrealised
        fields[.drawdown] = node.pointee.peak &- node.pointee.profit
        fields[.lossToday] = max(0, node.pointee.profitAtDayStart &- node.pointee.profit)
        fields[.messagesToday] = Int64(node.pointee.messagesToday)
        fields[.ordersToday] = Int64(node.pointee.ordersToday)
        fields[.cancelsToday] = Int64(node.pointee.cancelsToday)
        fields[.tradedToday] = node.pointee.lotsToday
        fields[.rejectsToday] = Int64(node.pointee.rejectsToday)
    }
}

extension UnsafeMutablePointer<Int64> {
    /// A field, within what a rule can count with.
    fileprivate subscript(field: RuleField) -> Int64 {
        get { self[Int(field.rawValue)] }
        nonmutating set {
            self[Int(field.rawValue)] = Swift.max(
                -RuleLimits.fieldMagnitude, Swift.min(newValue, RuleLimits.fieldMagnitude))
        }
    }
}
