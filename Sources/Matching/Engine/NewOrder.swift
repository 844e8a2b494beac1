import Orders

/// A new order whose words are known to mean something.
struct NewOrder {
    /// Position of its book.
    var book = -1
    var type = OrderType.limit
    var conditions: OrderTraits.Conditions = []
    var selfTrade: UInt8 = 0
    var displayQuantity: UInt32 = 0
    var terms = OrderTerms()

    var prevention: SelfTradePrevention { SelfTradePrevention(rawValue: selfTrade & 0x7F) ?? .none }

    /// Trades only while it is new, so it needs no room.
    func neverRests(_ command: Command, _ phase: TradingPhase) -> Bool {
        switch command.timeInForce {
        case .immediateOrCancel, .fillOrKill: true
        case .atClose: false
        default: type == .market && phase == .continuous
        }
    }
}

/// The checks of the rules' §1.1, in their order.
extension MatchingEngine {
    /// Why a new order is refused, `.none` if it is not; fills in what is known of it.
    mutating func check(_ command: Command, _ order: inout NewOrder) -> RejectReason {
        let hasTerms = hasTerms && terms.session == command.session && terms.clientSequence == command.clientSequence
        self.hasTerms = false
        guard let first = index.position(of: command.instrument) else { return .unknownInstrument }
        let traits = command.traits
        let companion = books[first].companion
        let wantsSecond = traits.conditions.contains(.secondBook)
        order.book = wantsSecond && companion >= 0 ? companion : first
        let book = books + order.book
        if command.side == .none { return .invalidSide }
        if command.timeInForce == .none { return .invalidTimeInForce }
        if command.quantity == 0 || command.quantity > UInt32(Int32.max) { return .invalidQuantity }
        if command.quantity % book.pointee.lot != 0 { return .quantityOffLot }
        if command.clientOrderID == 0 || command.session == 0
            || command.session > UInt32(OrderArena.maximumSession)
        {
            return .invalidClientOrderID
        }
        if arena.find(session: command.session, clientOrderID: command.clientOrderID) != RestingOrder.none {
            return .duplicateClientOrderID
        }
        if command.flags & Command.hasTerms != 0 {
            guard hasTerms else { return .termsMissing }
            order.terms = OrderTerms(terms)
        }
        guard let type = traits.type, let prevention = traits.selfTrade, !traits.hasUnknownBits else {
            return .invalidOrderType
        }
        order.type = type
        order.conditions = traits.conditions
        order.displayQuantity = traits.displayQuantity
        order.selfTrade = prevention == .none ? 0 : prevention.rawValue | (traits.byFirm ? 0x80 : 0)
        if wantsSecond && companion < 0 { return .invalidCombination }
        if !isAllowed(command, order, lot: book.pointee.lot) { return .invalidCombination }
        let refusal = checkTerms(command, order)
        if refusal != .none { return refusal }
        if !suits(book.pointee.phase, command, order) { return .notInThisPhase }
        let refusalOfPrice = checkPrices(command, order, book)
        if refusalOfPrice != .none { return refusalOfPrice }
        if !order.neverRests(command, book.pointee.phase),
            book.pointee.count >= book.pointee.maximumOrders || arena.isFull
        {
            return .bookFull
        }
        return .none
    }

    /// §1.2.
    private func isAllowed(_ command: Command, _ order: NewOrder, lot: UInt32) -> Bool {
        let conditions = order.conditions
        let minimum = order.terms.minimumQuantity > 0
        let rests: Bool
        switch command.timeInForce {
        case .day, .goodTillCancel, .goodTillDate: rests = true
        default: rests = false
        }
        let isShown = order.displayQuantity > 0
        let restingLimit = order.type == .limit && rests
        if isShown {
            guard restingLimit, !conditions.contains(.hidden), !conditions.contains(.allOrNone),
                order.displayQuantity < command.quantity, order.displayQuantity % lot == 0
            else { return false }
        }
        if conditions.contains(.randomPeak) && !isShown { return false }
        if conditions.contains(.hidden) && (!restingLimit || conditions.contains(.allOrNone)) { return false }
        if conditions.contains(.allOrNone) && (!restingLimit || conditions.contains(.postOnly) || minimum) {
            return false
        }
        if conditions.contains(.slide) && !conditions.contains(.postOnly) { return false }
        if conditions.contains(.postOnly) && (!restingLimit || minimum) { return false }
        if minimum {
            guard order.type == .limit || order.type == .market, rests || command.timeInForce == .immediateOrCancel
            else { return false }
        }
        let others = conditions.subtracting(.secondBook)
        switch order.type {
        case .limit:
            if command.timeInForce == .atOpen || command.timeInForce == .atClose {
                return others.isEmpty && !minimum
            }
            return true
        case .market:
            switch command.timeInForce {
            case .day, .immediateOrCancel, .fillOrKill: return others.isEmpty
            case .atOpen, .atClose: return others.isEmpty && !minimum
            default: return false
            }
        case .marketToLimit:
            switch command.timeInForce {
            case .day, .immediateOrCancel, .fillOrKill: return others.isEmpty && !minimum
            default: return false
            }
        case .stop, .stopLimit, .trailingStop, .trailingStopPerMille, .pegPrimary, .pegMidpoint, .pegMarket:
            return rests && others.isEmpty && !minimum
        }
    }

    /// §1.3.
    private func checkTerms(_ command: Command, _ order: NewOrder) -> RejectReason {
        let terms = order.terms
        if command.timeInForce == .goodTillDate {
            if terms.expireTimeNanoseconds <= command.timestampNanoseconds { return .invalidExpireTime }
        } else if terms.expireTimeNanoseconds != 0 {
            return .invalidExpireTime
        }
        if terms.minimumQuantity > command.quantity { return .invalidTerms }
        if terms.peakRange > (order.conditions.contains(.randomPeak) ? 1 << 30 : 0) { return .invalidTerms }
        let offsets: ClosedRange<Int64>
        switch order.type {
        case .trailingStop: offsets = 1...1 << 40
        case .trailingStopPerMille: offsets = 1...999
        case .pegPrimary, .pegMidpoint, .pegMarket: offsets = -1 << 40...1 << 40
        default: offsets = 0...0
        }
        if !offsets.contains(terms.offset) { return .invalidTerms }
        if order.type != .stop, order.type != .stopLimit, terms.triggerPrice != 0 { return .invalidTerms }
        return .none
    }

    private func suits(_ phase: TradingPhase, _ command: Command, _ order: NewOrder) -> Bool {
        guard phase.takesOrders else { return false }
        switch command.timeInForce {
        case .immediateOrCancel, .fillOrKill: return phase == .continuous
        case .atOpen: return phase == .preOpen || phase == .openingAuction
        default: return order.terms.minimumQuantity == 0 || phase == .continuous
        }
    }

    private func checkPrices(
        _ command: Command, _ order: NewOrder, _ book: UnsafeMutablePointer<Book>
    ) -> RejectReason {
        switch order.type {
        case .limit: return checkPrice(command.price, book)
        case .stopLimit:
            let refusal = checkPrice(command.price, book)
            return refusal == .none ? checkPrice(order.terms.triggerPrice, book) : refusal
        case .stop: return checkPrice(order.terms.triggerPrice, book)
        case .pegPrimary, .pegMidpoint, .pegMarket: return checkPegLimit(command.price, command.side, book)
        case .market, .marketToLimit, .trailingStop, .trailingStopPerMille: return .none
        }
    }

    func checkPrice(_ price: Int64, _ book: UnsafeMutablePointer<Book>) -> RejectReason {
        if !book.pointee.isInBand(price) { return .priceOutsideBook }
        return book.pointee.ticks.isValid(price) ? .none : .priceOffTick
    }

    func checkPegLimit(_ price: Int64, _ side: Side, _ book: UnsafeMutablePointer<Book>) -> RejectReason {
        price == (side == .buy ? Int64.max : Int64.min) ? .none : checkPrice(price, book)
    }
}
