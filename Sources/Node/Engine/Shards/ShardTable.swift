import Orders

/// An engine's shards, each in memory of its own: no two of them share a cache line, and each can lie near its core.
///
/// Plain pointers; who made the table gives it back when no core uses a shard any more.
struct ShardTable {
    private let shards: UnsafeMutablePointer<UnsafeMutablePointer<EngineShard>>
    let count: Int

    /// - Parameter beforeShard: called before the memory of each shard is taken, with its number.
    init(configuration: NodeConfiguration, beforeShard: (Int) -> Void) {
        count = configuration.shards
        shards = .allocate(capacity: count)
        let limits = RiskLimits.tightest(configuration.instruments.map(\.risk))
        // 128 bytes: the adjacent-line prefetcher pulls lines in pairs.
        let bytes = (MemoryLayout<EngineShard>.stride + 127) & ~127
        for number in 0..<count {
            beforeShard(number)
            let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
            let shard = memory.bindMemory(to: EngineShard.self, capacity: 1)
            shard.initialize(
                to: EngineShard(
                    instruments: configuration.instruments(ofShard: number), limitsOfListed: limits,
                    firms: configuration.firms, members: configuration.riskMembers, isAlone: count == 1))
            (shards + number).initialize(to: shard)
        }
    }

    func deallocate() {
        for number in 0..<count {
            shards[number].deinitialize(count: 1)
            UnsafeMutableRawPointer(shards[number]).deallocate()
        }
        shards.deallocate()
    }

    subscript(_ number: Int) -> UnsafeMutablePointer<EngineShard> { shards[number] }

    /// The earliest of all; only while no other core runs a shard.
    var nextDeadlineNanoseconds: UInt64 {
        var next = shards[0].pointee.nextDeadlineNanoseconds
        for number in 1..<max(count, 1) { next = min(next, shards[number].pointee.nextDeadlineNanoseconds) }
        return next
    }

    var liveOrderCount: Int { (0..<count).reduce(0) { $0 + shards[$1].pointee.liveOrderCount } }

    /// In the order of the shards.
    func combine(into hash: inout StateHash) {
        for number in 0..<count { shards[number].pointee.combine(into: &hash) }
    }
}
