import Edge
import NetStack
import Runtime
import Wire

extension TradingNode {
    /// Any thread.
    public var statistics: NodeStatistics {
        let state = journal.pointee.sharedState
        var drops = engine.pointee.drops.values
        for index in 0..<networkCount {
            for (reason, count) in networks[index].drops.values.enumerated() { drops[reason] &+= count }
        }
        for (reason, count) in marketData.pointee.drops.values.enumerated() { drops[reason] &+= count }
        let table = engine.pointee.core.shards
        let shardRows = (0..<table.count).map { NodeStatistics.Shard(counters: table[$0].pointee.counters.values) }
        var engineCounters = engine.pointee.counters.values
        engineCounters[Int(EngineCounter.sinkOverflow.rawValue)] = shardRows.reduce(0) { $0 &+ $1[.sinkOverflow] }
        return NodeStatistics(
            networks: (0..<networkCount).map {
                .init(counters: networks[$0].counters.values, control: networks[$0].responder.events.values)
            }, cores: cores.map { .init(name: $0.name, counters: $0.counters.values) }, drops: drops,
            topTalkers: TopTalker.merged((0..<networkCount).map { networks[$0].filter.talkers.snapshot() }),
            engine: engineCounters, shards: shardRows,
            feeds: configuration.feeds.indices.map {
                marketData.pointee.statistics(of: $0, name: configuration.feeds[$0].name)
            },
            fill: rings.fill, journalRecords: journal.pointee.counters.value(.records),
            journalBytes: journal.pointee.counters.value(.bytes), durableSequence: state.durableSequence,
            journalIsAccepting: state.isAccepting)
    }
}
