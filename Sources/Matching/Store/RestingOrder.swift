import Orders

/// A live order in the arena: 64 bytes, one cache line. Links are arena positions; `RestingOrder.none` ends a list.
///
/// There is an order at position 0 that is nobody's: it can be looked at and linked to like any other, which saves branches that could
/// be guessed wrong, but means none.
struct RestingOrder: BitwiseCopyable {
    static let none: UInt32 = 0
    var clientOrderID: UInt64
    /// Sequence of the command that entered or last replaced it.
    var orderID: UInt64
    /// Limit, ticks; of a market order in an auction `Book.marketPrice`.
    var price: Int64
    /// Lots that can trade; of an iceberg those of its peak.
    var leavesQuantity: UInt32
    var cumulativeQuantity: UInt32
    /// Neighbours in the queue it stands in, in time priority.
    var next: UInt32
    var previous: UInt32
    /// Position of its book.
    var book: UInt32
    var session: UInt16
    var side: Side
    var place: Place
    /// Where the session's roster names it.
    var rosterSlot: UInt32
    /// Its `OrderExtension`, `none` for most.
    var extensionIndex: UInt32
    /// Link to the next of the same bucket of the index; of a free place see `OrderArena`.
    var chain: UInt32
    var timeInForce: TimeInForce
    var type: OrderType
    var conditions: OrderTraits.Conditions
    /// As in `OrderTraits`, with the bit for firms.
    var selfTrade: UInt8

    /// The order at position 0.
    static var nobody: RestingOrder {
        RestingOrder(
            clientOrderID: 0, orderID: 0, price: 0, leavesQuantity: 0, cumulativeQuantity: 0, next: none,
            previous: none,
            book: 0, session: 0, side: .none, place: .waiting, rosterSlot: 0, extensionIndex: none, chain: none,
            timeInForce: .none, type: .limit, conditions: [], selfTrade: 0)
    }

    /// A limit order in the lit book that is nothing else.
    @inline(__always) var isOrdinary: Bool {
        place == .lit && extensionIndex == Self.none && type == .limit && conditions.rawValue | selfTrade == 0
    }

    /// Which queues it is in.
    enum Place: UInt8 {
        case lit, dark, peg, stop, triggered, waiting
    }
}

extension UnsafeMutablePointer<RestingOrder> {
    /// The place of an order's `chain`.
    @inline(__always) var chain: UnsafeMutablePointer<UInt32> {
        (UnsafeMutableRawPointer(self) + 56).assumingMemoryBound(to: UInt32.self)
    }

    /// Whether it is in the lit queues of this book and of this session: `book`, `session` and `place` in one comparison, without `side`.
    @inline(__always) func isLit(book: UInt32, session: UInt32) -> Bool {
        let word = UnsafeRawPointer(self).load(fromByteOffset: 40, as: UInt64.self)
        return (word ^ (UInt64(book) | UInt64(session) &<< 32)) & 0xFF00_FFFF_FFFF_FFFF == 0
    }

    /// Writes an ordinary limit order that rests at the end of a queue: eight stores for what would be fifteen fields, since
    /// it is stores that an order costs.
    @inline(__always) func write<Asked: Request>(
        _ order: Asked, book: UInt32, behind last: UInt32, slot: UInt32, chain: UInt32
    ) {
        let raw = UnsafeMutableRawPointer(self)
        raw.storeBytes(of: order.clientOrderID, as: UInt64.self)
        raw.storeBytes(of: order.sequence, toByteOffset: 8, as: UInt64.self)
        raw.storeBytes(of: order.price, toByteOffset: 16, as: Int64.self)
        // leavesQuantity, cumulativeQuantity
        raw.storeBytes(of: UInt64(order.quantity), toByteOffset: 24, as: UInt64.self)
        // next, previous
        raw.storeBytes(of: UInt64(last) &<< 32, toByteOffset: 32, as: UInt64.self)
        // book, session, side, place lit
        let place = UInt64(book) | UInt64(truncatingIfNeeded: order.session) &<< 32 | UInt64(order.side.rawValue) &<< 48
        raw.storeBytes(of: place, toByteOffset: 40, as: UInt64.self)
        // rosterSlot, extensionIndex none
        raw.storeBytes(of: UInt64(slot), toByteOffset: 48, as: UInt64.self)
        // chain, time in force day, type limit, no conditions, no self-trade prevention
        let day = UInt64(TimeInForce.day.rawValue) &<< 32
        let rest = UInt64(chain) | day | UInt64(OrderType.limit.rawValue) &<< 40
        raw.storeBytes(of: rest, toByteOffset: 56, as: UInt64.self)
    }
}

/// What few orders have: 40 bytes in a pool of their own.
struct OrderExtension: BitwiseCopyable {
    /// Good till date: when it ends; 0: never.
    var expireTimeNanoseconds: UInt64 = 0
    /// Stops: the trigger. Icebergs: display quantity in the low, peak range in the high half.
    var first: Int64 = 0
    /// Trailing stops and pegs: the offset. Icebergs: what is not shown yet.
    var second: Int64 = 0
    /// Place in the heap of expiry times.
    var heapIndex = RestingOrder.none
    /// Neighbours among the trailing stops of its side, in order of entry; `nextTrailing` also threads the free list.
    var nextTrailing = RestingOrder.none
    var previousTrailing = RestingOrder.none

    @inline(__always) var triggerPrice: Int64 {
        get { first }
        set { first = newValue }
    }
    @inline(__always) var offset: Int64 { second }
    @inline(__always) var displayQuantity: UInt32 { UInt32(truncatingIfNeeded: first) }
    @inline(__always) var peakRange: UInt32 { UInt32(truncatingIfNeeded: first >> 32) }
    @inline(__always) var reserve: UInt32 {
        get { UInt32(truncatingIfNeeded: second) }
        set { second = Int64(newValue) }
    }
}
