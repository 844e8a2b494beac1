import Orders

/// Good-till-date orders by expiry, the earliest first, among equals the lower order identifier: a binary heap of arena
/// positions. Cost of every change: logarithmic in the orders held.
struct ExpiryHeap: ~Copyable {
    private let positions: UnsafeMutablePointer<UInt32>
    private let orders: UnsafeMutablePointer<RestingOrder>
    private let extensions: UnsafeMutablePointer<OrderExtension>
    private(set) var count = 0

    init(_ arena: borrowing OrderArena) {
        positions = .allocate(capacity: arena.capacity)
        orders = arena.orders
        extensions = arena.extensions
    }

    deinit { positions.deallocate() }

    /// Position of the order that expires next; the heap must not be empty.
    var first: UInt32 { positions[0] }

    /// When the next order expires; `UInt64.max`: never.
    var nextNanoseconds: UInt64 {
        count == 0 ? .max : extensions[Int(orders[Int(positions[0])].extensionIndex)].expireTimeNanoseconds
    }

    mutating func insert(_ position: UInt32) {
        count &+= 1
        rise(position, from: count &- 1)
    }

    mutating func remove(_ position: UInt32) {
        let place = Int(extended(position).pointee.heapIndex)
        extended(position).pointee.heapIndex = RestingOrder.none
        count &-= 1
        guard place != count else { return }
        let moved = positions[count]
        rise(moved, from: place)
        if positions[place] == moved { sink(moved, from: place) }
    }

    private func extended(_ position: UInt32) -> UnsafeMutablePointer<OrderExtension> {
        extensions + Int(orders[Int(position)].extensionIndex)
    }

    private func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
        let (left, right) = (extended(one).pointee.expireTimeNanoseconds, extended(other).pointee.expireTimeNanoseconds)
        return left != right ? left < right : orders[Int(one)].orderID < orders[Int(other)].orderID
    }

    private func put(_ position: UInt32, at place: Int) {
        positions[place] = position
        extended(position).pointee.heapIndex = UInt32(truncatingIfNeeded: place)
    }

    private func rise(_ position: UInt32, from start: Int) {
        var place = start
        while place > 0, precedes(position, positions[(place &- 1) / 2]) {
            put(positions[(place &- 1) / 2], at: place)
            place = (place &- 1) / 2
        }
        put(position, at: place)
    }

    private func sink(_ position: UInt32, from start: Int) {
        var place = start
        while true {
            var child = 2 &* place &+ 1
            guard child < count else { break }
            if child &+ 1 < count, precedes(positions[child &+ 1], positions[child]) { child &+= 1 }
            guard precedes(positions[child], position) else { break }
            put(positions[child], at: place)
            place = child
        }
        put(position, at: place)
    }
}
