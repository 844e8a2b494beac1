import Orders

/// Live orders by (session, client order identifier): a linear hash table (Litwin, VLDB 1980) of chains through the orders.
///
/// A bucket, and every link of a chain, names an order and says two things of it: some more bits of its hash, and whether the chain goes
/// on. So an identifier that is not there, as of every new order, is nearly always told by the bucket alone, without a look at an
/// order that is in no cache. There are four buckets per live order. The table grows with the orders, bucket by bucket, so that
/// it is as small as they are few, and never stops to rehash. Cost of every operation: a constant on average for
/// identifiers that do not know the seed; growth adds up to four buckets per order. Memory: 16 bytes per order.
struct OrderIndex: ~Copyable {
    private static let firstBuckets: UInt32 = 4_096
    private static let bucketsPerOrder = 4
    /// Bit of a link: the chain goes on behind the order, or did.
    private static let goesOn: UInt32 = 1 << 31

    private let orders: UnsafeMutablePointer<RestingOrder>
    private let buckets: UnsafeMutablePointer<UInt32>
    private let capacity: Int
    private var bucketCount: UInt32
    /// Least power of two not below `bucketCount`, less one.
    private var mask: UInt32
    private let seed: UInt64
    /// The lowest bit of a link's tag, which is always set; below it is the order's position.
    private let tagBit: UInt32
    private let tagMask: UInt32
    /// The last place in the arena whose order needs no more buckets than there are: places are used again before new ones are.
    private(set) var room: UInt32

    /// Where a name belongs: its bucket, and the tag its link carries.
    struct Place {
        var bucket: Int
        var tag: UInt32
    }

    init(capacity: Int, seed: UInt64, _ orders: UnsafeMutablePointer<RestingOrder>) {
        precondition(capacity < 1 << 30, "an index of \(capacity) orders: less than 2³⁰ have a place in a link")
        buckets = LargeMemory.allocate(UInt32.self, count: Self.mostBuckets(capacity))
        self.capacity = capacity
        bucketCount = Self.firstBuckets
        mask = Self.firstBuckets - 1
        var bit: UInt32 = 1
        while bit <= UInt32(capacity) { bit <<= 1 }
        tagBit = bit
        tagMask = Self.goesOn - bit
        room = min(UInt32(capacity), Self.firstBuckets / UInt32(Self.bucketsPerOrder))
        self.seed = seed
        self.orders = orders
    }

    deinit { LargeMemory.deallocate(buckets, count: Self.mostBuckets(capacity)) }

    /// Whether it is larger than what a core's own cache would have for it.
    @inline(__always) var isLarge: Bool { bucketCount > 1 << 17 }

    private static func mostBuckets(_ orders: Int) -> Int { max(bucketsPerOrder * (orders + 1), Int(firstBuckets)) }

    /// Takes the pages it may grow into for a number of orders.
    func touch(orders: Int) {
        LargeMemory.touch(buckets, count: Self.mostBuckets(orders), capacity: Self.mostBuckets(capacity))
    }

    /// Place of a name. The product's high bits are the best mixed, so the bucket is made of them.
    @inline(__always) func place(session: UInt32, clientOrderID: UInt64) -> Place {
        let name = clientOrderID ^ UInt64(session) &<< 48 ^ seed
        let product = name &* 0x9E37_79B9_7F4A_7C15
        let wide = UInt32(truncatingIfNeeded: product.byteSwapped) & mask
        return Place(
            bucket: Int(wide >= bucketCount ? wide & (mask &>> 1) : wide),
            tag: UInt32(truncatingIfNeeded: product &>> 8) & tagMask | tagBit)
    }

    private func place(_ position: UInt32) -> Place {
        let order = orders + Int(position)
        return place(session: UInt32(order.pointee.session), clientOrderID: order.pointee.clientOrderID)
    }

    /// The order a link names, `RestingOrder.none` when it names none.
    @inline(__always) func position(_ link: UInt32) -> UInt32 { link & (tagBit &- 1) }

    @inline(__always) func link(_ place: Place) -> UInt32 { buckets[place.bucket] }

    /// Whether the link in its bucket alone tells that a name is not there.
    @inline(__always) func isSurelyNew(_ place: Place, in link: UInt32) -> Bool {
        (link ^ place.tag) & tagMask != 0 && link < Self.goesOn
    }

    /// The link that names a live order, nil when there is no such order.
    @inline(__always) func find(
        _ place: Place, session: UInt32, clientOrderID: UInt64
    ) -> UnsafeMutablePointer<UInt32>? {
        var link = buckets + place.bucket
        while true {
            let named = link.pointee
            let order = orders + Int(position(named))
            if (named ^ place.tag) & tagMask == 0, order.pointee.clientOrderID == clientOrderID,
                UInt32(order.pointee.session) == session
            {
                return link
            }
            if named < Self.goesOn { return nil }
            link = order.chain
        }
    }

    /// Puts a live order that is not there before the one its bucket links to, which has to become its `chain`.
    @inline(__always) func add(_ position: UInt32, at place: Place, before link: UInt32) {
        // Of every link but 0 the sum has the bit, and a link that has it already keeps it.
        let goesOn = (link &+ (Self.goesOn &- 1) | link) & Self.goesOn
        buckets[place.bucket] = position | place.tag | goesOn
    }

    /// To be called when a place of the arena is used.
    mutating func makeRoom(for position: UInt32) { if position > room { grow() } }

    /// Adds a live order that is not there.
    func insert(_ position: UInt32) {
        let place = place(position)
        let next = link(place)
        orders[Int(position)].chain = next
        add(position, at: place, before: next)
    }

    func remove(_ position: UInt32) {
        var link = buckets + place(position).bucket
        while self.position(link.pointee) != position { link = (orders + Int(self.position(link.pointee))).chain }
        link.pointee = orders[Int(position)].chain
    }

    /// Adds buckets for one more order: the orders of their lower halves that belong there move over.
    @inline(never) private mutating func grow() {
        for _ in 0..<Self.bucketsPerOrder {
            if bucketCount > mask { mask = mask &<< 1 | 1 }
            let lower = Int(bucketCount & (mask &>> 1))
            bucketCount &+= 1
            var position = position(buckets[lower])
            buckets[lower] = RestingOrder.none
            while position != RestingOrder.none {
                let next = self.position(orders[Int(position)].chain)
                insert(position)
                position = next
            }
        }
        room = min(UInt32(capacity), bucketCount / UInt32(Self.bucketsPerOrder))
    }
}
