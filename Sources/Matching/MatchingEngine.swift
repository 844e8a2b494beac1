import Orders

/// Order books of a set of instruments, and everything that happens in them: see README.md for the rules.
///
/// One thread, no allocation after `init` except for instruments listed later, no clock: the result depends on the commands alone. Every command
/// of a client gets exactly one answer. An order is named by (session, client order identifier).
///
/// Cost: an order, cancel or replace in a book with plain FIFO orders alone takes one look-up in the index and one in the
/// bitmap of prices, constant; a trade adds a constant per order it meets. A price outside the array of its book adds at
/// most 64 steps and a bounded move of the array. Pegs, all-or-none orders and trailing stops add a constant for each such
/// order of the book; a stop, hidden or good-till-date order at most 64 steps; sharing a level, an auction or a mass
/// cancel a constant per order concerned. The README's §11 has the bounds of each command.
public struct MatchingEngine: ~Copyable {
    let index: InstrumentIndex
    /// Behind the last there can be is a blank one: all bytes zero, not plain, of no instrument.
    let books: UnsafeMutablePointer<Book>
    /// The first book of the instrument that was looked up last, since most commands follow one of the same instrument; at
    /// first the blank book.
    var recent: UnsafeMutablePointer<Book>
    var bookCount = 0
    let bookCapacity: Int
    var arena: OrderArena
    /// The record before was of kind `terms`.
    var hasTerms = false
    let nodes: LevelNodes
    var expiry: ExpiryHeap
    /// Trades so far; the last one's number.
    public internal(set) var tradeCount: UInt64 = 0
    /// Firm of each session.
    let firms: UnsafeMutablePointer<UInt32>
    /// For sharing a level: 4 bytes per order; for an auction: 16.
    let scratch: UnsafeMutableRawPointer
    /// When something is due without a command: nanoseconds since the Unix epoch, `UInt64.max` for never. The sequencer makes a
    /// command of kind `timer` then.
    public internal(set) var nextDeadlineNanoseconds = UInt64.max
    var terms = Command(kind: .none)
    /// Means nothing: see `lookAhead`.
    var lookedAt: UInt64 = 0

    /// - Parameters:
    ///   - instruments: identifiers unique and not 0.
    ///   - maximumInstruments: how many there may be with those listed later.
    ///   - maximumOrders: live orders in all books together; nil: the sum of the instruments'.
    ///   - firms: firm of each session, for self-trade prevention; a session that is not there is a firm of its own.
    ///   - seed: of the index, so that nobody can choose identifiers that fall together. Results do not depend on it.
    public init(
        instruments: [InstrumentSpecification], maximumInstruments: Int? = nil, maximumOrders: Int? = nil,
        firms: [UInt32: UInt32] = [:], seed: UInt64 = 0x5769_7373_656C
    ) {
        let instrumentCount = max(instruments.count, maximumInstruments ?? 0)
        index = InstrumentIndex([], maximum: instrumentCount)
        bookCapacity = instrumentCount + instruments.count { $0.secondAllocation != nil }
        let bytes = (bookCapacity + 1) * MemoryLayout<Book>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        books = memory.assumingMemoryBound(to: Book.self)
        recent = books + bookCapacity
        let orders =
            maximumOrders ?? instruments.reduce(0) { $0 + $1.maximumOrders * ($1.secondAllocation == nil ? 1 : 2) }
        arena = OrderArena(capacity: max(1, orders), seed: seed)
        nodes = LevelNodes(capacity: arena.capacity + 64)
        expiry = ExpiryHeap(arena)
        self.firms = .allocate(capacity: OrderArena.maximumSession + 1)
        for session in 0...UInt32(OrderArena.maximumSession) {
            (self.firms + Int(session)).initialize(to: firms[session] ?? session)
        }
        scratch = .allocate(byteCount: 16 * (arena.capacity + 2), alignment: 16)
        for instrument in instruments { list(instrument) }
    }

    deinit {
        for position in 0..<bookCount { books[position].deallocate() }
        books.deallocate()
        index.deallocate()
        nodes.deallocate()
        firms.deallocate()
        scratch.deallocate()
    }

    mutating func list(_ instrument: InstrumentSpecification) {
        let first = bookCount
        index.insert(instrument.id, position: first)
        (books + first).initialize(to: Book(instrument, rule: instrument.allocation, at: first))
        bookCount += 1
        guard let rule = instrument.secondAllocation else { return }
        (books + bookCount).initialize(to: Book(instrument, rule: rule, at: bookCount))
        books[first].companion = bookCount
        bookCount += 1
    }

    /// Takes the pages that this many live orders will need from the kernel now, where memory is not locked anyway.
    public func touchMemory(orders: Int) { arena.touch(orders: orders) }

    /// Makes an instrument's first book the recent one, if there is such an instrument; whether it was another one.
    @discardableResult mutating func lookUp(_ instrument: UInt32) -> Bool {
        guard recent.pointee.instrument != instrument, let position = index.position(of: instrument) else {
            return false
        }
        recent = books + position
        return true
    }

    /// Applies one command and appends its reports.
    public mutating func apply(_ command: UnsafePointer<Command>, into sink: inout ReportSink) {
        if !goStraight(command, &sink) { process(command, &sink) }
    }

    public mutating func apply(_ command: Command, into sink: inout ReportSink) {
        withUnsafePointer(to: command) { apply($0, into: &sink) }
    }

    /// The same without making reports; returns how many there would have been. For measuring.
    public mutating func applySilently(_ command: UnsafePointer<Command>) -> UInt64 {
        // The straight way has a count of its own, which needs no place in memory.
        var none = NoReports()
        return goStraight(command, &none) ? none.count : processSilently(command)
    }

    public mutating func applySilently(_ command: Command) -> UInt64 {
        withUnsafePointer(to: command) { applySilently($0) }
    }

    @inline(never) private mutating func processSilently(_ command: UnsafePointer<Command>) -> UInt64 {
        var none = NoReports()
        process(command, &none)
        return none.count
    }

    /// Whether the straight way was taken; nothing has been done otherwise.
    @inline(__always) private mutating func goStraight<Receiver: MatchReceiver>(
        _ command: UnsafePointer<Command>, _ receiver: inout Receiver
    ) -> Bool {
        guard command.timestampNanoseconds < nextDeadlineNanoseconds else { return false }
        return command.kind == .cancel ? cancelStraight(command, &receiver) : enterStraight(command, &receiver)
    }

    /// The ways that take everything, and what nearly everything takes when the instrument is not the recent one.
    @inline(never) private mutating func process<Receiver: MatchReceiver>(
        _ command: UnsafePointer<Command>, _ receiver: inout Receiver
    ) {
        if command.timestampNanoseconds >= nextDeadlineNanoseconds { runDue(command.pointee, &receiver) }
        switch command.kind {
        case .newOrder:
            if lookUp(command.instrument), enterStraight(command, &receiver) { return }
            enterPlain(command.pointee, &receiver)
        case .cancel:
            if lookUp(command.instrument), cancelStraight(command, &receiver) { return }
            cancelAny(command.pointee, &receiver)
        case .replace:
            if !replaceStraight(command, &receiver) { replacePlain(command.pointee, &receiver) }
        default: processOther(command.pointee, &receiver)
        }
    }

    @inline(never) private mutating func processOther<Receiver: MatchReceiver>(
        _ command: Command, _ receiver: inout Receiver
    ) {
        hasTerms = false
        switch command.kind {
        case .terms:
            terms = command
            hasTerms = true
        case .quote: quote(command, &receiver)
        case .massCancel: massCancel(command, &receiver)
        case .sessionTerminated: if command.flags & 0x80 != 0 { disconnect(command, &receiver) }
        case .phase: changePhase(command, &receiver)
        case .setInstrument: setInstrument(command, &receiver)
        case .indicate: indicate(command, &receiver)
        case .none, .newOrder, .cancel, .replace, .sessionEstablished, .checkpoint, .timer, .setRisk, .rule: break
        }
    }
}
