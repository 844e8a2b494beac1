import Runtime
import TestSupport
import Testing

@testable import Matching

/// The heap of expiry times against a list that is searched.
@Suite struct ExpiryHeapTests {
    private struct Entry {
        var expiry: UInt64
        var orderID: UInt64
        var position: UInt32
    }

    /// Few different times, so that the order identifier decides often, and removal from every place.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func theEarliestFirst(seed: UInt64) {
        let capacity = 200
        var random = SplitMix64(seed: seed)
        var arena = OrderArena(capacity: capacity, seed: 1)
        var heap = ExpiryHeap(arena)
        var entries: [Entry] = []
        for number in 1...8_000 as ClosedRange<UInt64> {
            if !arena.isFull, random.next(below: 100) < (number % 2_000 < 1_000 ? 70 : 35) {
                var order = RestingOrder.nobody
                (order.session, order.clientOrderID) = (1, number)
                // Not in order of entry, so that neither is the order among equals.
                order.orderID = number ^ 0x3F
                order.extensionIndex = arena.takeExtension()
                let expiry = random.next(below: 20) == 0 ? UInt64.max : UInt64(1 + random.next(below: 40))
                let position = arena.insert(order)
                arena.extended(arena.orders + Int(position)).pointee.expireTimeNanoseconds = expiry
                heap.insert(position)
                entries.append(Entry(expiry: expiry, orderID: order.orderID, position: position))
            } else if !entries.isEmpty {
                let first = entries.indices.min { Self.precedes(entries[$0], entries[$1]) } ?? 0
                let place = random.next(below: 2) == 0 ? first : random.next(below: entries.count)
                let gone = entries.remove(at: place)
                heap.remove(gone.position)
                let order = arena.orders + Int(gone.position)
                #expect(arena.extended(order).pointee.heapIndex == RestingOrder.none)
                arena.giveBackExtension(order.pointee.extensionIndex)
                arena.remove(gone.position)
            }
            #expect(heap.count == entries.count)
            let first = entries.min(by: Self.precedes)
            #expect(heap.nextNanoseconds == first?.expiry ?? .max)
            if let first { #expect(heap.first == first.position) }
        }
    }

    private static func precedes(_ one: Entry, _ other: Entry) -> Bool {
        (one.expiry, one.orderID) < (other.expiry, other.orderID)
    }
}
