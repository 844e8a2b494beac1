import Orders

/// All orders of one side of a book, by the places of the rules' §2. Plain memory, owned by the engine.
struct BookSide {
    var lit: PriceLadder
    /// Hidden and all-or-none orders by key.
    var dark = LevelTree()
    var darkCount = 0
    var allOrNoneCount = 0
    /// Pegged orders in order of time.
    var pegs = PriceLevel()
    var pegCount = 0
    /// Stops by trigger, the first to be triggered first.
    var stops = LevelTree()
    /// Trailing stops in order of entry, through their extensions.
    var firstTrailing = RestingOrder.none
    var lastTrailing = RestingOrder.none
    /// The order that bettered the market, for algorithms that favour it.
    var top = RestingOrder.none

    init(windowTicks: Int, referencePrice: Int64, _ side: Side) {
        lit = PriceLadder(width: windowTicks, around: Self.key(referencePrice, side))
    }

    func deallocate() { lit.deallocate() }

    /// A price as a key of a side: the lower the better. Keys turn back into prices the same way.
    @inline(__always) static func key(_ price: Int64, _ side: Side) -> Int64 {
        // Of a buy -1, of a sell 0: no branch, no look at a table.
        let mask = Int64(side.rawValue) &- 2
        return (price ^ mask) &- mask
    }

    /// Stops are triggered in the order of the price they wait for: a buy by rising prices, the lowest first.
    @inline(__always) static func triggerKey(_ price: Int64, _ side: Side) -> Int64 { key(price, side.opposite) }
}

extension Side {
    /// Position of a side in a pair: buy 0, sell 1.
    @inline(__always) var index: Int { Int(rawValue) &- 1 }
}
