import Orders

/// Whether a command may go on to the book.
extension RiskGate {
    /// - Parameters:
    ///   - resting: the live order that a replace or a quote changes; nil when there is none.
    ///   - market: the best prices of its instrument's first book, when `wantsMarket`.
    /// - Returns: `.none` when it may; else the reason, and `refusingScope` says whose limit it was.
    public mutating func check(
        _ command: Command, resting: OpenOrder? = nil, market: Market = Market()
    ) -> RejectReason {
        now = command.timestampNanoseconds
        switch command.kind {
        case .newOrder, .replace: return counted(checkOrder(command, resting, market), command)
        case .quote:
            // Withdrawn: the engine says whether there was one.
            return command.quantity == 0 ? checkCancel(command) : counted(checkOrder(command, resting, market), command)
        case .cancel: return checkCancel(command)
        // An unknown instrument is the engine's to refuse: a mass cancel may name none.
        case .massCancel:
            count(command, isOrder: false, isCancel: true)
            return .none
        case .none, .sessionEstablished, .sessionTerminated, .checkpoint, .terms, .phase, .setInstrument, .timer,
            .indicate, .setRisk, .rule:
            return .none
        }
    }

    /// What takes orders out of the book is counted and never refused: it makes risks smaller.
    private mutating func checkCancel(_ command: Command) -> RejectReason {
        refusingScope = .venue
        guard position(of: command.instrument) != nil else { return .unknownInstrument }
        count(command, isOrder: false, isCancel: true)
        return .none
    }

    private mutating func checkOrder(_ command: Command, _ resting: OpenOrder?, _ market: Market) -> RejectReason {
        refusingScope = .venue
        refusingRule = 0
        guard let position = position(of: command.instrument) else { return .unknownInstrument }
        let instrument = instruments + position
        let price = Self.limitPrice(of: command)
        // A replace need not say the side again.
        let side = resting?.side ?? command.side
        var reason = instrument.pointee.check(command, price: price, side: side, market)
        if reason != .none { return reason }
        // Below 2⁶³: the notional in ticks and lots did not overflow; times a million it may.
        let notional = (price ?? instrument.pointee.lastPrice).magnitude &* UInt64(command.quantity)
        let value = notional.multipliedReportingOverflow(by: UInt64(instrument.pointee.tickValue))
        guard !value.overflow, value.partialValue <= UInt64(Money.bound) else { return .riskOverflow }
        let leaf = leaf(of: command.session)
        let isNew = resting == nil && command.kind != .replace
        reason = checkNodes(leaf.node, command, value: Int64(value.partialValue), isNew: isNew)
        if reason != .none { return reason }
        let more = Self.increase(command, resting)
        if more > 0 {
            reason = checkPositions(leaf.holder, position, side, more)
            if reason != .none { return reason }
        }
        if rules.count > 0 {
            refusingRule = breach(command, leaf.holder, position, price: price, side: side, more: more)
            if refusingRule != 0 { return .customRule }
        }
        return finish(command, leaf.node, isNew: isNew)
    }

    /// Lots by which an order's open quantity grows; of a replace that names no live order none, since the engine refuses it.
    private static func increase(_ command: Command, _ resting: OpenOrder?) -> Int64 {
        guard let resting else { return command.kind == .replace ? 0 : Int64(command.quantity) }
        let isLeaves = command.kind == .quote || command.flags & Command.quantityIsLeaves != 0
        let before = Int64(resting.leavesQuantity) &+ (isLeaves ? 0 : Int64(resting.cumulativeQuantity))
        return Int64(command.quantity) &- before
    }

    /// A new order as the engine is to see it: one that says nothing of self-trades gets the word of its narrowest scope
    /// that has one.
    @inline(__always) public func handedOn(_ command: Command) -> Command {
        hasSelfTrade && command.kind == .newOrder && command.traits.selfTrade == SelfTradePrevention.none
            ? withSelfTrade(command) : command
    }

    @inline(never) private func withSelfTrade(_ command: Command) -> Command {
        var number = leaf(of: command.session).node
        var order = command
        while number != RiskNode.none {
            let mode = nodes[Int(number)].selfTrade
            if mode != 0 {
                order.traits = OrderTraits(rawValue: command.originalClientOrderID | UInt64(mode) << 16)
                return order
            }
            number = nodes[Int(number)].parent
        }
        return order
    }

    // MARK: Scopes

    /// What needs no position, from the narrowest scope to the venue.
    private mutating func checkNodes(_ leaf: UInt32, _ command: Command, value: Int64, isNew: Bool) -> RejectReason {
        var number = leaf
        while number != RiskNode.none {
            let node = nodes + Int(number)
            let reason = Self.check(node, command, value: value, isNew: isNew)
            if reason != .none {
                refusingScope = node.pointee.scope
                return reason
            }
            number = node.pointee.parent
        }
        return .none
    }

    @inline(__always) private static func check(
        _ node: UnsafeMutablePointer<RiskNode>, _ command: Command, value: Int64, isNew: Bool
    ) -> RejectReason {
        let now = command.timestampNanoseconds
        if node.pointee.flags.contains(.killed) { return .killed }
        if !node.pointee.messages.allows(now) { return .messageRateExceeded }
        if !node.pointee.orders.allows(now) { return .orderRateExceeded }
        if command.quantity > node.pointee.maximumQuantity { return .quantityAboveMaximum }
        if value > node.pointee.maximumNotional { return .notionalAboveMaximum }
        if isNew, node.pointee.openOrders >= node.pointee.maximumOpenOrders { return .tooManyOpenOrders }
        let cancels = node.pointee.cancelsToday
        if node.pointee.cancelRatio != 0, cancels > node.pointee.freeCancels,
            UInt64(cancels) > UInt64(node.pointee.cancelRatio) &* UInt64(node.pointee.tradesToday)
        {
            return .cancelRatioExceeded
        }
        return .none
    }

    // MARK: Positions

    /// What more open lots would do to each scope with positions, from the narrowest to the venue.
    @inline(__always) private mutating func checkPositions(
        _ holder: UInt32, _ instrument: Int, _ side: Side, _ more: Int64
    ) -> RejectReason {
        let margin = instruments[instrument].marginPerLot
        var row = positions.find(PositionTable.key(node: holder, instrument: instrument))
        if row.pointee.key == 0, !positions.hasRoom { return .riskTableFull }
        var number = holder
        while true {
            let node = nodes + Int(number)
            let reason = Self.check(node, row, side, more, margin, now)
            if reason != .none {
                refusingScope = node.pointee.scope
                return reason
            }
            // Only users and strategies have no positions, so the parent has.
            number = node.pointee.parent
            if number == RiskNode.none { return .none }
            row =
                row.pointee.key != 0
                ? positions.rows + Int(row.pointee.parent)
                : positions.find(PositionTable.key(node: number, instrument: instrument))
        }
    }

    @inline(__always) private static func check(
        _ node: UnsafeMutablePointer<RiskNode>, _ row: UnsafeMutablePointer<PositionRow>, _ side: Side, _ more: Int64,
        _ marginPerLot: Int64, _ now: UInt64
    ) -> RejectReason {
        let own = (side == .buy ? row.pointee.worstLong : row.pointee.worstShort) &+ more
        let flags = node.pointee.flags
        if !flags.isDisjoint(with: .reducing) {
            let reason = reducingReason(node, now)
            if reason != .none, own > 0 { return reason }
        }
        let listed = row.pointee.flags
        if listed.contains(.restricted) { return .restricted }
        if flags.contains(.entitlementNeeded), !listed.contains(.entitled) { return .notEntitled }
        if side == .sell, listed.contains(.noShortSale), own > Int64(row.pointee.locate) { return .noShortSale }
        if own > min(row.pointee.maximumPosition, node.pointee.maximumPosition, maximumLots) {
            return .positionAboveMaximum
        }
        // What is worse than before, if anything.
        let worse = own &- row.pointee.worst
        guard worse > 0 else { return .none }
        if node.pointee.gross &+ worse > min(node.pointee.maximumGross, Money.bound) {
            return .grossPositionAboveMaximum
        }
        let margin = worse.multipliedReportingOverflow(by: marginPerLot)
        guard !margin.overflow, margin.partialValue <= Money.bound else { return .creditExceeded }
        // Each of the four is within 2⁶⁰, or no limit at all.
        let used = node.pointee.margin &+ margin.partialValue
        if used > Money.bound { return .creditExceeded }
        if node.pointee.credit != .max, used > node.pointee.credit &+ node.pointee.profit { return .creditExceeded }
        return .none
    }

    /// Lots a position may come to whatever the limits are, so that sums of them can be told.
    static var maximumLots: Int64 { 1 << 53 }

    /// Why only smaller positions are allowed; none when the time of a drawdown is over.
    @inline(never) private static func reducingReason(_ node: UnsafeMutablePointer<RiskNode>, _ now: UInt64)
        -> RejectReason
    {
        if node.pointee.flags.contains(.drawdown), node.pointee.rearmNanoseconds != 0,
            now &- node.pointee.trippedNanoseconds >= node.pointee.rearmNanoseconds
        {
            node.pointee.flags.remove(.drawdown)
            node.pointee.peak = node.pointee.profit
        }
        let flags = node.pointee.flags
        if flags.contains(.overflow) { return .riskOverflow }
        if flags.contains(.dayLoss) { return .dayLoss }
        if flags.contains(.drawdown) { return .drawdown }
        return flags.contains(.reduceOnly) ? .reduceOnly : .none
    }

    // MARK: Counting

    @inline(__always) private mutating func counted(_ reason: RejectReason, _ command: Command) -> RejectReason {
        if reason != .none { countReject(of: command.session) }
        return reason
    }

    @inline(never) private mutating func countReject(of session: UInt32) {
        var number = leaf(of: session).node
        while number != RiskNode.none {
            let node = nodes + Int(number)
            node.pointee.rejectsToday &+= node.pointee.rejectsToday == .max ? 0 : 1
            number = node.pointee.parent
        }
    }

    private mutating func window(of leaf: UInt32) -> UInt64 {
        var (window, number) = (UInt64(0), leaf)
        while number != RiskNode.none {
            window = max(window, nodes[Int(number)].duplicateNanoseconds)
            number = nodes[Int(number)].parent
        }
        return window
    }

    /// The last check, and what a command that goes on leaves behind.
    private mutating func finish(_ command: Command, _ leaf: UInt32, isNew: Bool) -> RejectReason {
        let window = windows == 0 ? 0 : window(of: leaf)
        if isNew, window != 0 {
            // A sum of a time and a window does not overflow before the year 2400.
            if recent.isRepeated(OrderLikeness(command), until: now &+ window, now) { return .duplicateOrder }
        }
        count(command, isOrder: true, isCancel: command.kind == .replace)
        return .none
    }

    @inline(__always) private mutating func count(_ command: Command, isOrder: Bool, isCancel: Bool) {
        var number = leaf(of: command.session).node
        while number != RiskNode.none {
            let node = nodes + Int(number)
            node.pointee.messages.count(now)
            node.pointee.messagesToday &+= node.pointee.messagesToday == .max ? 0 : 1
            if isOrder {
                node.pointee.orders.count(now)
                node.pointee.ordersToday &+= node.pointee.ordersToday == .max ? 0 : 1
            }
            if isCancel { node.pointee.cancelsToday &+= node.pointee.cancelsToday == .max ? 0 : 1 }
            number = node.pointee.parent
        }
    }

    /// The price that bounds what a command can cost; nil when its type has none. A number that is no type goes by the
    /// price; the engine refuses it.
    private static func limitPrice(of command: Command) -> Int64? {
        guard command.kind == .newOrder else { return command.price }
        switch command.traits.type {
        case .market, .marketToLimit, .stop, .trailingStop, .trailingStopPerMille: return nil
        case .pegPrimary, .pegMidpoint, .pegMarket:
            let isUnlimited = command.price == (command.side == .buy ? Int64.max : Int64.min)
            return isUnlimited ? nil : command.price
        case .limit, .stopLimit, nil: return command.price
        }
    }
}
