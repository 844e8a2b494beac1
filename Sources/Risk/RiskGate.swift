import Orders

/// The first pre-trade gate: quantity, notional value and price collar of every new and replaced order and of every quote.
///
/// An order without a limit price (market, market-to-limit, stop, trailing stop) is valued at the reference price and has no
/// collar; a pegged order without one the same. What only takes orders out of the book passes, as do the venue's commands.
///
/// Pure and deterministic: flat table, integers only, an overflow is a reject. One thread. The reference price of the
/// collar is the instrument's last trade, before the first trade the configured price.
public struct RiskGate: ~Copyable {
    private struct Row {
        var limits: RiskLimits
        var referencePrice: Int64
    }

    private let index: InstrumentIndex
    /// Of the configured instruments, then of those listed since.
    private let rows: UnsafeMutablePointer<Row>
    private let count: Int
    /// Identifiers of the listed ones, in the order of their rows.
    private let listed: UnsafeMutablePointer<UInt32>
    private var listedCount = 0
    private let listedCapacity: Int
    private let limitsOfListed: RiskLimits

    /// - Parameters:
    ///   - spareInstruments: how many may be listed later.
    ///   - limitsOfListed: what each of them gets; nil: the tightest of the instruments' limits.
    public init(
        instruments: [(InstrumentSpecification, RiskLimits)], spareInstruments: Int = 0,
        limitsOfListed: RiskLimits? = nil
    ) {
        index = InstrumentIndex(instruments.map(\.0.id))
        count = instruments.count
        rows = .allocate(capacity: max(count + spareInstruments, 1))
        listed = .allocate(capacity: max(spareInstruments, 1))
        listedCapacity = spareInstruments
        self.limitsOfListed = limitsOfListed ?? RiskLimits.tightest(instruments.map(\.1))
        for (position, (specification, limits)) in instruments.enumerated() {
            (rows + position).initialize(to: Row(limits: limits, referencePrice: specification.referencePrice))
        }
    }

    deinit {
        index.deallocate()
        rows.deallocate()
        listed.deallocate()
    }

    /// Whether a command may go on to the book; `.none` when it may. Cost: one look-up and three comparisons.
    public borrowing func check(_ command: Command) -> RejectReason {
        switch command.kind {
        case .newOrder, .replace: break
        case .quote:
            // Withdrawn: the engine says whether there was one.
            if command.quantity == 0 { return .none }
        case .cancel: return position(of: command.instrument) == nil ? .unknownInstrument : .none
        // An unknown instrument is the engine's to refuse: a mass cancel may name none.
        case .massCancel: return .none
        case .none, .sessionEstablished, .sessionTerminated, .checkpoint, .terms, .phase, .setInstrument, .timer,
            .indicate:
            return .none
        }
        guard let position = position(of: command.instrument) else { return .unknownInstrument }
        let row = rows + position
        if command.quantity > row.pointee.limits.maximumQuantity { return .quantityAboveMaximum }
        let price = limitPrice(of: command)
        let value = price ?? row.pointee.referencePrice
        let notional = value.magnitude.multipliedReportingOverflow(by: UInt64(command.quantity))
        if notional.overflow || notional.partialValue > row.pointee.limits.maximumNotional {
            return .notionalAboveMaximum
        }
        guard let price else { return .none }
        let distance = price.subtractingReportingOverflow(row.pointee.referencePrice)
        if distance.overflow || distance.partialValue.magnitude > row.pointee.limits.collarTicks {
            return .priceOutsideCollar
        }
        return .none
    }

    /// The price that bounds what a command can cost; nil when its type has none. A number that is no type goes by the
    /// price; the engine refuses it.
    private borrowing func limitPrice(of command: Command) -> Int64? {
        guard command.kind == .newOrder else { return command.price }
        switch command.traits.type {
        case .market, .marketToLimit, .stop, .trailingStop, .trailingStopPerMille: return nil
        case .pegPrimary, .pegMidpoint, .pegMarket:
            let isUnlimited = command.price == (command.side == .buy ? Int64.max : Int64.min)
            return isUnlimited ? nil : command.price
        case .limit, .stopLimit, nil: return command.price
        }
    }

    /// Takes a report of the engine in: a trade moves the reference price.
    public mutating func observe(_ report: ExecutionReport) {
        // The venue's reports have other things in these fields.
        guard report.kind == .filled || report.kind == .partiallyFilled,
            let position = position(of: report.instrument)
        else { return }
        rows[position].referencePrice = report.price
    }

    /// Takes in a command of the venue that the engine has carried out: a reference price moves the collar, a listed
    /// instrument gets limits.
    public mutating func carriedOut(_ command: Command) {
        guard command.kind == .setInstrument else { return }
        switch InstrumentParameter(rawValue: command.flags) {
        case .referencePrice:
            if let position = position(of: command.instrument) { rows[position].referencePrice = command.price }
        case .list:
            guard listedCount < listedCapacity, position(of: command.instrument) == nil else { return }
            (listed + listedCount).initialize(to: command.instrument)
            (rows + count + listedCount).initialize(to: Row(limits: limitsOfListed, referencePrice: 0))
            listedCount &+= 1
        default: break
        }
    }

    /// Row of an instrument. Those listed since the start are few, and looked through.
    private borrowing func position(of instrument: UInt32) -> Int? {
        if let position = index.position(of: instrument) { return position }
        for place in 0..<listedCount where listed[place] == instrument { return count &+ place }
        return nil
    }

    public borrowing func combine(into hash: inout StateHash) {
        for place in 0..<listedCount { hash.combine(UInt64(listed[place])) }
        for position in 0..<(count &+ listedCount) { hash.combine(rows[position].referencePrice) }
    }
}
