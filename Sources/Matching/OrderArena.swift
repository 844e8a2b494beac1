import Orders

/// All resting orders of an engine in one block of memory, with their free list, an index by (session, client order
/// identifier) and a list per session. No allocation after `init`.
///
/// The index has 4-byte entries (arena position + 1), open addressing, at most half full, and closes the gap on removal
/// (backward shift), so that its cost does not grow with the number of orders that ever lived. Memory per order: 64
/// bytes and 8 of the index.
struct OrderArena: ~Copyable {
    let orders: UnsafeMutablePointer<RestingOrder>
    let capacity: Int
    private let index: UnsafeMutablePointer<UInt32>
    private let mask: UInt64
    private let sessions: UnsafeMutablePointer<PriceLevel>
    private var free = RestingOrder.none
    /// Positions never used so far start here: memory is touched only when it is needed.
    private var untouched = 0
    private(set) var count = 0

    static let maximumSession = 1_024

    init(capacity: Int) {
        precondition(capacity >= 1 && capacity < 1 << 30, "an arena of \(capacity) orders is outside 1…2³⁰")
        self.capacity = capacity
        // An order is one cache line only if it starts on one; the system's allocator promises 16 bytes.
        orders = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<RestingOrder>.stride, alignment: MemoryLayout<RestingOrder>.stride
        ).bindMemory(to: RestingOrder.self, capacity: capacity)
        var entries = 4
        while entries < capacity * 2 { entries *= 2 }
        index = .allocate(capacity: entries)
        index.initialize(repeating: 0, count: entries)
        mask = UInt64(entries - 1)
        sessions = .allocate(capacity: Self.maximumSession + 1)
        sessions.initialize(repeating: PriceLevel(), count: Self.maximumSession + 1)
    }

    deinit {
        orders.deallocate()
        index.deallocate()
        sessions.deallocate()
    }

    var isFull: Bool { count == capacity }

    // MARK: Index

    @inline(__always) private func home(_ session: UInt32, _ clientOrderID: UInt64) -> UInt64 {
        var mixed = clientOrderID ^ (UInt64(session) &* 0x9E37_79B9_7F4A_7C15)
        mixed = (mixed ^ (mixed >> 32)) &* 0xD6E8_FEB8_6659_FD93
        return (mixed ^ (mixed >> 32)) & mask
    }

    /// Arena position of a live order, nil when there is none of that name.
    @inline(__always) func find(session: UInt32, clientOrderID: UInt64) -> UInt32? {
        var place = home(session, clientOrderID)
        while true {
            let entry = index[Int(truncatingIfNeeded: place)]
            if entry == 0 { return nil }
            let order = orders + Int(entry &- 1)
            if order.pointee.clientOrderID == clientOrderID, order.pointee.session == session { return entry &- 1 }
            place = (place &+ 1) & mask
        }
    }

    private func addToIndex(_ position: UInt32) {
        let order = orders + Int(position)
        var place = home(order.pointee.session, order.pointee.clientOrderID)
        while index[Int(truncatingIfNeeded: place)] != 0 { place = (place &+ 1) & mask }
        index[Int(truncatingIfNeeded: place)] = position &+ 1
    }

    private func removeFromIndex(_ position: UInt32) {
        let order = orders + Int(position)
        var gap = home(order.pointee.session, order.pointee.clientOrderID)
        while index[Int(truncatingIfNeeded: gap)] != position &+ 1 { gap = (gap &+ 1) & mask }
        var place = gap
        while true {
            place = (place &+ 1) & mask
            let entry = index[Int(truncatingIfNeeded: place)]
            if entry == 0 { break }
            let moved = orders + Int(entry &- 1)
            let wanted = home(moved.pointee.session, moved.pointee.clientOrderID)
            // An entry may move back into the gap only if that does not put it before its home.
            if (place &- wanted) & mask >= (place &- gap) & mask {
                index[Int(truncatingIfNeeded: gap)] = entry
                gap = place
            }
        }
        index[Int(truncatingIfNeeded: gap)] = 0
    }

    /// Gives a live order another name.
    func rename(_ position: UInt32, clientOrderID: UInt64) {
        removeFromIndex(position)
        orders[Int(position)].clientOrderID = clientOrderID
        addToIndex(position)
    }

    // MARK: Life of an order

    /// Puts an order into the arena, its index and its session's list; nil when the arena is full.
    mutating func insert(_ order: RestingOrder) -> UInt32? {
        let position: UInt32
        if free != RestingOrder.none {
            position = free
            free = orders[Int(position)].nextOfSession
        } else {
            guard untouched < capacity else { return nil }
            position = UInt32(truncatingIfNeeded: untouched)
            untouched &+= 1
        }
        let place = orders + Int(position)
        place.initialize(to: order)
        let list = sessions + Int(order.session)
        place.pointee.previousOfSession = list.pointee.tail
        place.pointee.nextOfSession = RestingOrder.none
        if list.pointee.tail == RestingOrder.none {
            list.pointee.head = position
        } else {
            orders[Int(list.pointee.tail)].nextOfSession = position
        }
        list.pointee.tail = position
        addToIndex(position)
        count &+= 1
        return position
    }

    /// Takes an order out; it must be out of its price level already.
    mutating func remove(_ position: UInt32) {
        removeFromIndex(position)
        let order = orders + Int(position)
        let list = sessions + Int(order.pointee.session)
        let (next, previous) = (order.pointee.nextOfSession, order.pointee.previousOfSession)
        if previous == RestingOrder.none {
            list.pointee.head = next
        } else {
            orders[Int(previous)].nextOfSession = next
        }
        if next == RestingOrder.none {
            list.pointee.tail = previous
        } else {
            orders[Int(next)].previousOfSession = previous
        }
        order.pointee.nextOfSession = free
        free = position
        count &-= 1
    }

    /// The session's oldest live order.
    func firstOrder(ofSession session: UInt32) -> UInt32 {
        session <= UInt32(Self.maximumSession) ? sessions[Int(session)].head : RestingOrder.none
    }
}
