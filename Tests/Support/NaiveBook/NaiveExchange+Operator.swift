import Orders

/// §10: what the venue sets.
extension NaiveExchange {
    mutating func setInstrument(_ command: Command) {
        let parameter = InstrumentParameter(rawValue: command.flags & ~InstrumentParameter.secondBook)
        let place = command.flags & InstrumentParameter.secondBook == 0 ? 0 : 1
        if parameter == .list { return list(command, place) }
        let books = books(command.instrument)
        if books.isEmpty { return refuseVenue(.unknownInstrument) }
        guard let parameter, parameter != .none, place < books.count else { return refuseVenue(.invalidParameter) }
        if !set(parameter, books[place], command) { return refuseVenue(.invalidParameter) }
        reports.append(venueReport(.instrumentSet, command.instrument))
    }

    private mutating func list(_ command: Command, _ place: Int) {
        guard place == 0, command.instrument != 0, books(command.instrument).isEmpty,
            (1...maximumOrders).contains(Int(command.quantity))
        else { return refuseVenue(.invalidParameter) }
        if listings.count >= maximumInstruments { return refuseVenue(.bookFull) }
        let bound = InstrumentSpecification.priceBound
        var specification = InstrumentSpecification(
            id: command.instrument, symbol: "", minimumPrice: -bound, maximumPrice: bound, referencePrice: 0,
            maximumOrders: Int(command.quantity))
        specification.phase = .closed
        listings.append(Listing(id: command.instrument, books: [NaiveBook(specification, AllocationRule())]))
        reports.append(venueReport(.instrumentSet, command.instrument))
    }

    private func isPrice(_ price: Int64) -> Bool { price.magnitude <= InstrumentSpecification.priceBound.magnitude }

    /// Sets a parameter if its value is one.
    private func set(_ parameter: InstrumentParameter, _ book: NaiveBook, _ command: Command) -> Bool {
        let value = command.price
        let lowest = Int64(bitPattern: command.originalClientOrderID)
        switch parameter {
        case .none, .list: return false
        case .priceBand:
            guard isPrice(lowest), isPrice(value), lowest <= value else { return false }
            (book.lowestPrice, book.highestPrice) = (lowest, value)
        case .tick: return setTick(book, from: lowest, value)
        case .lot:
            guard (1...(1 << 30)).contains(value) else { return false }
            book.lot = UInt32(value)
        case .maximumOrders:
            guard (1...Int64(maximumOrders)).contains(value) else { return false }
            book.maximumOrders = Int(value)
        case .referencePrice:
            guard isPrice(value) else { return false }
            book.reference = value
            book.staticReference = value
        case .marketMaker: return setMarketMaker(book, session: command.clientOrderID, value)
        case .dynamicRange, .staticRange, .interruptionNanoseconds:
            guard (0...InstrumentSpecification.priceBound).contains(value) else { return false }
            if parameter == .dynamicRange { book.dynamicRange = value }
            if parameter == .staticRange { book.staticRange = value }
            if parameter == .interruptionNanoseconds { book.interruptionNanoseconds = UInt64(value) }
        default: return setRule(parameter, book, value)
        }
        return true
    }

    private func setRule(_ parameter: InstrumentParameter, _ book: NaiveBook, _ value: Int64) -> Bool {
        if parameter == .algorithm {
            guard (0...255).contains(value), let algorithm = MatchingAlgorithm(rawValue: UInt8(value)) else {
                return false
            }
            book.rule = AllocationRule(algorithm)
            for order in book.orders { order.isTop = false }
            return true
        }
        let highest: Int64 = parameter == .fifoPercent ? 100 : parameter == .leveling ? 1 : Int64(Self.maximumQuantity)
        guard (0...highest).contains(value) else { return false }
        switch parameter {
        case .topMinimum: book.rule.topMinimum = UInt32(value)
        case .topMaximum: book.rule.topMaximum = UInt32(value)
        case .minimumAllocation: book.rule.minimumAllocation = UInt32(value)
        case .fifoPercent: book.rule.fifoPercent = UInt8(value)
        default: book.rule.leveling = value == 1
        }
        return true
    }

    private func setTick(_ book: NaiveBook, from price: Int64, _ tick: Int64) -> Bool {
        guard isPrice(price), (1...(1 << 32)).contains(tick) else { return false }
        let kept = book.tickSteps.filter { $0.fromPrice < price }
        guard kept.count < InstrumentSpecification.maximumTickSteps else { return false }
        book.tickSteps = kept + [InstrumentSpecification.TickStep(fromPrice: price, tick: tick)]
        return true
    }

    private func setMarketMaker(_ book: NaiveBook, session: UInt64, _ percent: Int64) -> Bool {
        guard (1...1_024).contains(session), (0...100).contains(percent) else { return false }
        let place = book.marketMakers.firstIndex { UInt64($0.session) == session }
        if percent == 0 {
            if let place { book.marketMakers.remove(at: place) }
        } else if let place {
            book.marketMakers[place].percent = UInt8(percent)
        } else {
            guard book.marketMakers.count < InstrumentSpecification.maximumMarketMakers else { return false }
            book.marketMakers.append(
                InstrumentSpecification.MarketMaker(session: UInt32(session), percent: UInt8(percent)))
        }
        return true
    }
}
