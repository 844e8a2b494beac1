import Runtime
import TestSupport
import Testing

@testable import Matching

/// A ladder and what it must agree with: queues by key in a dictionary, and the keys in order.
final class LadderModel {
    private(set) var ladder: PriceLadder
    let nodes: LevelNodes
    private let orders: UnsafeMutablePointer<RestingOrder>
    private var queues: [Int64: [UInt32]] = [:]
    private(set) var keys: [Int64] = []
    private var free: [UInt32]
    private var random: SplitMix64
    /// Operations after which the best key was not in the ring.
    private(set) var awayCount = 0

    init(width: Int = 8_192, around key: Int64, capacity: Int = 600, seed: UInt64) {
        ladder = PriceLadder(width: width, around: key)
        // One level for each order and none to spare: more would be written over the end.
        nodes = LevelNodes(capacity: capacity)
        orders = .allocate(capacity: capacity + 1)
        orders.initialize(repeating: .nobody, count: capacity + 1)
        free = (1...UInt32(capacity)).reversed()
        random = SplitMix64(seed: seed)
    }

    deinit {
        ladder.deallocate()
        nodes.deallocate()
        orders.deallocate()
    }

    var orderCount: Int { queues.values.reduce(0) { $0 + $1.count } }
    var isFull: Bool { free.isEmpty }
    var best: Int64 { keys.first ?? .max }
    func pick(_ count: Int) -> Int { random.next(below: count) }

    func append(_ key: Int64) {
        guard let position = free.popLast() else { return }
        changing(key) { ladder.append(position, key: key, orders, nodes) }
        if queues[key] == nil { keys.insert(key, at: firstPlace(from: key)) }
        queues[key, default: []].append(position)
        check(key)
    }

    /// Takes an order out of the middle, the beginning or the end of a key's queue.
    func removeAny(of key: Int64) {
        guard var queue = queues[key] else { return }
        let position = queue.remove(at: pick(queue.count))
        queues[key] = queue.isEmpty ? nil : queue
        if queue.isEmpty { keys.remove(at: firstPlace(from: key)) }
        changing(key) { ladder.remove(position, key: key, orders, nodes) }
        free.append(position)
        check(key)
    }

    /// As when a level is traded through: its queue is emptied, then the level is forgotten.
    func drop(_ key: Int64) {
        guard let queue = queues.removeValue(forKey: key) else { return }
        keys.remove(at: firstPlace(from: key))
        changing(key) {
            for position in queue { ladder.level(key, nodes).pointee.remove(position, orders) }
            ladder.dropLevel(key, nodes)
        }
        free += queue
        check(key)
    }

    /// Runs an operation and holds the ring to how far it may move and how much it may carry.
    private func changing(_ key: Int64, _ body: () -> Void) {
        let (low, span) = (ladder.low, ladder.span)
        let wasEmpty = ladder.words[0] == 0
        body()
        guard low != ladder.low || span != ladder.span else { return }
        let moved = keys.count { (UInt64(bitPattern: $0 &- low) < span) != ladder.isInRing($0) }
        #expect(moved <= 256, "\(moved) levels moved")
        if !wasEmpty { #expect(low &- ladder.low <= 64 * PriceLadder.word, "down by \(low &- ladder.low)") }
    }

    /// What holds after every operation.
    private func check(_ touched: Int64) {
        #expect(ladder.best == best)
        let asked = [touched, touched &+ 1, keys.isEmpty ? 0 : keys[pick(keys.count)] &- Int64(pick(9_000))]
        for key in asked {
            let place = firstPlace(from: key)
            #expect(ladder.first(from: key, nodes) == (place < keys.count ? keys[place] : .max))
        }
        checkQueue(touched)
        #expect(ladder.low % PriceLadder.word == 0 && ladder.low >= PriceLadder.lowest)
        #expect(ladder.span % UInt64(PriceLadder.word) == 0 && ladder.span <= ladder.room)
        let outside = firstPlace(from: ladder.low) + keys.count - firstPlace(from: ladder.low + Int64(ladder.span))
        #expect(ladder.tree.count == outside)
        if !keys.isEmpty, !ladder.isInRing(best) { awayCount += 1 }
    }

    /// Every key, one after the other, and each queue.
    func checkAll() {
        var key = Int64.min
        for expected in keys {
            key = ladder.first(from: key, nodes)
            #expect(key == expected)
            checkQueue(key)
            key += 1
        }
        #expect(ladder.first(from: key, nodes) == .max)
    }

    private func checkQueue(_ key: Int64) {
        let level = ladder.levelIfAny(key, nodes)?.pointee ?? PriceLevel()
        var found: [UInt32] = []
        var position = level.head
        while position != RestingOrder.none, found.count <= 600 {
            found.append(position)
            position = orders[Int(position)].next
        }
        #expect(found == queues[key] ?? [], "queue of \(key)")
        #expect(found.isEmpty || level.tail == found.last)
    }

    private func firstPlace(from key: Int64) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
