import Orders
import Runtime

/// What makes two orders of a session the same in the eyes of a trader who pressed a key twice.
struct OrderLikeness: BitwiseCopyable, Equatable {
    var price: Int64
    var session: UInt32
    var instrument: UInt32
    var quantity: UInt32
    var side: Side

    @inline(__always) init(price: Int64, session: UInt32, instrument: UInt32, quantity: UInt32, side: Side) {
        self.price = price
        self.session = session
        self.instrument = instrument
        self.quantity = quantity
        self.side = side
    }

    @inline(__always) init(_ command: Command) {
        self.init(
            price: command.price, session: command.session, instrument: command.instrument, quantity: command.quantity,
            side: command.side)
    }
}

/// Orders taken lately, to find those that come twice: buckets of four, the oldest of which makes room.
///
/// So a copy may be missed where many orders of the window fall into one bucket, and none is seen where there is none;
/// `evicted` counts orders that went while they still mattered. Cost: one cache line, two when there is something to write.
struct RecentOrders: BitwiseCopyable {
    /// Of each bucket one cache line: hashes of four orders, then the log times at which they no longer matter.
    private let buckets: UnsafeMutablePointer<UInt64>
    private let orders: UnsafeMutablePointer<OrderLikeness>
    private let mask: UInt64
    private(set) var evicted: UInt64 = 0
    private static let size = 4

    /// - Parameter capacity: orders remembered, at least.
    init(capacity: Int) {
        var count = 16
        while count * Self.size < capacity { count *= 2 }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 64, alignment: 64)
        buckets = memory.bindMemory(to: UInt64.self, capacity: count * 2 * Self.size)
        buckets.initialize(repeating: 0, count: count * 2 * Self.size)
        orders = .allocate(capacity: count * Self.size)
        orders.initialize(
            repeating: OrderLikeness(price: 0, session: 0, instrument: 0, quantity: 0, side: .none),
            count: count * Self.size)
        mask = UInt64(count - 1)
    }

    func deallocate() {
        buckets.deallocate()
        orders.deallocate()
    }

    @inline(__always) private static func hash(_ order: OrderLikeness) -> UInt64 {
        var mixed = UInt64(bitPattern: order.price) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= UInt64(order.session) &<< 32 | UInt64(order.instrument)
        mixed = (mixed ^ mixed >> 32) &* 0xBF58_476D_1CE4_E5B9
        mixed ^= UInt64(order.quantity) &<< 8 | UInt64(order.side.rawValue)
        mixed = (mixed ^ mixed >> 29) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 32
    }

    /// Brings an order's bucket into the cache.
    @inline(__always) func lookAhead(_ order: OrderLikeness) {
        prefetch(buckets + Int(truncatingIfNeeded: Self.hash(order) & mask) &* (2 &* Self.size))
    }

    /// Whether the same order was taken, and its time is not over; if not, it has been taken now.
    /// - Parameter end: log time until which it matters.
    mutating func isRepeated(_ order: OrderLikeness, until end: UInt64, _ now: UInt64) -> Bool {
        let hash = Self.hash(order)
        let number = Int(truncatingIfNeeded: hash & mask)
        let hashes = buckets + number &* (2 &* Self.size)
        let ends = hashes + Self.size
        let own = orders + number &* Self.size
        for place in 0..<Self.size where hashes[place] == hash && ends[place] > now && own[place] == order {
            return true
        }
        // Without branches: which is the oldest cannot be guessed.
        let (first, second) = (ends[1] < ends[0] ? 1 : 0, ends[3] < ends[2] ? 3 : 2)
        let oldest = ends[second] < ends[first] ? second : first
        evicted &+= ends[oldest] > now ? 1 : 0
        hashes[oldest] = hash
        ends[oldest] = end
        own[oldest] = order
        return false
    }

    func combine(into hash: inout StateHash) {
        for number in 0...Int(truncatingIfNeeded: mask) {
            let ends = buckets + number &* (2 &* Self.size) + Self.size
            for place in 0..<Self.size where ends[place] != 0 {
                let order = orders[number &* Self.size &+ place]
                hash.combine(UInt64(truncatingIfNeeded: number &* Self.size &+ place))
                hash.combine(ends[place])
                hash.combine(order.price)
                hash.combine(UInt64(order.session) | UInt64(order.instrument) << 32)
                hash.combine(UInt64(order.quantity) | UInt64(order.side.rawValue) << 32)
            }
        }
    }
}
