import Orders

/// An order in the arena: 64 bytes, one cache line. Links are arena positions; `RestingOrder.none` ends a list.
struct RestingOrder: BitwiseCopyable {
    static let none = UInt32.max

    var clientOrderID: UInt64
    /// Sequence of the command that entered or last replaced it.
    var orderID: UInt64
    var price: Int64
    var leavesQuantity: UInt32
    var cumulativeQuantity: UInt32
    var session: UInt32
    /// Position of the instrument's book.
    var book: UInt32
    /// Neighbours at the price level, in time priority.
    var next: UInt32
    var previous: UInt32
    /// Neighbours among the session's orders, in order of entry; `nextOfSession` also threads the free list.
    var nextOfSession: UInt32
    var previousOfSession: UInt32
    var side: Side
}

/// One price: the oldest and the youngest order.
struct PriceLevel: BitwiseCopyable {
    var head = RestingOrder.none
    var tail = RestingOrder.none
}
