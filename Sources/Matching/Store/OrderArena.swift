import Orders

/// All live orders of an engine: the places they lie in, an index by (session, client order identifier), a roster per
/// session, and the extensions of those that have one. No allocation after `init`.
///
/// Every operation is constant (see `OrderIndex`). Memory per order: 64 bytes, 16 of the index, 4 of the roster.
struct OrderArena: ~Copyable {
    let orders: UnsafeMutablePointer<RestingOrder>
    let capacity: Int
    let extensions: UnsafeMutablePointer<OrderExtension>
    private(set) var index: OrderIndex
    var roster: Roster
    private var freeExtension = RestingOrder.none
    private var untouchedExtensions: UInt32 = 1
    /// The first free place. A free place's `chain` says how far behind the place after it the next free one is, so that memory
    /// that was never used, all zeros, is a list already.
    private var free: UInt32 = 1

    static let maximumSession = 1_024

    init(capacity: Int, seed: UInt64) {
        precondition(capacity >= 1 && capacity < 1 << 30, "an arena of \(capacity) orders is outside 1…2³⁰")
        self.capacity = capacity
        // An order is one cache line only if it starts on one.
        orders = LargeMemory.allocate(RestingOrder.self, count: capacity + 1)
        orders.initialize(to: RestingOrder.nobody)
        extensions = LargeMemory.allocate(OrderExtension.self, count: capacity + 1)
        index = OrderIndex(capacity: capacity, seed: seed, orders)
        roster = Roster(capacity: capacity, sessions: Self.maximumSession)
    }

    deinit {
        LargeMemory.deallocate(orders, count: capacity + 1)
        LargeMemory.deallocate(extensions, count: capacity + 1)
    }

    /// Takes the pages that this many live orders need, so that none is missing when they come.
    func touch(orders count: Int) {
        LargeMemory.touch(orders, count: count + 1, capacity: capacity + 1)
        index.touch(orders: count)
        roster.touch(orders: count)
    }

    @inline(__always) var isFull: Bool { free > capacity }

    // MARK: Index

    /// Position of a live order, `RestingOrder.none` when there is none.
    func find(session: UInt32, clientOrderID: UInt64) -> UInt32 {
        let link = link(session: session, clientOrderID: clientOrderID)
        return link.map { index.position($0.pointee) } ?? RestingOrder.none
    }

    /// Gives a live order another name.
    func rename(_ position: UInt32, clientOrderID: UInt64) {
        index.remove(position)
        orders[Int(position)].clientOrderID = clientOrderID
        index.insert(position)
    }

    // MARK: Life of an order

    /// The place of the next order.
    @inline(__always) private mutating func take() -> UInt32 {
        let position = free
        free = position &+ 1 &+ orders[Int(position)].chain
        return position
    }

    /// Puts an order into the arena, the index and its session's roster. There must be room.
    mutating func insert(_ order: RestingOrder) -> UInt32 {
        let position = take()
        let place = orders + Int(position)
        place.initialize(to: order)
        place.pointee.rosterSlot = roster.append(position, session: Int(order.session))
        index.insert(position)
        index.makeRoom(for: position)
        return position
    }

    /// Takes an order out; it must be out of its queues already, and its extension given back.
    mutating func remove(_ position: UInt32) {
        index.remove(position)
        release(position, session: Int(orders[Int(position)].session))
    }

    @inline(__always) private mutating func release(_ position: UInt32, session: Int, hasEntry: Bool = false) {
        let order = orders + Int(position)
        let slot = order.pointee.rosterSlot
        let moved = roster.remove(slot, session: session, hasEntry: hasEntry)
        orders[Int(moved)].rosterSlot = slot
        order.pointee.chain = free &- position &- 1
        free = position
    }

    // MARK: The straight way

    /// Whether an order of this session can be inserted by `insertStraight`: nothing has to grow for it.
    @inline(__always) func hasRoom(session: UInt32) -> Bool {
        free <= index.room && roster.hasRoom(session: Int(session))
    }

    /// Whether an order of this session can be removed by `removeStraight`.
    @inline(__always) func hasEntry(session: UInt32) -> Bool { roster.hasEntry(session: Int(session)) }

    /// The link that names a live order in the index, nil when there is no such order.
    @inline(__always) func link(session: UInt32, clientOrderID: UInt64) -> UnsafeMutablePointer<UInt32>? {
        index.find(
            place(session: session, clientOrderID: clientOrderID), session: session, clientOrderID: clientOrderID)
    }

    @inline(__always) func place(session: UInt32, clientOrderID: UInt64) -> OrderIndex.Place {
        index.place(session: session, clientOrderID: clientOrderID)
    }

    /// As `rename`, of the order that a link names; false, and nothing done, when the bucket alone does not tell that the
    /// new name is not there.
    @inline(__always) func renameStraight(
        _ link: UnsafeMutablePointer<UInt32>, session: UInt32, clientOrderID: UInt64
    ) -> Bool {
        let place = place(session: session, clientOrderID: clientOrderID)
        guard index.isSurelyNew(place, in: index.link(place)) else { return false }
        let position = index.position(link.pointee)
        let order = orders + Int(position)
        link.pointee = order.pointee.chain
        order.pointee.clientOrderID = clientOrderID
        // Only now: its old name may have been in the same bucket.
        order.pointee.chain = index.link(place)
        index.add(position, at: place, before: order.pointee.chain)
        return true
    }

    /// As `insert`, where `hasRoom`, of an order that has still to be written: its position, and its slot in the roster.
    @inline(__always) mutating func takeStraight(
        session: UInt32, at place: OrderIndex.Place, before link: UInt32
    ) -> (position: UInt32, slot: UInt32) {
        let position = take()
        index.add(position, at: place, before: link)
        return (position, roster.append(position, session: Int(session), hasRoom: true))
    }

    /// As `remove`, where `hasEntry`.
    @inline(__always) mutating func removeStraight(
        _ position: UInt32, at link: UnsafeMutablePointer<UInt32>, session: UInt32
    ) {
        link.pointee = orders[Int(position)].chain
        release(position, session: Int(session), hasEntry: true)
    }

    // MARK: Extensions

    /// There are as many as orders, so there is always one.
    mutating func takeExtension() -> UInt32 {
        let index: UInt32
        if freeExtension != RestingOrder.none {
            index = freeExtension
            freeExtension = extensions[Int(index)].nextTrailing
        } else {
            index = untouchedExtensions
            untouchedExtensions &+= 1
        }
        (extensions + Int(index)).initialize(to: OrderExtension())
        return index
    }

    mutating func giveBackExtension(_ index: UInt32) {
        extensions[Int(index)].nextTrailing = freeExtension
        freeExtension = index
    }

    /// The extension of an order that has one.
    @inline(__always) func extended(_ order: UnsafeMutablePointer<RestingOrder>) -> UnsafeMutablePointer<OrderExtension>
    {
        extensions + Int(order.pointee.extensionIndex)
    }
}
