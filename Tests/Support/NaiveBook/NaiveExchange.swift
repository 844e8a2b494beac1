import Orders

/// The rules of `Sources/Matching/README.md`, one after the other, in the simplest code that follows them: the judge of
/// the matching engine.
///
/// Orders and books are objects, so a copy is no copy; make one for each run.
public struct NaiveExchange {
    /// An instrument's books: one or two.
    struct Listing {
        let id: UInt32
        let books: [NaiveBook]
    }

    let maximumInstruments: Int
    let maximumOrders: Int
    let firms: [UInt32: UInt32]
    var listings: [Listing] = []
    /// Each session's live orders, in the order mass cancels and the end of the day go through from the end.
    var rosters: [UInt32: [NaiveOrder]] = [:]
    /// Number of the last trade.
    public internal(set) var trades: UInt64 = 0
    /// Counts places given in queues.
    var places: UInt64 = 0
    /// The command being applied, and what it has caused so far.
    var command = Command(kind: .none)
    var reports: [ExecutionReport] = []
    var keptTerms: Command?

    public init(
        instruments: [InstrumentSpecification], maximumInstruments: Int, maximumOrders: Int,
        firms: [UInt32: UInt32] = [:]
    ) {
        self.maximumInstruments = maximumInstruments
        self.maximumOrders = maximumOrders
        self.firms = firms
        for specification in instruments {
            let rules = [specification.allocation] + (specification.secondAllocation.map { [$0] } ?? [])
            listings.append(Listing(id: specification.id, books: rules.map { NaiveBook(specification, $0) }))
        }
    }

    /// What a command causes, what is due before it included.
    public mutating func apply(_ command: Command) -> [ExecutionReport] {
        self.command = command
        reports = []
        happenDue()
        let kept = keptTerms
        keptTerms = command.kind == .terms ? command : nil
        switch command.kind {
        case .newOrder: enter(command, kept)
        case .cancel: cancel(command)
        case .replace: replace(command)
        case .quote: quote(command)
        case .massCancel: massCancel(command)
        case .sessionTerminated: if command.flags & 0x80 != 0 { disconnect(command) }
        case .phase: changePhase(command)
        case .setInstrument: setInstrument(command)
        case .indicate: indicate(command)
        case .none, .sessionEstablished, .checkpoint, .terms, .timer, .setRisk, .rule: break
        }
        for listing in listings { for book in listing.books { settle(book) } }
        return reports
    }

    /// Orders that are live, in all places of all books.
    public var liveOrderCount: Int { listings.flatMap(\.books).reduce(0) { $0 + $1.orders.count } }

    /// Best price shown in an instrument's first book, unpriced orders aside.
    public func bestBid(instrument: UInt32) -> Int64? { books(instrument).first?.best(.buy) }
    /// Best price shown in an instrument's first book, unpriced orders aside.
    public func bestAsk(instrument: UInt32) -> Int64? { books(instrument).first?.best(.sell) }

    /// Phase of an instrument's first book.
    public func phase(instrument: UInt32) -> TradingPhase? { books(instrument).first?.phase }

    // MARK: What every rule needs

    func books(_ instrument: UInt32) -> [NaiveBook] { listings.first { $0.id == instrument }?.books ?? [] }

    func book(of order: NaiveOrder) -> NaiveBook {
        books(order.instrument)[order.conditions.contains(.secondBook) ? 1 : 0]
    }

    /// A session's live order of this identifier.
    func order(_ session: UInt32, _ clientOrderID: UInt64) -> NaiveOrder? {
        rosters[session]?.first { $0.clientOrderID == clientOrderID }
    }

    /// Gives an order a place behind all that are there.
    mutating func put(_ order: NaiveOrder, _ place: NaiveOrder.Place) {
        places += 1
        order.place = place
        order.queued = places
        // Its first place makes it live.
        if rosters[order.session]?.contains(where: { $0 === order }) == true { return }
        rosters[order.session, default: []].append(order)
        book(of: order).orders.append(order)
    }

    /// Takes an order off that is gone, if it was live at all.
    mutating func remove(_ order: NaiveOrder) {
        guard var roster = rosters[order.session], let place = roster.firstIndex(where: { $0 === order }) else {
            return
        }
        roster[place] = roster[roster.count - 1]
        roster.removeLast()
        rosters[order.session] = roster
        book(of: order).orders.removeAll { $0 === order }
    }

    func report(
        _ kind: ReportKind, _ order: NaiveOrder, lost: UInt32 = 0, clientSequence: UInt64 = 0,
        reason: RejectReason = .none
    ) -> ExecutionReport {
        ExecutionReport(
            kind: kind, sequence: command.sequence, timestampNanoseconds: command.timestampNanoseconds,
            clientSequence: clientSequence, orderID: order.orderID, clientOrderID: order.clientOrderID,
            price: order.price, lastQuantity: lost, leavesQuantity: order.leaves, cumulativeQuantity: order.traded,
            session: order.session, instrument: order.instrument, side: order.side, reason: reason)
    }

    /// Ends an order that nobody asked to end.
    mutating func end(_ order: NaiveOrder, _ reason: RejectReason, clientSequence: UInt64 = 0) {
        let lost = order.leaves
        order.leaves = 0
        reports.append(report(.cancelled, order, lost: lost, clientSequence: clientSequence, reason: reason))
        remove(order)
    }
}
