// Looks inside the module, which only a debug build allows.
#if DEBUG
    import Orders
    import Runtime
    import TestSupport
    import Testing

    @testable import Matching

    /// What is written past the fields, against the fields.
    @Suite struct RestingOrderTests {
        @Test func eightWordsAreAllItsFields() {
            var random = SplitMix64(seed: 3)
            let orders = UnsafeMutablePointer<RestingOrder>.allocate(capacity: 2)
            defer { orders.deallocate() }
            for side in [Side.buy, .sell] {
                for _ in 0..<100 {
                    let command = Command(
                        kind: .newOrder, sequence: random.next(), clientOrderID: random.next(),
                        price: Int64(bitPattern: random.next()) >> 1,
                        quantity: UInt32(truncatingIfNeeded: random.next()),
                        session: UInt32(random.next(below: 1_024)) + 1, side: side, timeInForce: .day)
                    let book = UInt32(truncatingIfNeeded: random.next())
                    let (last, slot, chain) = (
                        UInt32(truncatingIfNeeded: random.next()), UInt32(truncatingIfNeeded: random.next()),
                        UInt32(truncatingIfNeeded: random.next())
                    )
                    UnsafeMutableRawPointer(orders).initializeMemory(
                        as: UInt8.self, repeating: 0xFF, count: 2 * MemoryLayout<RestingOrder>.stride)
                    orders.write(command, book: book, behind: last, slot: slot, chain: chain)
                    var expected = RestingOrder(Aggressor(command), book: book)
                    (expected.previous, expected.rosterSlot, expected.chain) = (last, slot, chain)
                    let (written, other) = (Self.words(orders), Self.words(orders + 1))
                    orders.initialize(to: expected)
                    #expect(written == Self.words(orders))
                    #expect(orders.chain.pointee == chain && orders.pointee.isOrdinary)
                    #expect(other == [UInt64](repeating: .max, count: 8))
                }
            }
        }

        private static func words(_ order: UnsafeMutablePointer<RestingOrder>) -> [UInt64] {
            (0..<8).map { UnsafeRawPointer(order).load(fromByteOffset: $0 * 8, as: UInt64.self) }
        }
    }
#endif
