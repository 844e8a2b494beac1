import Orders

/// The venue changes an instrument while it runs (§10).
extension MatchingEngine {
    mutating func setInstrument<Receiver: MatchReceiver>(_ command: Command, _ receiver: inout Receiver) {
        let refusal = set(command)
        guard refusal == .none else {
            receiver.refused(command, refusal)
            return
        }
        receiver.append(
            ExecutionReport(
                kind: .instrumentSet, sequence: command.sequence,
                timestampNanoseconds: command.timestampNanoseconds, instrument: command.instrument))
    }

    private mutating func set(_ command: Command) -> RejectReason {
        let number = command.flags & ~InstrumentParameter.secondBook
        let wantsSecond = command.flags & InstrumentParameter.secondBook != 0
        let parameter = InstrumentParameter(rawValue: number)
        if parameter == .list { return wantsSecond ? .invalidParameter : list(command) }
        guard let first = index.position(of: command.instrument) else { return .unknownInstrument }
        let position = wantsSecond ? books[first].companion : first
        guard let parameter, parameter != .none, position >= 0 else { return .invalidParameter }
        let book = books + position
        let isSet = setLimit(parameter, command, book) ?? setRule(parameter, command, book)
        book.pointee.reconsider()
        return isSet ? .none : .invalidParameter
    }

    private mutating func list(_ command: Command) -> RejectReason {
        guard command.instrument != 0, index.position(of: command.instrument) == nil, command.quantity >= 1,
            Int(command.quantity) <= arena.capacity
        else { return .invalidParameter }
        guard bookCount < bookCapacity else { return .bookFull }
        let bound = InstrumentSpecification.priceBound
        var instrument = InstrumentSpecification(
            id: command.instrument, symbol: "", minimumPrice: -bound, maximumPrice: bound, referencePrice: 0,
            maximumOrders: Int(command.quantity))
        instrument.phase = .closed
        list(instrument)
        return .none
    }

    /// Prices, quantities and times; nil for other parameters, false for a value out of range.
    private func setLimit(
        _ parameter: InstrumentParameter, _ command: Command, _ book: UnsafeMutablePointer<Book>
    ) -> Bool? {
        let value = command.price
        let bound = InstrumentSpecification.priceBound
        let lower = Int64(bitPattern: command.originalClientOrderID)
        switch parameter {
        case .priceBand:
            guard lower >= -bound, lower <= value, value <= bound else { return false }
            book.pointee.minimumPrice = lower
            book.pointee.maximumPrice = value
        case .tick:
            guard lower.magnitude <= bound.magnitude else { return false }
            return book.pointee.ticks.append(lower, value)
        case .lot:
            guard value >= 1, value <= 1 << 30 else { return false }
            book.pointee.lot = UInt32(value)
        case .maximumOrders:
            guard value >= 1, value <= Int64(arena.capacity) else { return false }
            book.pointee.maximumOrders = Int(value)
        case .referencePrice:
            guard value.magnitude <= bound.magnitude else { return false }
            book.pointee.staticReference = value
            if !book.pointee.hasTraded { book.pointee.lastPrice = value }
        case .dynamicRange:
            guard value >= 0, value <= bound else { return false }
            book.pointee.dynamicRange = value
        case .staticRange:
            guard value >= 0, value <= bound else { return false }
            book.pointee.staticRange = value
        case .interruptionNanoseconds:
            guard value >= 0, value <= bound else { return false }
            book.pointee.interruptionNanoseconds = UInt64(value)
        default: return nil
        }
        return true
    }

    /// How a level is shared.
    private func setRule(
        _ parameter: InstrumentParameter, _ command: Command, _ book: UnsafeMutablePointer<Book>
    ) -> Bool {
        let value = command.price
        switch parameter {
        case .algorithm:
            guard let algorithm = UInt8(exactly: value).flatMap(MatchingAlgorithm.init(rawValue:)) else {
                return false
            }
            book.pointee.rule = AllocationRule(algorithm)
            book.side(.buy).pointee.top = RestingOrder.none
            book.side(.sell).pointee.top = RestingOrder.none
        case .topMinimum, .topMaximum, .minimumAllocation:
            guard let quantity = UInt32(exactly: value), quantity <= UInt32(Int32.max) else { return false }
            switch parameter {
            case .topMinimum: book.pointee.rule.topMinimum = quantity
            case .topMaximum: book.pointee.rule.topMaximum = quantity
            default: book.pointee.rule.minimumAllocation = quantity
            }
        case .fifoPercent:
            guard value >= 0, value <= 100 else { return false }
            book.pointee.rule.fifoPercent = UInt8(value)
        case .leveling:
            guard value == 0 || value == 1 else { return false }
            book.pointee.rule.leveling = value == 1
        case .marketMaker: return setMaker(command, book)
        default: return false
        }
        return true
    }

    private func setMaker(_ command: Command, _ book: UnsafeMutablePointer<Book>) -> Bool {
        guard command.price >= 0, command.price <= 100, command.clientOrderID >= 1,
            command.clientOrderID <= UInt64(OrderArena.maximumSession)
        else { return false }
        let session = UInt32(command.clientOrderID)
        let makers = book.pointee.makers
        var place = 0
        while place < book.pointee.makerCount, makers[place].session != session { place &+= 1 }
        if command.price == 0 {
            guard place < book.pointee.makerCount else { return true }
            for following in place..<book.pointee.makerCount - 1 { makers[following] = makers[following + 1] }
            book.pointee.makerCount &-= 1
            return true
        }
        if place == book.pointee.makerCount {
            guard place < InstrumentSpecification.maximumMarketMakers else { return false }
            book.pointee.makerCount &+= 1
        }
        (makers + place).initialize(
            to: InstrumentSpecification.MarketMaker(session: session, percent: UInt8(command.price)))
        return true
    }
}
