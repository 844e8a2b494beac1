/// What is known of a symbol on one feed.
struct SymbolRow {
    /// Eight ASCII characters, blank-padded, first character in the lowest byte; 0 is an empty row.
    var symbol: UInt64
    var bids = PriceLevels.Side()
    var offers = PriceLevels.Side()
    var timestampNanoseconds: UInt64 = 0
}

/// Symbols to rows: open addressing over raw memory, at most half full, symbols are never removed.
struct SymbolTable {
    private let rows: UnsafeMutablePointer<SymbolRow>
    private let mask: UInt64
    private let limit: Int
    private(set) var count = 0

    /// - Parameter capacity: symbols the table takes.
    init(capacity: Int) {
        var slots = 16
        while slots < capacity * 2 { slots *= 2 }
        rows = .allocate(capacity: slots)
        rows.initialize(repeating: SymbolRow(symbol: 0), count: slots)
        mask = UInt64(slots - 1)
        limit = capacity
    }

    func deallocate() { rows.deallocate() }

    @inline(__always) private func place(_ symbol: UInt64) -> UnsafeMutablePointer<SymbolRow> {
        let mixed = (symbol ^ (symbol >> 29)) &* 0xBF58_476D_1CE4_E5B9
        var place = (mixed ^ (mixed >> 32)) & mask
        while true {
            let row = rows + Int(truncatingIfNeeded: place)
            if row.pointee.symbol == symbol || row.pointee.symbol == 0 { return row }
            place = (place &+ 1) & mask
        }
    }

    /// The symbol's row, made if it is new; nil when the table is full.
    @inline(__always) mutating func row(_ symbol: UInt64) -> UnsafeMutablePointer<SymbolRow>? {
        let row = place(symbol)
        if row.pointee.symbol == symbol { return row }
        guard count < limit, symbol != 0 else { return nil }
        row.pointee.symbol = symbol
        count &+= 1
        return row
    }

    func find(_ symbol: UInt64) -> UnsafeMutablePointer<SymbolRow>? {
        let row = place(symbol)
        return symbol != 0 && row.pointee.symbol == symbol ? row : nil
    }
}
