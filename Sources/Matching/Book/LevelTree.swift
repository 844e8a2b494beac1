/// Price levels by key, the lowest first: a crit-bit tree over 64-bit keys (Bernstein 2004; PATRICIA, Morrison 1968, DOI
/// 10.1145/321479.321481). For prices far from the market, hidden orders and triggers.
///
/// Cost of every operation: at most 64 steps down, whatever the number of levels. The nodes of all trees of an engine come
/// from one `LevelNodes`, which has one for every order there can be.
struct LevelTree {
    private var root = LevelNodes.none
    private(set) var count = 0
    /// The lowest key, `Int64.max` when there is none.
    private(set) var lowest = Int64.max

    @inline(__always) var isEmpty: Bool { count == 0 }

    /// The level of a key, nil when there is none.
    func find(_ key: Int64, _ nodes: LevelNodes) -> UnsafeMutablePointer<PriceLevel>? {
        guard root != LevelNodes.none else { return nil }
        let leaf = nodes.leaves + Int(nodes.descend(root, LevelNodes.bits(key)))
        return leaf.pointee.key == LevelNodes.bits(key) ? nodes.level(leaf) : nil
    }

    /// The level of a key, made when there is none.
    mutating func findOrInsert(_ key: Int64, _ nodes: LevelNodes) -> UnsafeMutablePointer<PriceLevel> {
        let bits = LevelNodes.bits(key)
        guard root != LevelNodes.none else {
            root = nodes.takeLeaf(bits)
            count = 1
            lowest = key
            return nodes.level(nodes.leaves + Int(root))
        }
        let nearest = nodes.leaves + Int(nodes.descend(root, bits))
        let difference = nearest.pointee.key ^ bits
        if difference == 0 { return nodes.level(nearest) }
        let bit = UInt32(truncatingIfNeeded: 63 &- difference.leadingZeroBitCount)
        let leaf = nodes.takeLeaf(bits)
        let inner = nodes.takeInner()
        let node = nodes.inner + Int(inner)
        node.pointee.bit = bit
        // The new node goes where the bits it tells apart begin to matter.
        var parent = LevelNodes.none
        var place = root
        while place & LevelNodes.innerMark != 0, nodes.inner(place).pointee.bit > bit {
            parent = place
            place = nodes.child(place, bits)
        }
        if bits >> UInt64(bit) & 1 == 0 {
            node.pointee.low = leaf
            node.pointee.high = place
        } else {
            node.pointee.low = place
            node.pointee.high = leaf
        }
        replace(parent, bits, with: inner | LevelNodes.innerMark, nodes)
        count &+= 1
        if key < lowest { lowest = key }
        return nodes.level(nodes.leaves + Int(leaf))
    }

    /// Removes a level that is there.
    mutating func remove(_ key: Int64, _ nodes: LevelNodes) {
        let bits = LevelNodes.bits(key)
        var grandparent = LevelNodes.none
        var parent = LevelNodes.none
        var place = root
        while place & LevelNodes.innerMark != 0 {
            grandparent = parent
            parent = place
            place = nodes.child(place, bits)
        }
        nodes.giveBackLeaf(place)
        count &-= 1
        if parent == LevelNodes.none {
            root = LevelNodes.none
            lowest = .max
            return
        }
        let node = nodes.inner(parent)
        let sibling = bits >> UInt64(node.pointee.bit) & 1 == 0 ? node.pointee.high : node.pointee.low
        replace(grandparent, bits, with: sibling, nodes)
        nodes.giveBackInner(parent & ~LevelNodes.innerMark)
        if key == lowest { lowest = LevelNodes.key(nodes.leaves[Int(nodes.first(root))].key) }
    }

    private mutating func replace(_ parent: UInt32, _ bits: UInt64, with node: UInt32, _ nodes: LevelNodes) {
        if parent == LevelNodes.none {
            root = node
        } else if bits >> UInt64(nodes.inner(parent).pointee.bit) & 1 == 0 {
            nodes.inner(parent).pointee.low = node
        } else {
            nodes.inner(parent).pointee.high = node
        }
    }

    /// The lowest key not below `key`, `Int64.max` when there is none.
    func first(from key: Int64, _ nodes: LevelNodes) -> Int64 {
        guard root != LevelNodes.none else { return .max }
        if key <= lowest { return lowest }
        let bits = LevelNodes.bits(key)
        let difference = nodes.leaves[Int(nodes.descend(root, bits))].key ^ bits
        if difference == 0 { return key }
        let bit = UInt32(truncatingIfNeeded: 63 &- difference.leadingZeroBitCount)
        var above = LevelNodes.none
        var place = root
        while place & LevelNodes.innerMark != 0, nodes.inner(place).pointee.bit > bit {
            let node = nodes.inner(place)
            if bits >> UInt64(node.pointee.bit) & 1 == 0 {
                above = node.pointee.high
                place = node.pointee.low
            } else {
                place = node.pointee.high
            }
        }
        if bits >> UInt64(bit) & 1 == 0 { above = place }
        return above == LevelNodes.none ? .max : LevelNodes.key(nodes.leaves[Int(nodes.first(above))].key)
    }
}

/// The nodes of an engine's level trees. Memory per level: 16 bytes and 12 of an inner node.
struct LevelNodes {
    struct Leaf: BitwiseCopyable {
        var key: UInt64
        var level: PriceLevel
    }

    struct Inner: BitwiseCopyable {
        var low: UInt32
        var high: UInt32
        /// The highest bit in which the keys below differ; in `low` it is 0.
        var bit: UInt32
    }

    private struct Free {
        var leaf = LevelNodes.none
        var inner = LevelNodes.none
        var untouchedLeaf: UInt32 = 0
        var untouchedInner: UInt32 = 0
    }

    static let none = UInt32.max
    /// A reference with this bit means an inner node.
    static let innerMark: UInt32 = 1 << 30

    let leaves: UnsafeMutablePointer<Leaf>
    let inner: UnsafeMutablePointer<Inner>
    private let free: UnsafeMutablePointer<Free>

    init(capacity: Int) {
        leaves = .allocate(capacity: capacity)
        inner = .allocate(capacity: capacity)
        free = .allocate(capacity: 1)
        free.initialize(to: Free())
    }

    func deallocate() {
        leaves.deallocate()
        inner.deallocate()
        free.deallocate()
    }

    // `none` has the mark too, so an empty root is asked for before anything is descended.
    @inline(__always) func inner(_ reference: UInt32) -> UnsafeMutablePointer<Inner> {
        inner + Int(reference & ~Self.innerMark)
    }

    @inline(__always) func level(_ leaf: UnsafeMutablePointer<Leaf>) -> UnsafeMutablePointer<PriceLevel> {
        (UnsafeMutableRawPointer(leaf) + MemoryLayout<Leaf>.offset(of: \.level)!).assumingMemoryBound(
            to: PriceLevel.self)
    }

    @inline(__always) func child(_ reference: UInt32, _ bits: UInt64) -> UInt32 {
        let node = inner(reference)
        return bits >> UInt64(node.pointee.bit) & 1 == 0 ? node.pointee.low : node.pointee.high
    }

    func descend(_ root: UInt32, _ bits: UInt64) -> UInt32 {
        var place = root
        while place & Self.innerMark != 0 { place = child(place, bits) }
        return place
    }

    /// The leaf of the lowest key below a node.
    func first(_ root: UInt32) -> UInt32 {
        var place = root
        while place & Self.innerMark != 0 { place = inner(place).pointee.low }
        return place
    }

    /// Keys in the order of unsigned numbers.
    @inline(__always) static func bits(_ key: Int64) -> UInt64 { UInt64(bitPattern: key) ^ 1 << 63 }
    @inline(__always) static func key(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits ^ 1 << 63) }

    func takeLeaf(_ bits: UInt64) -> UInt32 {
        let place: UInt32
        if free.pointee.leaf != Self.none {
            place = free.pointee.leaf
            free.pointee.leaf = leaves[Int(place)].level.head
        } else {
            place = free.pointee.untouchedLeaf
            free.pointee.untouchedLeaf &+= 1
        }
        (leaves + Int(place)).initialize(to: Leaf(key: bits, level: PriceLevel()))
        return place
    }

    func giveBackLeaf(_ place: UInt32) {
        leaves[Int(place)].level.head = free.pointee.leaf
        free.pointee.leaf = place
    }

    func takeInner() -> UInt32 {
        let place: UInt32
        if free.pointee.inner != Self.none {
            place = free.pointee.inner
            free.pointee.inner = inner[Int(place)].low
        } else {
            place = free.pointee.untouchedInner
            free.pointee.untouchedInner &+= 1
        }
        return place
    }

    func giveBackInner(_ place: UInt32) {
        inner[Int(place)].low = free.pointee.inner
        free.pointee.inner = place
    }
}
