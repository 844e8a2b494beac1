import Orders

/// Which shards a command concerns. Depends on the configuration and the command alone, so that a replay sends it the same
/// way.
struct ShardRouter {
    /// Shard of each configured instrument.
    private let index: InstrumentIndex
    let count: Int

    /// - Parameters:
    ///   - shards: of each instrument, 0…`count` − 1; identifiers unique and not 0.
    ///   - count: 1…16.
    init(shards: [(instrument: UInt32, shard: Int)], count: Int) {
        index = InstrumentIndex([], maximum: shards.count)
        for row in shards { index.insert(row.instrument, position: row.shard) }
        self.count = count
    }

    func deallocate() { index.deallocate() }

    /// A command without an instrument concerns them all: a mass cancel, the end of a session, the venue's clock.
    @inline(__always) func shards(of command: Command) -> ShardSet { count > 1 ? concerned(by: command) : ShardSet(0) }

    private func concerned(by command: Command) -> ShardSet {
        switch command.kind {
        case .newOrder, .cancel, .replace, .quote, .phase, .setInstrument, .indicate:
            return ShardSet(shard(of: command.instrument))
        case .massCancel, .setRisk, .rule:
            return command.instrument == 0 ? .all(count) : ShardSet(shard(of: command.instrument))
        case .none, .sessionEstablished, .sessionTerminated, .checkpoint, .terms, .timer:
            return .all(count)
        }
    }

    /// An instrument listed while the node runs, or one that does not exist, goes by its number: nothing is to be remembered.
    private func shard(of instrument: UInt32) -> Int {
        index.position(of: instrument) ?? Int(instrument % UInt32(truncatingIfNeeded: count))
    }
}
