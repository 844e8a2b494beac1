import Orders

/// §1: what a new order must be.
extension NaiveExchange {
    static let maximumQuantity: UInt32 = 0x7FFF_FFFF

    /// The first check that fails.
    func refusal(_ command: Command, _ traits: OrderTraits, _ terms: OrderTerms?) -> RejectReason {
        guard let book = chosenBook(command.instrument, traits) else { return .unknownInstrument }
        if command.side == .none { return .invalidSide }
        if command.timeInForce == .none { return .invalidTimeInForce }
        if command.quantity == 0 || command.quantity > Self.maximumQuantity { return .invalidQuantity }
        if command.quantity % book.lot != 0 { return .quantityOffLot }
        if command.clientOrderID == 0 || !(1...1_024).contains(command.session) { return .invalidClientOrderID }
        if order(command.session, command.clientOrderID) != nil { return .duplicateClientOrderID }
        guard let terms else { return .termsMissing }
        guard let type = traits.type, traits.selfTrade != nil, !traits.hasUnknownBits else { return .invalidOrderType }
        let second = traits.conditions.contains(.secondBook)
        if second, books(command.instrument).count < 2 { return .invalidCombination }
        if !isCombination(command, traits, type, terms, lot: book.lot) { return .invalidCombination }
        let reason = refusal(of: terms, command, traits, type)
        if reason != .none { return reason }
        if !isTaken(command, terms, in: book.phase) { return .notInThisPhase }
        return refusalOfPrices(command, type, terms, book)
    }

    /// Check 9, and 10 after it.
    private func refusalOfPrices(
        _ command: Command, _ type: OrderType, _ terms: OrderTerms, _ book: NaiveBook
    ) -> RejectReason {
        let isUnlimited = type.isPeg && command.price == (command.side == .buy ? Int64.max : Int64.min)
        if type.hasPrice, !isUnlimited {
            let reason = book.refusal(command.price)
            if reason != .none { return reason }
        }
        if type.hasTrigger {
            let reason = book.refusal(terms.triggerPrice)
            if reason != .none { return reason }
        }
        let isImmediate = command.timeInForce == .immediateOrCancel || command.timeInForce == .fillOrKill
        if isImmediate { return .none }
        if type == .market, book.phase == .continuous, command.timeInForce != .atClose { return .none }
        return book.orders.count < book.maximumOrders && liveOrderCount < maximumOrders ? .none : .bookFull
    }

    /// The book an order names; the first when it names one that is not there.
    func chosenBook(_ instrument: UInt32, _ traits: OrderTraits) -> NaiveBook? {
        let books = books(instrument)
        return traits.conditions.contains(.secondBook) ? books.last : books.first
    }

    /// Check 8.
    private func isTaken(_ command: Command, _ terms: OrderTerms, in phase: TradingPhase) -> Bool {
        if !phase.takesOrders { return false }
        switch command.timeInForce {
        case .immediateOrCancel, .fillOrKill: if phase != .continuous { return false }
        case .atOpen: if phase != .preOpen && phase != .openingAuction { return false }
        default: break
        }
        return terms.minimumQuantity == 0 || phase == .continuous
    }

    /// The table of §1.2.
    private func isCombination(
        _ command: Command, _ traits: OrderTraits, _ type: OrderType, _ terms: OrderTerms, lot: UInt32
    ) -> Bool {
        let (conditions, time) = (traits.conditions, command.timeInForce)
        let display = traits.displayQuantity
        let hidden = conditions.contains(.hidden)
        let allOrNone = conditions.contains(.allOrNone)
        let postOnly = conditions.contains(.postOnly)
        let restsAsLimit = type == .limit && time.rests
        if display > 0 {
            if !restsAsLimit || hidden || allOrNone || display >= command.quantity || display % lot != 0 {
                return false
            }
        }
        if hidden, !restsAsLimit || allOrNone { return false }
        if allOrNone, !restsAsLimit || postOnly || terms.minimumQuantity > 0 { return false }
        if postOnly, !restsAsLimit || terms.minimumQuantity > 0 { return false }
        if conditions.contains(.slide), !postOnly { return false }
        if conditions.contains(.randomPeak), display == 0 { return false }
        if terms.minimumQuantity > 0 {
            guard type == .limit || type == .market, time.rests || time == .immediateOrCancel else { return false }
        }
        if time == .atOpen || time == .atClose {
            return (type == .limit || type == .market) && terms.minimumQuantity == 0
        }
        switch type {
        case .limit: return true
        case .market, .marketToLimit: return time == .day || time == .immediateOrCancel || time == .fillOrKill
        default: return time.rests && terms.minimumQuantity == 0
        }
    }

    /// §1.3.
    private func refusal(
        of terms: OrderTerms, _ command: Command, _ traits: OrderTraits, _ type: OrderType
    ) -> RejectReason {
        if command.timeInForce == .goodTillDate {
            if terms.expireTimeNanoseconds <= command.timestampNanoseconds { return .invalidExpireTime }
        } else if terms.expireTimeNanoseconds != 0 {
            return .invalidExpireTime
        }
        if terms.minimumQuantity > command.quantity { return .invalidTerms }
        if terms.peakRange > (traits.conditions.contains(.randomPeak) ? 1 << 30 : 0) { return .invalidTerms }
        let offsets: ClosedRange<Int64> =
            switch type {
            case .trailingStop: 1...(1 << 40)
            case .trailingStopPerMille: 1...999
            case .pegPrimary, .pegMidpoint, .pegMarket: -(1 << 40)...(1 << 40)
            default: 0...0
            }
        if !offsets.contains(terms.offset) { return .invalidTerms }
        return type.hasTrigger || terms.triggerPrice == 0 ? .none : .invalidTerms
    }
}
