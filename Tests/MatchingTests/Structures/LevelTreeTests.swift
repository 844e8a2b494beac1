import Runtime
import TestSupport
import Testing

@testable import Matching

/// The crit-bit tree against a set of keys.
@Suite struct LevelTreeTests {
    /// Inserts and removes keys that `key` draws and asks for every kind of neighbour, in a pool without a node to spare.
    private func walk(seed: UInt64, steps: Int = 6_000, _ key: (inout SplitMix64) -> Int64) {
        var random = SplitMix64(seed: seed)
        let capacity = 120
        let nodes = LevelNodes(capacity: capacity)
        defer { nodes.deallocate() }
        // Two trees share the nodes; what one gives back the other takes.
        var trees = [LevelTree(), LevelTree()]
        var expected: [[Int64: UInt32]] = [[:], [:]]
        for number in 0..<steps {
            let chosen = random.next(below: 2)
            let key = key(&random)
            if expected[chosen][key] == nil, expected[0].count + expected[1].count < capacity {
                let level = trees[chosen].findOrInsert(key, nodes)
                #expect(level.pointee.isEmpty && level.pointee.tail == RestingOrder.none)
                level.pointee.head = UInt32(number + 1)
                expected[chosen][key] = UInt32(number + 1)
            } else if let known = expected[chosen][key] {
                #expect(trees[chosen].findOrInsert(key, nodes).pointee.head == known)
            }
            let victim = expected[chosen].keys.min { $0 ^ key < $1 ^ key }
            if random.next(below: 100) < 45, let victim {
                trees[chosen].remove(victim, nodes)
                expected[chosen][victim] = nil
            }
            check(trees[chosen], expected[chosen], [key, key &+ 1, key &- 1, victim ?? 0, .min, .max], nodes)
        }
    }

    private func check(_ tree: LevelTree, _ expected: [Int64: UInt32], _ asked: [Int64], _ nodes: LevelNodes) {
        #expect(tree.count == expected.count)
        #expect(tree.isEmpty == expected.isEmpty)
        #expect(tree.lowest == expected.keys.min() ?? .max)
        for key in asked {
            #expect(tree.find(key, nodes)?.pointee.head == expected[key])
            let next = expected.keys.lazy.filter { $0 >= key }.min() ?? .max
            #expect(tree.first(from: key, nodes) == next, "from \(key)")
        }
    }

    @Test func keysClose() { walk(seed: 1) { random in Int64(random.next(below: 200)) - 100 } }

    @Test func keysOfEveryMagnitude() {
        walk(seed: 2) { random in
            let key = Int64(bitPattern: random.next()) >> Int64(random.next(below: 64))
            return key == .max ? 0 : key
        }
    }

    /// One bit each: the deepest tree there can be.
    @Test func keysOfOneBit() {
        walk(seed: 3) { random in
            let key = Int64(bitPattern: 1 << UInt64(random.next(below: 64))) &- Int64(random.next(below: 2))
            return key == .max ? 0 : key
        }
    }

    @Test func keysAtTheEnds() {
        walk(seed: 4) { random in
            let bound = Int64(1) << 62
            return [-bound - 1, -bound, bound, .min, 0, -1][random.next(below: 6)] &+ Int64(random.next(below: 4))
        }
    }

    @Test func ascendingAndDescending() {
        let nodes = LevelNodes(capacity: 1_000)
        defer { nodes.deallocate() }
        var tree = LevelTree()
        for key in 0..<500 as Range<Int64> { _ = tree.findOrInsert(key, nodes) }
        for key in (-500..<0 as Range<Int64>).reversed() {
            _ = tree.findOrInsert(key, nodes)
            #expect(tree.lowest == key)
        }
        for key in -500..<500 as Range<Int64> {
            #expect(tree.lowest == key && tree.first(from: -1_000, nodes) == key)
            tree.remove(key, nodes)
        }
        #expect(tree.isEmpty && tree.lowest == .max && tree.first(from: .min, nodes) == .max)
    }
}
