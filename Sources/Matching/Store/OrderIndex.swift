import Orders

/// Live orders by (session, client order identifier): a linear hash table (Litwin, VLDB 1980) of chains through the orders.
///
/// There are four buckets per live order, and the first order of a bucket is compared whether there is one or not (nobody's order is
/// like no other): so that an identifier that is not there, as of every new order, is nearly always told without a branch that could be
/// guessed wrong. The table grows with the orders, bucket by bucket, so that it is as small as they are few, and never stops to rehash.
/// Cost of every operation: a constant on average for identifiers that do not know the seed; growth adds up to four buckets per
/// order. Memory: 16 bytes per order.
struct OrderIndex: ~Copyable {
    private static let firstBuckets: UInt32 = 4_096
    private static let bucketsPerOrder = 4

    private let orders: UnsafeMutablePointer<RestingOrder>
    private let buckets: UnsafeMutablePointer<UInt32>
    private var bucketCount: UInt32
    /// Least power of two not below `bucketCount`, less one.
    private var mask: UInt32
    private let seed: UInt64

    init(capacity: Int, seed: UInt64, _ orders: UnsafeMutablePointer<RestingOrder>) {
        buckets = .allocate(capacity: max(Self.bucketsPerOrder * (capacity + 1), Int(Self.firstBuckets)))
        buckets.initialize(repeating: RestingOrder.none, count: Int(Self.firstBuckets))
        bucketCount = Self.firstBuckets
        mask = Self.firstBuckets - 1
        self.seed = seed
        self.orders = orders
    }

    deinit { buckets.deallocate() }

    /// Writes to the memory it may grow into for a number of orders.
    func touch(orders: Int) {
        let used = Int(bucketCount)
        (buckets + used).initialize(
            repeating: RestingOrder.none, count: max(0, Self.bucketsPerOrder * (orders + 1) - used))
    }

    /// Bucket of an identifier. The product's high bits are the best mixed, so they come first.
    @inline(__always) func bucket(session: UInt32, clientOrderID: UInt64) -> Int {
        let name = clientOrderID ^ (UInt64(session) &* 0xD6E8_FEB8_6659_FD93) ^ seed
        let wide = UInt32(truncatingIfNeeded: (name &* 0x9E37_79B9_7F4A_7C15).byteSwapped) & mask
        return Int(wide >= bucketCount ? wide & (mask &>> 1) : wide)
    }

    private func bucket(_ position: UInt32) -> Int {
        let order = orders + Int(position)
        return bucket(session: UInt32(order.pointee.session), clientOrderID: order.pointee.clientOrderID)
    }

    /// Position of a live order, `RestingOrder.none` when there is none.
    @inline(__always) func find(_ bucket: Int, session: UInt32, clientOrderID: UInt64) -> UInt32 {
        var position = buckets[bucket]
        while true {
            let order = orders + Int(position)
            if order.pointee.clientOrderID == clientOrderID, UInt32(order.pointee.session) == session {
                return position
            }
            position = order.pointee.chain
            if position == RestingOrder.none { return RestingOrder.none }
        }
    }

    /// Adds a live order that is not there; `count` are live with it.
    @inline(__always) mutating func insert(_ position: UInt32, at bucket: Int, count: Int) {
        orders[Int(position)].chain = buckets[bucket]
        buckets[bucket] = position
        if count &* Self.bucketsPerOrder > Int(bucketCount) { grow() }
    }

    func insert(_ position: UInt32) {
        let bucket = bucket(position)
        orders[Int(position)].chain = buckets[bucket]
        buckets[bucket] = position
    }

    @inline(__always) func remove(_ position: UInt32, at bucket: Int) {
        let next = orders[Int(position)].chain
        if buckets[bucket] == position {
            buckets[bucket] = next
            return
        }
        var before = orders + Int(buckets[bucket])
        while before.pointee.chain != position { before = orders + Int(before.pointee.chain) }
        before.pointee.chain = next
    }

    func remove(_ position: UInt32) { remove(position, at: bucket(position)) }

    /// Adds buckets for one more order: the orders of their lower halves that belong there move over.
    @inline(never) private mutating func grow() {
        for _ in 0..<Self.bucketsPerOrder {
            if bucketCount > mask { mask = mask &<< 1 | 1 }
            let lower = Int(bucketCount & (mask &>> 1))
            (buckets + Int(bucketCount)).initialize(to: RestingOrder.none)
            bucketCount &+= 1
            var position = buckets[lower]
            buckets[lower] = RestingOrder.none
            while position != RestingOrder.none {
                let next = orders[Int(position)].chain
                insert(position)
                position = next
            }
        }
    }
}
