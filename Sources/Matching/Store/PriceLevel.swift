/// The queue of one price: the oldest and the youngest order. All bytes zero is an empty one.
struct PriceLevel: BitwiseCopyable {
    var head = RestingOrder.none
    var tail = RestingOrder.none

    @inline(__always) var isEmpty: Bool { head == RestingOrder.none }

    // Without branches: where there is no neighbour, nobody's links are written.

    /// Puts an order at the end.
    @inline(__always) mutating func append(_ position: UInt32, _ orders: UnsafeMutablePointer<RestingOrder>) {
        let last = tail
        orders[Int(position)].next = RestingOrder.none
        orders[Int(position)].previous = last
        orders[Int(last)].next = position
        head = last == RestingOrder.none ? position : head
        tail = position
    }

    /// Takes an order out.
    @inline(__always) mutating func remove(_ position: UInt32, _ orders: UnsafeMutablePointer<RestingOrder>) {
        let (next, previous) = (orders[Int(position)].next, orders[Int(position)].previous)
        orders[Int(previous)].next = next
        orders[Int(next)].previous = previous
        head = previous == RestingOrder.none ? next : head
        tail = next == RestingOrder.none ? previous : tail
    }
}
