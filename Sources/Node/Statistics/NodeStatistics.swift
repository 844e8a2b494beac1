import Edge
import NetStack
import Runtime
import Wire

/// What a node has counted so far, read by any thread while it runs: each number whole, the set nearly of one moment.
public struct NodeStatistics: Sendable {
    /// One network stage.
    public struct Network: Sendable {
        public var counters: [UInt64]
        /// What was done for the link: ARP, ICMP, IGMP.
        public var control: [UInt64]
        public subscript(_ key: ControlEvent) -> UInt64 { control[Int(key.rawValue)] }
        public subscript(_ key: NetworkCounter) -> UInt64 { counters[Int(key.rawValue)] }
    }

    /// One market-data feed.
    public struct Feed: Sendable {
        public var name: String
        public var packets: UInt64
        public var messages: UInt64
        public var gaps: UInt64
        public var missing: UInt64
        public var duplicates: UInt64
        public var malformed: UInt64
    }

    /// One polling core.
    public struct Core: Sendable {
        public var name: String
        public var counters: [UInt64]
        public subscript(_ key: PollingCoreCounter) -> UInt64 { counters[Int(key.rawValue)] }
    }

    /// Records waiting in the rings at this moment.
    public struct Fill: Sendable {
        public var orders: Int
        public var marketData: Int
        public var reports: Int
        public var journal: Int
        /// Commands on their way to shards on other cores.
        public var shards: Int
    }

    /// One shard of the engine.
    public struct Shard: Sendable {
        public var counters: [UInt64]
        public subscript(_ key: ShardCounter) -> UInt64 { counters[Int(key.rawValue)] }
    }

    public var networks: [Network]
    /// The node's threads; none before it was started and after it was stopped.
    public var cores: [Core]
    /// Packets and messages dropped, by reason, all stages together.
    public var drops: [UInt64]
    /// The sources that send most, most first, as all network stages together saw them.
    public var topTalkers: [TopTalker]
    public var engine: [UInt64]
    /// At least one, whether they run on the engine's core or on others.
    public var shards: [Shard]
    public var feeds: [Feed]
    public var fill: Fill
    public var journalRecords: UInt64
    public var journalBytes: UInt64
    public var durableSequence: UInt64
    public var journalIsAccepting: Bool

    public subscript(_ reason: DropReason) -> UInt64 { drops[Int(reason.rawValue)] }
    public subscript(_ key: EngineCounter) -> UInt64 { engine[Int(key.rawValue)] }
    public subscript(_ key: NetworkCounter) -> UInt64 { networks.reduce(0) { $0 &+ $1[key] } }
    public subscript(_ key: ControlEvent) -> UInt64 { networks.reduce(0) { $0 &+ $1[key] } }

    /// The reasons that dropped anything, most frequent first.
    public var dropsByReason: [(reason: DropReason, count: UInt64)] {
        DropReason.allCases.map { ($0, self[$0]) }.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
    }

    public var dropped: UInt64 { drops.reduce(0, &+) }
}

extension CounterBlock {
    /// All counters, indexed by raw value.
    var values: [UInt64] {
        var row = [UInt64](repeating: 0, count: Int(Key.allCases.map(\.rawValue).max() ?? 0) + 1)
        for key in Key.allCases { row[Int(key.rawValue)] = value(key) }
        return row
    }
}
