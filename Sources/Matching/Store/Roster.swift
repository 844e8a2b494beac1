/// Who has which live orders: per session an array of arena positions in blocks of 31, without order and without gaps.
///
/// Removal puts the last entry into the gap, so that every operation is constant. A block that becomes empty is kept until one
/// more entry goes, so that a session at a block's edge does not add and drop one with each order. Memory: 4 bytes and a bit per
/// order and two blocks per session.
struct Roster: ~Copyable {
    /// Slots of a block. The first holds what its session's `ends` was before the block was added; of a free block the next free one.
    static let blockSize: UInt32 = 32
    /// No slot, no block.
    static let none = UInt32.max
    private let slots: UnsafeMutablePointer<UInt32>
    /// By session: the slot behind its last entry, at the end of the block when that is full; 0: it has no block.
    private let ends: UnsafeMutablePointer<UInt32>
    private let slotCount: Int
    private var free = Self.none
    private var untouched: UInt32 = 0

    init(capacity: Int, sessions: Int) {
        let blocks = (capacity + 30) / 31 + 2 * sessions + 1
        slotCount = blocks * Int(Self.blockSize)
        slots = LargeMemory.allocate(UInt32.self, count: slotCount)
        ends = .allocate(capacity: sessions + 1)
        ends.initialize(repeating: 0, count: sessions + 1)
    }

    deinit {
        LargeMemory.deallocate(slots, count: slotCount)
        ends.deallocate()
    }

    /// Takes the pages of the blocks of a number of orders.
    func touch(orders: Int) {
        LargeMemory.touch(slots, count: (orders + 30) / 31 * Int(Self.blockSize), capacity: slotCount)
    }

    /// Whether the session's last block has room for one more entry.
    @inline(__always) func hasRoom(session: Int) -> Bool { ends[session] & (Self.blockSize &- 1) != 0 }
    /// Whether the session's last block has an entry; for sessions that have any.
    @inline(__always) func hasEntry(session: Int) -> Bool { ends[session] & (Self.blockSize &- 1) != 1 }

    /// Adds an order; returns its slot.
    /// - Parameter hasRoom: it is known that the block has room.
    @inline(__always) mutating func append(_ position: UInt32, session: Int, hasRoom: Bool = false) -> UInt32 {
        if !hasRoom, !self.hasRoom(session: session) { addBlock(session) }
        let slot = ends[session]
        ends[session] = slot &+ 1
        slots[Int(slot)] = position
        return slot
    }

    @inline(never) private mutating func addBlock(_ session: Int) {
        let block: UInt32
        if free != Self.none {
            block = free
            free = slots[Int(block &* Self.blockSize)]
        } else {
            block = untouched
            untouched &+= 1
        }
        let head = block &* Self.blockSize
        slots[Int(head)] = ends[session]
        ends[session] = head &+ 1
    }

    /// Removes an entry; returns the order that stands in its slot now, the removed one itself if it was the last.
    /// - Parameter hasEntry: it is known that the last block has one.
    @inline(__always) mutating func remove(_ slot: UInt32, session: Int, hasEntry: Bool = false) -> UInt32 {
        if !hasEntry, !self.hasEntry(session: session) { dropBlock(session) }
        let end = ends[session] &- 1
        ends[session] = end
        let last = slots[Int(end)]
        slots[Int(slot)] = last
        return last
    }

    @inline(never) private mutating func dropBlock(_ session: Int) {
        let head = ends[session] &- 1
        ends[session] = slots[Int(head)]
        slots[Int(head)] = free
        free = head / Self.blockSize
    }

    // MARK: Walking

    /// Slot of the session's last entry, `none` when it has no order.
    func last(session: Int) -> UInt32 { slot(before: ends[session]) }

    /// The slot before; ask before the entry is removed.
    func before(_ slot: UInt32) -> UInt32 { self.slot(before: slot) }

    /// The entry before a slot, over the head of its block.
    private func slot(before place: UInt32) -> UInt32 {
        var place = place
        while place & (Self.blockSize &- 1) == 1 { place = slots[Int(place &- 1)] }
        return place == 0 ? Self.none : place &- 1
    }

    func position(_ slot: UInt32) -> UInt32 { slots[Int(slot)] }
}
