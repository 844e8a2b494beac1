/// Price levels of all symbols and sides in one arena, without allocation after `init`.
///
/// A side is a row sorted so that its best level is the last: an update near the top, the usual one, moves few bytes. A
/// row grows by moving to a chunk of twice the size; chunks given up are kept per size. Prices are sorted by a key (the
/// price for bids, its negative for offers), so that both sides are one algorithm. Cost of an update: a binary search,
/// and moving the levels better than the one inserted or removed.
struct PriceLevels {
    struct Level: BitwiseCopyable {
        var key: Int64
        var size: UInt32
    }

    /// One side of a symbol.
    struct Side: BitwiseCopyable {
        /// First level in the arena.
        var start: UInt32 = 0
        var count: UInt32 = 0
        /// Size class + 1; 0: no chunk yet.
        var chunk: UInt32 = 0
    }

    private static let smallestChunk = 8
    private static let classes = 16
    private static let none = UInt32.max

    private let arena: UnsafeMutablePointer<Level>
    private let capacity: Int
    private var untouched = 0
    /// First free chunk by size class; a free chunk's first level holds the next one in `size`.
    private var free = InlineArray<16, UInt32>(repeating: UInt32.max)

    init(capacity: Int) {
        arena = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    func deallocate() { arena.deallocate() }

    /// Best level of a side.
    @inline(__always) func best(_ side: Side) -> Level? {
        side.count == 0 ? nil : arena[Int(side.start &+ side.count &- 1)]
    }

    /// Sets a level's size; 0 removes it. False when the arena is exhausted and the level could not be kept.
    @inline(__always) mutating func set(_ key: Int64, size: UInt32, in side: inout Side) -> Bool {
        let levels = arena + Int(side.start)
        let position = lowerBound(key, levels, Int(side.count))
        let isThere = position < Int(side.count) && levels[position].key == key
        if size == 0 {
            guard isThere else { return true }
            (levels + position).update(from: levels + position + 1, count: Int(side.count) &- position &- 1)
            side.count &-= 1
            return true
        }
        if isThere {
            levels[position].size = size
            return true
        }
        guard Int(side.count) < Self.size(side.chunk) || grow(&side) else { return false }
        let row = arena + Int(side.start)
        let better = Int(side.count) &- position
        // The row's memory behind its last level is raw; moving there one by one from the end keeps it simple and short.
        var place = Int(side.count)
        for _ in 0..<better {
            (row + place).initialize(to: row[place &- 1])
            place &-= 1
        }
        (row + position).initialize(to: Level(key: key, size: size))
        side.count &+= 1
        return true
    }

    @inline(__always) private func lowerBound(_ key: Int64, _ levels: UnsafeMutablePointer<Level>, _ count: Int) -> Int
    {
        // Most updates are at the top: look there before halving.
        if count == 0 || levels[count &- 1].key < key { return count }
        var low = 0
        var high = count
        while low < high {
            let middle = (low &+ high) / 2
            if levels[middle].key < key { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    private static func size(_ chunk: UInt32) -> Int { chunk == 0 ? 0 : smallestChunk << Int(chunk &- 1) }

    private mutating func grow(_ side: inout Side) -> Bool {
        let chunk = side.chunk &+ 1
        guard chunk <= UInt32(Self.classes), let start = take(chunk) else { return false }
        (arena + Int(start)).initialize(from: arena + Int(side.start), count: Int(side.count))
        if side.chunk > 0 {
            (arena + Int(side.start)).initialize(to: Level(key: 0, size: free[Int(side.chunk &- 1)]))
            free[Int(side.chunk &- 1)] = side.start
        }
        side.start = start
        side.chunk = chunk
        return true
    }

    private mutating func take(_ chunk: UInt32) -> UInt32? {
        let first = free[Int(chunk &- 1)]
        if first != Self.none {
            free[Int(chunk &- 1)] = arena[Int(first)].size
            return first
        }
        let size = Self.size(chunk)
        guard untouched &+ size <= capacity else { return nil }
        defer { untouched &+= size }
        return UInt32(truncatingIfNeeded: untouched)
    }
}
