/// What the engine stage counts beside drops.
public enum EngineCounter: UInt8, CaseIterable, Sendable {
    /// Order-entry messages taken from the network stages.
    case messages
    /// Commands sequenced, the node's and the venue's own included; an order's terms are part of it.
    case commands
    case reports
    /// Pairs of orders that traded.
    case trades
    /// Repeated commands and retransmission requests answered from state.
    case resends
    /// Reports a full ring or an absent client left to retransmission.
    case reportsLeftToRetransmission
    /// Reports to the venue that its ring had no room for.
    case venueReportsLost
    /// Commands not applied because the journal cannot take them.
    case refusedByJournal
    /// Polls cut short because a ring towards the network or the journal was nearly full.
    case backpressure
    /// Times nothing was taken because a shard's ring or the queue of commands under way was full, or the beginning or end
    /// of a session waited for what was under way.
    case waitsForShards
    /// Reports a command made beyond the sink's capacity; always 0 by the arithmetic in `Limits`.
    case sinkOverflow
}
