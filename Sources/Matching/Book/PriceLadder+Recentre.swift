import Orders

/// Moving the ring with the market, a bounded piece at a time.
extension PriceLadder {
    /// Words looked at per move.
    private static let stepsPerMove = 64
    /// Words with levels that leave, and that come.
    private static let wordsPerMove = 2

    /// After a level came into the tree: brings the ring nearer to the best price.
    ///
    /// Down when a better key than the ring's is in the tree; up when the lower half of the ring has become empty. Levels that change between
    /// tree and ring: at most those of two words out and two words in. Until the ring has arrived, trading goes on in the tree.
    @inline(never) mutating func recentre(_ nodes: LevelNodes) {
        // Market orders of an auction have keys before all prices; the ring does not run after them.
        let lowestInTree = tree.first(from: -InstrumentSpecification.priceBound, nodes)
        guard words[0] != 0 else {
            guard lowestInTree != .max else { return }
            // Market orders of an auction stay outside, whatever the prices.
            setLow(max(Self.wordStart(lowestInTree) &- Int64(room / 4), Self.lowest))
            span = UInt64(Self.wordStart(lowestInTree) &- low)
            extend(nodes)
            return
        }
        if lowestInTree < low {
            moveDown(to: lowestInTree, nodes)
            return
        }
        let distance = best &- low
        if distance > Int64(room / 2) {
            // Whatever lies before the best level is empty.
            let step = Self.wordStart(distance &- Int64(room / 4))
            setLow(low &+ step)
            span &-= UInt64(step)
        }
        extend(nodes)
    }

    /// Past at most two words that have levels at the end and two at the beginning: a market that betters itself with each
    /// order leaves one of each behind, so that with one alone the ring would never come up with it.
    private mutating func moveDown(to lowest: Int64, _ nodes: LevelNodes) {
        var (leaving, coming) = (0, 0)
        for _ in 0..<Self.stepsPerMove where lowest < low {
            if span == room, evictLast(nodes) { leaving &+= 1 }
            setLow(low &- Self.word)
            span &+= UInt64(Self.word)
            if takeIn(from: low, nodes) { coming &+= 1 }
            if leaving == Self.wordsPerMove || coming == Self.wordsPerMove { return }
        }
    }

    /// Lets the ring grow at its end, past what is empty and over at most one word that has levels in the tree.
    private mutating func extend(_ nodes: LevelNodes) {
        guard span < room else { return }
        let next = tree.first(from: low &+ Int64(span), nodes)
        if next >= low &+ Int64(room) {
            span = room
        } else {
            span = UInt64(Self.wordStart(next) &- low &+ Self.word)
            _ = takeIn(from: Self.wordStart(next), nodes)
        }
    }

    /// Brings the tree's levels of a word into the ring; whether there was one.
    private mutating func takeIn(from start: Int64, _ nodes: LevelNodes) -> Bool {
        var key = tree.first(from: start, nodes)
        guard key < start &+ Self.word else { return false }
        while key < start &+ Self.word {
            levels[place(key)] = tree.find(key, nodes).unsafelyUnwrapped.pointee
            mark(place(key))
            tree.remove(key, nodes)
            key = tree.first(from: start, nodes)
        }
        return true
    }

    /// Puts the levels of the ring's last word into the tree and gives the word up; whether there was one.
    private mutating func evictLast(_ nodes: LevelNodes) -> Bool {
        let start = low &+ Int64(span) &- Self.word
        var key = firstInRing(from: start)
        let hasMoved = key < start &+ Self.word
        while key < start &+ Self.word {
            tree.findOrInsert(key, nodes).pointee = levels[place(key)]
            levels[place(key)] = PriceLevel()
            clear(place(key), if: true)
            key = firstInRing(from: start)
        }
        span &-= UInt64(Self.word)
        return hasMoved
    }
}
