import Orders

/// What makes two orders of a session the same in the eyes of a trader who pressed a key twice.
struct OrderLikeness: BitwiseCopyable, Equatable {
    var price: Int64
    var session: UInt32
    var instrument: UInt32
    var quantity: UInt32
    var side: Side
}

/// Orders taken lately, to find those that come twice: buckets of four, the oldest of which makes room.
///
/// So a copy may be missed where many orders of the window fall into one bucket, and none is seen where there is none;
/// `evicted` counts orders that went while they still mattered. Cost: one bucket, two cache lines.
struct RecentOrders: BitwiseCopyable {
    private struct Entry: BitwiseCopyable {
        var order: OrderLikeness
        /// Log time at which it no longer matters.
        var end: UInt64
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let mask: UInt64
    private(set) var evicted: UInt64 = 0
    private static let bucket = 4

    /// - Parameter capacity: orders remembered, at least.
    init(capacity: Int) {
        var places = 64
        while places < capacity { places *= 2 }
        let bytes = places * MemoryLayout<Entry>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        entries = memory.bindMemory(to: Entry.self, capacity: places)
        let none = OrderLikeness(price: 0, session: 0, instrument: 0, quantity: 0, side: .none)
        entries.initialize(repeating: Entry(order: none, end: 0), count: places)
        mask = UInt64(places / Self.bucket - 1)
    }

    func deallocate() { entries.deallocate() }

    private func bucket(_ order: OrderLikeness) -> UnsafeMutablePointer<Entry> {
        var mixed = UInt64(bitPattern: order.price) ^ UInt64(order.session) &<< 40 ^ UInt64(order.instrument) &<< 20
        mixed ^= UInt64(order.quantity) &<< 8 ^ UInt64(order.side.rawValue)
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return entries + Int(truncatingIfNeeded: (mixed >> 32) & mask) * Self.bucket
    }

    /// Whether the same order was taken, and its time is not over.
    func contains(_ order: OrderLikeness, _ now: UInt64) -> Bool {
        let bucket = bucket(order)
        for place in 0..<Self.bucket where bucket[place].end > now && bucket[place].order == order { return true }
        return false
    }

    /// - Parameter end: log time until which it matters.
    mutating func insert(_ order: OrderLikeness, until end: UInt64, _ now: UInt64) {
        let bucket = bucket(order)
        var oldest = 0
        for place in 1..<Self.bucket where bucket[place].end < bucket[oldest].end { oldest = place }
        if bucket[oldest].end > now { evicted &+= 1 }
        bucket[oldest] = Entry(order: order, end: end)
    }

    func combine(into hash: inout StateHash) {
        for place in 0..<Int(truncatingIfNeeded: (mask + 1)) * Self.bucket where entries[place].end != 0 {
            let entry = entries[place]
            hash.combine(UInt64(truncatingIfNeeded: place))
            hash.combine(entry.end)
            hash.combine(entry.order.price)
            hash.combine(UInt64(entry.order.session) | UInt64(entry.order.instrument) << 32)
            hash.combine(UInt64(entry.order.quantity) | UInt64(entry.order.side.rawValue) << 32)
        }
    }
}
