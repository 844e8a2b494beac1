import Orders

/// Makes one stream of events of what the shards say: command by command, within a command shard by shard.
///
/// Each shard counts its own trades; here they get the numbers the client sees, in the order of the stream. A command that
/// several shards answered is answered once. One thread; nothing here depends on when a shard was ready.
struct EventLedger {
    /// Hash over all reports since the start of the log.
    private(set) var events = StateHash()
    private(set) var reportCount: UInt64 = 0
    /// Trades so far; the last one's number.
    private(set) var tradeCount: UInt64 = 0
    /// The last number each shard gave.
    private let shardTrades: UnsafeMutablePointer<UInt64>
    /// Shards of the command whose reports are not over.
    private var remaining = ShardSet.none
    private var cancelled: UInt32 = 0

    init() {
        shardTrades = .allocate(capacity: Limits.maximumShards)
        shardTrades.initialize(repeating: 0, count: Limits.maximumShards)
    }

    func deallocate() { shardTrades.deallocate() }

    /// The next command's reports begin, with those of the first of its shards.
    mutating func begin(_ shards: ShardSet) {
        remaining = shards
        cancelled = 0
    }

    /// Shard whose reports come now.
    var shard: Int { remaining.first & (Limits.maximumShards - 1) }

    /// The current shard's reports are over. False: and with them the command's.
    mutating func advance() -> Bool {
        remaining.removeFirst()
        return !remaining.isEmpty
    }

    /// Gives a report the stream's numbers. False: it is left out, because a later shard's says the same of them all.
    mutating func settle(_ report: UnsafeMutablePointer<ExecutionReport>) -> Bool {
        switch report.pointee.kind {
        case .filled, .partiallyFilled:
            // A shard numbers its trades from 1 without gaps, so both numbers go up by the same.
            let last = shardTrades + shard
            let offset = tradeCount &- last.pointee
            last.pointee = max(last.pointee, report.pointee.executionID)
            report.pointee.executionID &+= offset
            tradeCount = max(tradeCount, report.pointee.executionID)
        case .commandRejected: return remaining.isSingle
        case .massCancelled, .instrumentSet:
            cancelled &+= report.pointee.cumulativeQuantity
            guard remaining.isSingle else { return false }
            report.pointee.cumulativeQuantity = cancelled
        default: break
        }
        return true
    }

    /// Takes in a report as it stands in the stream, numbered by its session too.
    mutating func combine(_ report: borrowing ExecutionReport) {
        events.combine(report)
        reportCount &+= 1
    }
}
