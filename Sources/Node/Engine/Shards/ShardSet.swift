/// Some of an engine's shards, 0…15, taken in ascending order.
struct ShardSet: BitwiseCopyable, Equatable {
    private(set) var bits: UInt16

    init(_ shard: Int) { bits = 1 << UInt16(truncatingIfNeeded: shard & 15) }

    private init(bits: UInt16) { self.bits = bits }

    static var none: ShardSet { ShardSet(bits: 0) }

    /// - Parameter count: 1…16.
    static func all(_ count: Int) -> ShardSet { ShardSet(bits: UInt16.max >> UInt16(truncatingIfNeeded: 16 &- count)) }

    var isEmpty: Bool { bits == 0 }

    /// Exactly one.
    var isSingle: Bool { bits != 0 && bits & (bits &- 1) == 0 }

    /// The lowest; 16 of an empty set.
    var first: Int { bits.trailingZeroBitCount }

    mutating func removeFirst() { bits &= bits &- 1 }
}
