import Orders

/// The price levels of one side, the best first: an array for the prices near the market, a tree for all others.
///
/// A price is held as a *key*: the price of a sell, the negated price of a buy, so that the lowest key is the best on both sides
/// and there is one algorithm for both. The array is a ring of `width` keys; above it lies a bitmap of three layers, 64 to one, so
/// that the best level is found with three loads, and remembered until a level comes or goes. The keys from `low`, `span` of
/// them, live in the ring, all others in the tree. The ring moves with the market, a few words of 64 keys with each operation in
/// the tree (see `PriceLadder+Recentre`). One unit of 4,096 keys is always left free, so that the search can begin at the unit of `low`.
///
/// Cost: append, remove and best are constant within the ring; in the tree they take up to 64 steps, and a move at most 128 levels out,
/// 128 in, and 64 words looked at. Memory: 8 bytes and 1/8 of one per key of the ring, 28 per level in the tree.
struct PriceLadder {
    let levels: UnsafeMutablePointer<PriceLevel>
    /// Word 0: units that have levels; then words of a unit that have levels; from `firstWord` levels that have orders.
    let words: UnsafeMutablePointer<UInt64>
    /// First key that lives in the ring, a multiple of 64.
    private(set) var low: Int64
    /// How many do.
    var span: UInt64
    let placeMask: Int64
    /// The lowest key that has orders, `Int64.max` when there is none.
    private(set) var best = Int64.max
    /// Bits of the units from that of `low` on.
    private var unitsFromLow: UInt64
    var tree = LevelTree()

    static let firstUnit = 8
    static let firstWord = 128
    static let unit: Int64 = 4_096
    static let word: Int64 = 64
    static let widths = 8_192...262_144
    /// No limit has a key below this, a multiple of 64.
    static var lowest: Int64 { -InstrumentSpecification.priceBound }

    var width: Int { Int(placeMask) + 1 }
    /// Most keys that may live in the ring.
    var room: UInt64 { UInt64(placeMask &+ 1 &- Self.unit) }

    /// - Parameter width: a power of two, 8,192…262,144.
    init(width: Int, around key: Int64) {
        precondition(
            Self.widths.contains(width) && width.nonzeroBitCount == 1,
            "a ring of \(width) prices is not a power of two from 8,192 to 262,144")
        placeMask = Int64(width - 1)
        levels = LargeMemory.allocate(PriceLevel.self, count: width)
        words = LargeMemory.allocate(UInt64.self, count: Self.firstWord + width / 64)
        span = UInt64(Int64(width) - Self.unit)
        low = 0
        unitsFromLow = 0
        setLow(max(Self.wordStart(key) - Int64(span / 128 * 64), Self.lowest))
    }

    func deallocate() {
        LargeMemory.deallocate(levels, count: width)
        LargeMemory.deallocate(words, count: Self.firstWord + width / 64)
    }

    mutating func setLow(_ key: Int64) {
        low = key
        unitsFromLow = .max &<< UInt64((key & placeMask) &>> 12)
    }

    @inline(__always) static func wordStart(_ key: Int64) -> Int64 { key & ~(word &- 1) }
    @inline(__always) func isInRing(_ key: Int64) -> Bool { UInt64(bitPattern: key &- low) < span }
    @inline(__always) func place(_ key: Int64) -> Int { Int(truncatingIfNeeded: key & placeMask) }
    @inline(__always) func keyAt(_ place: Int) -> Int64 { low &+ (Int64(place) &- low) & placeMask }

    // MARK: Best

    /// To be called when a level has gone. An order asks for the best key more often than one takes a level away.
    @inline(__always) private mutating func findBest() { best = lowestKey }

    @inline(__always) private var lowestKey: Int64 {
        let top = words[0]
        guard top != 0 else { return tree.lowest }
        // The units in the order of their keys begin at that of `low`, and go on from the first.
        let fromLow = top & unitsFromLow
        let unit = (fromLow != 0 ? fromLow : top).trailingZeroBitCount
        let word = unit &<< 6 | words[Self.firstUnit &+ unit].trailingZeroBitCount
        let place = word &<< 6 | words[Self.firstWord &+ word].trailingZeroBitCount
        let key = keyAt(place)
        return tree.lowest < low ? tree.lowest : key
    }

    /// The lowest key not below `key` that has orders, `Int64.max` when there is none.
    func first(from key: Int64, _ nodes: LevelNodes) -> Int64 {
        min(firstInRing(from: key), tree.isEmpty ? .max : tree.first(from: key, nodes))
    }

    func firstInRing(from key: Int64) -> Int64 {
        let end = low &+ Int64(span)
        let start = max(key, low)
        guard words[0] != 0, start < end else { return .max }
        // The rest of the word, of the unit, then whole units.
        let position = place(start)
        let rest = words[Self.firstWord &+ position &>> 6] & (.max &<< UInt64(position & 63))
        if rest != 0 { return keyAt(position & ~63 | rest.trailingZeroBitCount) }
        let inUnit = (position &>> 6) & 63
        let wordsLeft = inUnit == 63 ? 0 : words[Self.firstUnit &+ position &>> 12] & (.max &<< UInt64(inUnit &+ 1))
        var unit = position &>> 12
        if wordsLeft != 0 { return firstOfWord(unit &<< 6 | wordsLeft.trailingZeroBitCount) }
        var next = start & ~(Self.unit &- 1) &+ Self.unit
        while next < end {
            unit = place(next) &>> 12
            let words = words[Self.firstUnit &+ unit]
            if words != 0 { return firstOfWord(unit &<< 6 | words.trailingZeroBitCount) }
            next &+= Self.unit
        }
        return .max
    }

    private func firstOfWord(_ word: Int) -> Int64 {
        keyAt(word &<< 6 | words[Self.firstWord &+ word].trailingZeroBitCount)
    }

    // MARK: Levels

    /// The level of a key that has orders.
    @inline(__always) func level(_ key: Int64, _ nodes: LevelNodes) -> UnsafeMutablePointer<PriceLevel> {
        isInRing(key) ? levels + place(key) : levelInTree(key, nodes)
    }

    @inline(never) private func levelInTree(_ key: Int64, _ nodes: LevelNodes) -> UnsafeMutablePointer<PriceLevel> {
        // Every key outside the ring that has orders is in the tree.
        tree.find(key, nodes).unsafelyUnwrapped
    }

    /// The level of a key, empty or not; nil when it has none.
    func levelIfAny(_ key: Int64, _ nodes: LevelNodes) -> UnsafeMutablePointer<PriceLevel>? {
        isInRing(key) ? levels + place(key) : tree.find(key, nodes)
    }

    /// The last order of a key's queue, `RestingOrder.none` when it has none or does not live in the ring.
    @inline(__always) func lastInRing(_ key: Int64) -> UInt32 {
        let place = place(key)
        return isMarked(place) && isInRing(key) ? levels[place].tail : RestingOrder.none
    }

    /// Puts an order at the end of the queue of a key.
    @inline(__always) mutating func append(
        _ position: UInt32, key: Int64, _ orders: UnsafeMutablePointer<RestingOrder>, _ nodes: LevelNodes
    ) {
        guard isInRing(key) else {
            appendInTree(position, key: key, orders, nodes)
            return
        }
        appendInRing(position, key: key, orders)
    }

    /// The same for a key that lives in the ring.
    @inline(__always) mutating func appendInRing(
        _ position: UInt32, key: Int64, _ orders: UnsafeMutablePointer<RestingOrder>
    ) {
        let last = appendInRing(position, key: key)
        orders[Int(position)].next = RestingOrder.none
        orders[Int(position)].previous = last
        orders[Int(last)].next = position
    }

    /// The same but for the links between the orders: returns the order that was the last.
    @inline(__always) mutating func appendInRing(_ position: UInt32, key: Int64) -> UInt32 {
        let place = place(key)
        // Of most keys the bits alone tell that there is no queue, and they are nearly always in the cache, which a level seldom is.
        guard isMarked(place) else {
            levels[place] = PriceLevel().appending(position)
            mark(place)
            best = min(best, key)
            return RestingOrder.none
        }
        let queue = levels[place]
        levels[place] = queue.following(position)
        return queue.tail
    }

    @inline(never) private mutating func appendInTree(
        _ position: UInt32, key: Int64, _ orders: UnsafeMutablePointer<RestingOrder>, _ nodes: LevelNodes
    ) {
        tree.findOrInsert(key, nodes).pointee.append(position, orders)
        best = min(best, key)
        recentre(nodes)
    }

    /// Takes an order out of the queue of a key.
    @inline(__always) mutating func remove(
        _ position: UInt32, key: Int64, _ orders: UnsafeMutablePointer<RestingOrder>, _ nodes: LevelNodes
    ) {
        guard isInRing(key) else {
            removeInTree(position, key: key, orders, nodes)
            return
        }
        removeFromRing(position, key: key, orders)
    }

    /// The same for a key that lives in the ring.
    @inline(__always) mutating func removeFromRing(
        _ position: UInt32, key: Int64, _ orders: UnsafeMutablePointer<RestingOrder>
    ) {
        let place = place(key)
        guard orders[Int(position)].next | orders[Int(position)].previous == RestingOrder.none else {
            levels[place].remove(position, orders)
            return
        }
        // It was alone.
        levels[place] = PriceLevel()
        clear(place)
        findBest()
    }

    @inline(never) private mutating func removeInTree(
        _ position: UInt32, key: Int64, _ orders: UnsafeMutablePointer<RestingOrder>, _ nodes: LevelNodes
    ) {
        let level = levelInTree(key, nodes)
        level.pointee.remove(position, orders)
        if level.pointee.isEmpty { dropFromTree(key, nodes) }
    }

    /// Forgets a level that has no orders any more.
    @inline(__always) mutating func dropLevel(_ key: Int64, _ nodes: LevelNodes) {
        if isInRing(key) {
            clear(place(key))
            findBest()
        } else {
            dropFromTree(key, nodes)
        }
    }

    @inline(never) private mutating func dropFromTree(_ key: Int64, _ nodes: LevelNodes) {
        tree.remove(key, nodes)
        findBest()
    }

    // MARK: Bits

    /// By bytes, or the compiler would make ready what `mark` needs whether it is needed or not.
    @inline(__always) func isMarked(_ place: Int) -> Bool {
        let byte = UnsafeRawPointer(words + Self.firstWord).load(fromByteOffset: place &>> 3, as: UInt8.self)
        return byte &>> UInt8(truncatingIfNeeded: place & 7) & 1 != 0
    }

    @inline(__always) func mark(_ place: Int) {
        words[Self.firstWord &+ place &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: place)
        words[Self.firstUnit &+ place &>> 12] |= 1 &<< UInt64(truncatingIfNeeded: place &>> 6)
        words[0] |= 1 &<< UInt64(truncatingIfNeeded: place &>> 12)
    }

    /// Whether a word is empty then cannot be guessed, so there is no branch for it; a unit seldom is.
    @inline(__always) func clear(_ place: Int) {
        let left = words[Self.firstWord &+ place &>> 6] & ~(1 &<< UInt64(truncatingIfNeeded: place))
        words[Self.firstWord &+ place &>> 6] = left
        let empty: UInt64 = left == 0 ? 1 : 0
        let wordsLeft = words[Self.firstUnit &+ place &>> 12] & ~(empty &<< UInt64(truncatingIfNeeded: place &>> 6))
        words[Self.firstUnit &+ place &>> 12] = wordsLeft
        if wordsLeft == 0 { words[0] &= ~(1 &<< UInt64(truncatingIfNeeded: place &>> 12)) }
    }
}
