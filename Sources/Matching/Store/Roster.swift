/// Who has which live orders: per session an array of arena positions in blocks of 32, without order and without gaps.
///
/// Removal puts the last entry into the gap, so that every operation is constant and a session holds no more blocks than its
/// orders need. Memory: 4 bytes per order and a block per session.
struct Roster: ~Copyable {
    private struct Tail: BitwiseCopyable {
        var block: UInt32
        /// Entries of the last block, 1…32; 0: there is no block.
        var used: UInt32
    }

    static let blockSize: UInt32 = 32
    /// No slot, no block.
    static let none = UInt32.max
    private let entries: UnsafeMutablePointer<UInt32>
    private let previousBlock: UnsafeMutablePointer<UInt32>
    private let tails: UnsafeMutablePointer<Tail>
    private var free = Self.none
    private var untouched: UInt32 = 0

    init(capacity: Int, sessions: Int) {
        let blocks = (capacity + 31) / 32 + sessions + 1
        entries = .allocate(capacity: blocks * Int(Self.blockSize))
        previousBlock = .allocate(capacity: blocks)
        tails = .allocate(capacity: sessions + 1)
        tails.initialize(repeating: Tail(block: Self.none, used: 0), count: sessions + 1)
    }

    deinit {
        entries.deallocate()
        previousBlock.deallocate()
        tails.deallocate()
    }

    /// Writes to the memory of blocks that were never used.
    func touch(orders: Int) {
        let first = Int(untouched)
        let blocks = (orders + 31) / 32
        (entries + first * Int(Self.blockSize)).initialize(
            repeating: 0, count: max(0, blocks - first) * Int(Self.blockSize))
    }

    /// Adds an order; returns its slot.
    @inline(__always) mutating func append(_ position: UInt32, session: Int) -> UInt32 {
        let tail = tails + session
        if tail.pointee.used & (Self.blockSize &- 1) == 0 { addBlock(tail) }
        let slot = tail.pointee.block &* Self.blockSize &+ tail.pointee.used
        entries[Int(slot)] = position
        tail.pointee.used &+= 1
        return slot
    }

    @inline(never) private mutating func addBlock(_ tail: UnsafeMutablePointer<Tail>) {
        let block: UInt32
        if free != Self.none {
            block = free
            free = previousBlock[Int(block)]
        } else {
            block = untouched
            untouched &+= 1
        }
        previousBlock[Int(block)] = tail.pointee.block
        tail.pointee = Tail(block: block, used: 0)
    }

    /// Removes an entry; returns the order that stands in its slot now, the removed one itself if it was the last.
    @inline(__always) mutating func remove(_ slot: UInt32, session: Int) -> UInt32 {
        let tail = tails + session
        tail.pointee.used &-= 1
        let last = entries[Int(tail.pointee.block &* Self.blockSize &+ tail.pointee.used)]
        entries[Int(slot)] = last
        if tail.pointee.used == 0 { dropBlock(tail) }
        return last
    }

    @inline(never) private mutating func dropBlock(_ tail: UnsafeMutablePointer<Tail>) {
        let block = tail.pointee.block
        let before = previousBlock[Int(block)]
        tail.pointee = Tail(block: before, used: before == Self.none ? 0 : Self.blockSize)
        previousBlock[Int(block)] = free
        free = block
    }

    // MARK: Walking

    /// Slot of the session's last entry, `none` when it has no order.
    func last(session: Int) -> UInt32 {
        let tail = tails[session]
        return tail.block == Self.none ? Self.none : tail.block &* Self.blockSize &+ tail.used &- 1
    }

    /// The slot before; ask before the entry is removed.
    func before(_ slot: UInt32) -> UInt32 {
        if slot & (Self.blockSize &- 1) != 0 { return slot &- 1 }
        let block = previousBlock[Int(slot / Self.blockSize)]
        return block == Self.none ? Self.none : block &* Self.blockSize &+ Self.blockSize &- 1
    }

    func position(_ slot: UInt32) -> UInt32 { entries[Int(slot)] }
}
