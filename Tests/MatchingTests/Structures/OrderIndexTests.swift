// Looks inside the module, which only a debug build allows.
#if DEBUG
    import Runtime
    import TestSupport
    import Testing

    @testable import Matching

    /// The index of live orders against a dictionary, through the arena that owns it.
    @Suite struct OrderIndexTests {
        private struct Name: Hashable {
            var session: UInt32
            var id: UInt64
        }

        private static func order(_ name: Name) -> RestingOrder {
            var order = RestingOrder.nobody
            order.session = UInt16(name.session)
            order.clientOrderID = name.id
            return order
        }

        /// Orders come and go under the names that `name` gives, renamed now and then, until there were `capacity` of them.
        private func walk(
            capacity: Int, steps: Int, seed: UInt64 = 5, _ name: (UInt64, inout SplitMix64) -> (UInt32, UInt64)
        ) {
            var arena = OrderArena(capacity: capacity, seed: seed)
            var random = SplitMix64(seed: 11)
            var live: [Name: UInt32] = [:]
            var names: [Name] = []
            for number in 0..<steps {
                let (session, id) = name(UInt64(number), &random)
                let new = Name(session: session, id: id)
                let found = arena.find(session: session, clientOrderID: id)
                #expect(found == live[new] ?? RestingOrder.none)
                // The table has grown to all it can be, then empties, then grows no more.
                let isGrowing = number < steps / 2
                if live[new] == nil, !arena.isFull, isGrowing || number % 3 == 0 {
                    live[new] = arena.insert(Self.order(new))
                    names.append(new)
                }
                if !names.isEmpty, random.next(below: 100) < (isGrowing ? 20 : 60) {
                    let place = random.next(below: names.count)
                    let old = names[place]
                    names.swapAt(place, names.count - 1)
                    names.removeLast()
                    arena.remove(live.removeValue(forKey: old) ?? 0)
                    let left = arena.find(session: old.session, clientOrderID: old.id)
                    #expect(left == RestingOrder.none)
                }
                if !names.isEmpty, random.next(below: 10) == 0 {
                    let place = random.next(below: names.count)
                    let renamed = Name(session: names[place].session, id: id ^ 0xFFFF)
                    guard live[renamed] == nil, let position = live.removeValue(forKey: names[place]) else { continue }
                    arena.rename(position, clientOrderID: renamed.id)
                    live[renamed] = position
                    names[place] = renamed
                }
                #expect(arena.isFull == (live.count == capacity))
                if number % max(1, steps / 8) == 0 { check(arena, live) }
            }
            check(arena, live)
        }

        private func check(_ arena: borrowing OrderArena, _ live: [Name: UInt32]) {
            for (name, position) in live {
                #expect(arena.find(session: name.session, clientOrderID: name.id) == position)
                #expect(
                    arena.find(session: name.session ^ 1, clientOrderID: name.id) == live[
                        Name(session: name.session ^ 1, id: name.id)] ?? 0)
            }
            #expect(Set(live.values).count == live.count)
        }

        @Test func namesInARow() {
            walk(capacity: 6_000, steps: 24_000) { number, _ in (1 + UInt32(number % 7), 1 + number / 7) }
        }

        @Test func namesAtRandom() {
            walk(capacity: 6_000, steps: 20_000) { _, random in
                (1 + UInt32(random.next(below: 1_024)), random.next() | 1)
            }
        }

        /// Few names, so that the same ones come again and again.
        @Test func namesThatComeAgain() {
            walk(capacity: 200, steps: 20_000) { _, random in
                (1 + UInt32(random.next(below: 3)), 1 + UInt64(random.next(below: 90)))
            }
        }

        /// Whoever knows the seed can put all orders into one bucket; then it is slow, and right.
        @Test func namesThatFallTogether() {
            let seed: UInt64 = 0x5769_7373_656C
            // The inverse of the hash's factor, by Newton: then the product's high half, which is the bucket, is always 0.
            let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
            var inverse = factor
            for _ in 0..<6 { inverse = inverse &* (2 &- factor &* inverse) }
            func id(_ number: UInt64) -> UInt64 { (number &* inverse) ^ (1 &<< 48) ^ seed }
            let arena = OrderArena(capacity: 100, seed: seed)
            #expect(Set((1...50).map { arena.place(session: 1, clientOrderID: id($0)).bucket }) == [0])
            walk(capacity: 2_000, steps: 4_000, seed: seed) { number, _ in (1, id(number + 1)) }
        }

        /// Rows as clients make them spread over the buckets as random names would: no chain is long.
        @Test(arguments: [1, 2, 64, 1 << 16, 1 << 32, 1 << 40, 1 << 48, 1_000_000_007, 0x0101_0101_0101])
        func rowsSpread(step: UInt64) {
            let arena = OrderArena(capacity: 1_000, seed: 0x5769_7373_656C)
            var chains: [Int: Int] = [:]
            for number in 1...1_000 as ClosedRange<UInt64> {
                chains[arena.place(session: 3, clientOrderID: number &* step).bucket, default: 0] += 1
            }
            #expect(chains.values.max() ?? 0 <= 8, "a chain of \(chains.values.max() ?? 0)")
            let compared = chains.values.reduce(0) { $0 + $1 * ($1 + 1) / 2 }
            #expect(compared <= 2_000, "\(compared) orders looked at to find 1,000")
        }
    }
#endif
