/// The queue of one price: the oldest and the youngest order. All bytes zero is an empty one.
///
/// One word, so that a queue is read and written whole: what was written in two halves could not be read as one before
/// both have left the processor's store queue.
struct PriceLevel: BitwiseCopyable {
    private var ends: UInt64 = 0

    @inline(__always) init() {}

    @inline(__always) private init(head: UInt64, tail: UInt64) { ends = tail &<< 32 | head }

    @inline(__always) var head: UInt32 {
        get { UInt32(truncatingIfNeeded: ends) }
        set { ends = ends & ~0xFFFF_FFFF | UInt64(newValue) }
    }

    @inline(__always) var tail: UInt32 { UInt32(truncatingIfNeeded: ends &>> 32) }

    @inline(__always) var isEmpty: Bool { ends == 0 }

    /// The queue with an order more at its end; `self` without branches, since whether it is empty cannot be guessed.
    @inline(__always) func appending(_ position: UInt32) -> PriceLevel {
        let new = UInt64(position)
        let first = ends & 0xFFFF_FFFF
        return PriceLevel(head: first | (new & Self.mask(if: first == 0)), tail: new)
    }

    /// The same of a queue that is not empty. A sum, because of two halves put together the compiler would write only one.
    @inline(__always) func following(_ position: UInt32) -> PriceLevel {
        var queue = self
        queue.ends &+= (UInt64(position) &- ends &>> 32) &<< 32
        return queue
    }

    /// The queue without an order that stood between these two; where there is no neighbour it was an end.
    @inline(__always) func removing(between previous: UInt32, _ next: UInt32) -> PriceLevel {
        let isFirst = Self.mask(if: previous == RestingOrder.none)
        let isLast = Self.mask(if: next == RestingOrder.none)
        let first = ends & 0xFFFF_FFFF & ~isFirst | UInt64(next) & isFirst
        let last = ends &>> 32 & ~isLast | UInt64(previous) & isLast
        return PriceLevel(head: first, tail: last)
    }

    @inline(__always) private static func mask(if condition: Bool) -> UInt64 { 0 &- (condition ? 1 : 0) }

    // Where there is no neighbour, nobody's links are written.

    /// Puts an order at the end.
    @inline(__always) mutating func append(_ position: UInt32, _ orders: UnsafeMutablePointer<RestingOrder>) {
        let last = tail
        orders[Int(position)].next = RestingOrder.none
        orders[Int(position)].previous = last
        orders[Int(last)].next = position
        self = appending(position)
    }

    /// Takes an order out.
    @inline(__always) mutating func remove(_ position: UInt32, _ orders: UnsafeMutablePointer<RestingOrder>) {
        let (next, previous) = (orders[Int(position)].next, orders[Int(position)].previous)
        orders[Int(previous)].next = next
        orders[Int(next)].previous = previous
        self = removing(between: previous, next)
    }
}
