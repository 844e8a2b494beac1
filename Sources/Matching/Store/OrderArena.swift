import Orders

/// All live orders of an engine: the places they lie in, an index by (session, client order identifier), a roster per
/// session, and the extensions of those that have one. No allocation after `init`.
///
/// Every operation is constant (see `OrderIndex`). Memory per order: 64 bytes, 16 of the index, 4 of the roster.
struct OrderArena: ~Copyable {
    let orders: UnsafeMutablePointer<RestingOrder>
    let capacity: Int
    let extensions: UnsafeMutablePointer<OrderExtension>
    private var index: OrderIndex
    var roster: Roster
    private var free = RestingOrder.none
    /// Places never used so far start here: memory is touched only when it is needed.
    private var untouched: UInt32 = 1
    private var freeExtension = RestingOrder.none
    private var untouchedExtensions: UInt32 = 1
    private(set) var count = 0

    static let maximumSession = 1_024

    init(capacity: Int, seed: UInt64) {
        precondition(capacity >= 1 && capacity < 1 << 30, "an arena of \(capacity) orders is outside 1…2³⁰")
        self.capacity = capacity
        // An order is one cache line only if it starts on one; the system's allocator promises 16 bytes.
        orders = UnsafeMutableRawPointer.allocate(
            byteCount: (capacity + 1) * MemoryLayout<RestingOrder>.stride, alignment: 64
        ).bindMemory(to: RestingOrder.self, capacity: capacity + 1)
        orders.initialize(to: RestingOrder.nobody)
        extensions = .allocate(capacity: capacity + 1)
        index = OrderIndex(capacity: capacity, seed: seed, orders)
        roster = Roster(capacity: capacity, sessions: Self.maximumSession)
    }

    deinit {
        orders.deallocate()
        extensions.deallocate()
    }

    @inline(__always) var isFull: Bool { count == capacity }

    // MARK: Index

    @inline(__always) func bucket(session: UInt32, clientOrderID: UInt64) -> Int {
        index.bucket(session: session, clientOrderID: clientOrderID)
    }

    /// Position of a live order whose bucket is known, `RestingOrder.none` when there is none.
    @inline(__always) func find(_ bucket: Int, session: UInt32, clientOrderID: UInt64) -> UInt32 {
        index.find(bucket, session: session, clientOrderID: clientOrderID)
    }

    /// Position of a live order, `RestingOrder.none` when there is none.
    func find(session: UInt32, clientOrderID: UInt64) -> UInt32 {
        find(
            bucket(session: session, clientOrderID: clientOrderID), session: session, clientOrderID: clientOrderID)
    }

    /// Gives a live order another name.
    func rename(_ position: UInt32, clientOrderID: UInt64) {
        index.remove(position)
        orders[Int(position)].clientOrderID = clientOrderID
        index.insert(position)
    }

    // MARK: Life of an order

    /// The place the next order will get; `none` when the arena is full.
    @inline(__always) private mutating func take() -> UInt32 {
        if free != RestingOrder.none {
            let position = free
            free = orders[Int(position)].chain
            return position
        }
        guard Int(untouched) <= capacity else { return RestingOrder.none }
        untouched &+= 1
        return untouched &- 1
    }

    /// Puts an order into the arena, the index and its session's roster. There must be room.
    mutating func insert(_ order: RestingOrder) -> UInt32 {
        insert(order, at: bucket(session: UInt32(order.session), clientOrderID: order.clientOrderID))
    }

    @inline(__always) mutating func insert(_ order: RestingOrder, at bucket: Int) -> UInt32 {
        let position = take()
        let place = orders + Int(position)
        place.initialize(to: order)
        place.pointee.rosterSlot = roster.append(position, session: Int(order.session))
        count &+= 1
        index.insert(position, at: bucket, count: count)
        return position
    }

    /// Takes an order out; it must be out of its queues already, and its extension given back.
    mutating func remove(_ position: UInt32) {
        let order = orders + Int(position)
        remove(
            position, at: bucket(session: UInt32(order.pointee.session), clientOrderID: order.pointee.clientOrderID))
    }

    @inline(__always) mutating func remove(_ position: UInt32, at bucket: Int) {
        index.remove(position, at: bucket)
        let order = orders + Int(position)
        let moved = roster.remove(order.pointee.rosterSlot, session: Int(order.pointee.session))
        orders[Int(moved)].rosterSlot = order.pointee.rosterSlot
        order.pointee.chain = free
        free = position
        count &-= 1
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
