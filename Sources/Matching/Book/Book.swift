import Orders

/// One order book: an instrument's first or second. Plain memory, owned by the engine.
struct Book {
    // First, and one behind the other, so that a side is found by arithmetic: see `UnsafeMutablePointer.side`.
    private var buys: BookSide
    private var sells: BookSide

    // What every order is held against.
    /// The instrument's identifier.
    let instrument: UInt32
    /// Its place among the engine's books.
    let position: UInt32
    /// Nothing but plain FIFO among lit orders goes on: the straight and the plain way may be taken.
    private(set) var isPlain = false
    var phase: TradingPhase
    /// While the book is plain `Request.marks` of a buy for the day, else what are the marks of nothing: see `isOrdinary`.
    private var ordinaryMarks = UInt64.max
    var minimumPrice: Int64
    /// `maximumPrice` less `minimumPrice`.
    private var bandWidth: UInt64 = 0
    var maximumOrders: Int
    var count = 0
    var maximumPrice: Int64
    /// The instrument's other book, -1 when there is none.
    var companion = -1
    /// The price of the last trade; before the first the reference price.
    var lastPrice: Int64
    var hasTraded = false

    var lot: UInt32
    var ticks: TickTable
    var rule: AllocationRule
    let makers: UnsafeMutablePointer<InstrumentSpecification.MarketMaker>
    var makerCount = 0
    var dynamicRange: Int64
    var staticRange: Int64
    var staticReference: Int64
    var interruptionNanoseconds: UInt64
    /// When the interruption ends; `UInt64.max`: not by itself.
    var interruptionEnd = UInt64.max

    /// Orders in stops, pegs and dark places, and triggered ones.
    var specialCount = 0
    var stopCount = 0
    /// Triggered stops that have not acted yet, and at-close orders before the closing auction.
    var triggered = PriceLevel()
    var waiting = PriceLevel()

    /// Price of a market order that waits for an auction, before all others.
    static func marketPrice(_ side: Side) -> Int64 {
        side == .buy ? InstrumentSpecification.priceBound + 1 : -InstrumentSpecification.priceBound - 1
    }

    static func isMarketPrice(_ price: Int64) -> Bool {
        price > InstrumentSpecification.priceBound || price < -InstrumentSpecification.priceBound
    }

    init(_ specification: InstrumentSpecification, rule: AllocationRule, at position: Int) {
        let bound = InstrumentSpecification.priceBound
        precondition(
            specification.minimumPrice >= -bound && specification.maximumPrice <= bound
                && specification.minimumPrice <= specification.maximumPrice
                && specification.referencePrice.magnitude <= bound.magnitude,
            "\(specification.symbol): the price band is empty or, like the reference, not within ±2⁶²")
        precondition(specification.lotSize >= 1, "\(specification.symbol): a lot is at least 1")
        precondition(
            specification.marketMakers.count <= InstrumentSpecification.maximumMarketMakers,
            "\(specification.symbol): more than 16 market makers")
        instrument = specification.id
        self.position = UInt32(position)
        let (width, reference) = (specification.windowTicks, specification.referencePrice)
        buys = BookSide(windowTicks: width, referencePrice: reference, .buy)
        sells = BookSide(windowTicks: width, referencePrice: reference, .sell)
        phase = specification.phase
        minimumPrice = specification.minimumPrice
        maximumPrice = specification.maximumPrice
        maximumOrders = specification.maximumOrders
        lastPrice = specification.referencePrice
        staticReference = specification.referencePrice
        lot = specification.lotSize
        ticks = TickTable(specification.tickSteps)
        self.rule = rule
        makers = .allocate(capacity: InstrumentSpecification.maximumMarketMakers)
        for maker in specification.marketMakers {
            (makers + makerCount).initialize(to: maker)
            makerCount += 1
        }
        dynamicRange = specification.dynamicRange
        staticRange = specification.staticRange
        interruptionNanoseconds = specification.interruptionNanoseconds
        reconsider()
    }

    func deallocate() {
        buys.deallocate()
        sells.deallocate()
        ticks.deallocate()
        makers.deallocate()
    }

    /// To be called when something changed that `isPlain` depends on.
    mutating func reconsider() {
        isPlain =
            phase == .continuous && rule.algorithm == .fifo && ticks.isTrivial && lot == 1 && specialCount == 0
            && dynamicRange == 0 && staticRange == 0
        let buy = Command(kind: .newOrder, instrument: instrument, side: .buy, timeInForce: .day)
        ordinaryMarks = isPlain ? buy.marks : .max
        bandWidth = UInt64(bitPattern: maximumPrice &- minimumPrice)
    }

    /// Whether these are the marks of a new order of this book, which is plain: buy or sell, day or immediate-or-cancel, no flags.
    ///
    /// Side and time in force count from 1, and the lowest bit of their difference may be set; what is 0 borrows, which sets more.
    @inline(__always) func isOrdinary(marks: UInt64) -> Bool {
        (marks &- ordinaryMarks) & 0xFFFE_FEFF_FFFF_FFFF == 0
    }

    @inline(__always) func isInBand(_ price: Int64) -> Bool {
        UInt64(bitPattern: price &- minimumPrice) <= bandWidth
    }
}

extension UnsafeMutablePointer<Book> {
    /// Buys or sells of a book.
    @inline(__always) func side(_ side: Side) -> UnsafeMutablePointer<BookSide> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: BookSide.self) + side.index
    }

    /// The same of the opposite one.
    @inline(__always) func side(against side: Side) -> UnsafeMutablePointer<BookSide> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: BookSide.self) + (1 &- side.index)
    }
}
