/// What a shard counts.
public enum ShardCounter: UInt8, CaseIterable, Sendable {
    /// Commands carried out; one that concerns all shards counts in each, and an order's terms count.
    case commands
    /// Reports made, before those of several shards are joined.
    case reports
    /// Polls that ended because the ring of reports to the sequencer was full.
    case ringFull
    /// Reports a command made beyond the sink's capacity; always 0 by the arithmetic in `Limits`.
    case sinkOverflow
}
