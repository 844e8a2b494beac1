import Edge
import MarketData

/// Every capacity of the node in one place, each with its reason.
public enum Limits {
    // MARK: Network

    /// Frames asked of a queue per call: DPDK's customary burst, small enough to stay in L1 with its descriptors.
    public static let burst = 32
    /// How many frames ahead of the parser the bytes are fetched: about the time of one miss.
    static let prefetchDistance = 4
    /// Bursts taken per poll before the lanes are served, from a queue without orders or by arrival. 64 frames with their
    /// headers stay in L1 from reception to the ring; with 256 the driver's own work takes nearly twice as long.
    public static let receiveBurstsPerPoll = 2
    /// Bursts taken per poll in strict priority from a queue that orders may be in: until it is empty, and at most what a
    /// queue of the usual size can hold. So an order is found behind a flood, and what there is no room for is dropped
    /// here, by choice, and not by the queue. A core that keeps up empties the queue with fewer bursts than those above.
    static let receiveBurstsPerPollWithOrders = descriptors / burst
    /// Who is served how much per poll: market data as much as a poll brings, so that a lone core loses none of it.
    static var scheduling: PriorityScheduler.Policy {
        PriorityScheduler.Policy(marketDataBudget: burst * receiveBurstsPerPoll)
    }
    /// The lanes for orders and control ride out a burst of 4,096 packets.
    public static let laneCapacity = 128 * burst
    /// Market data that was taken from a queue to find the orders behind it waits here: as much as the deepest queue of the
    /// usual devices holds, the kernel's before a TAP, so that a burst that fits the device is never dropped.
    public static let marketDataLaneCapacity = tapQueueLength
    /// Messages from one network stage to the engine: a full order lane, each datagram holding up to 29 commands
    /// (1,472 bytes of 48-byte messages), at a quarter of the worst case.
    public static let orderRingCapacity = 32_768
    /// Packets from one network stage to market data; each holds a packet buffer.
    public static let marketDataRingCapacity = 4_096
    /// Reports waiting to become durable and leave: 100 ms at 650,000 reports/s.
    public static let reportRingCapacity = 65_536
    /// Answers that wait for nothing (heartbeats, gap reports).
    public static let replyRingCapacity = 4_096
    /// Beginnings and ends of sessions on their way to a network stage's filter; the engine takes nothing while one is full.
    public static let grantRingCapacity = 1_024
    /// Packet buffers: three lanes and the market-data ring full, both descriptor rings full, and a burst in hand each
    /// way.
    public static let descriptors = 1_024
    public static let defaultBuffers = 32_768
    /// Packets the kernel's side of a TAP may queue towards the node before it drops; the default of 1,000 is less than
    /// one burst of a feed.
    public static let tapQueueLength = 16_384
    /// Largest MTU an interface may be given: 9,216, what switches call jumbo, and some room for encapsulation.
    public static let maximumMTU = 9_600
    /// Wait before frames of the node's own (probes, membership reports) that found no room or buffer are tried again.
    static let controlRetryNanoseconds: UInt64 = 1_000_000
    public static let maximumQueuesPerInterface = 16
    public static let maximumNetworkStages = 64
    public static let maximumFeeds = 64
    /// Symbols and price levels of one feed's books.
    public static let feed = FeedLimits()

    // MARK: Orders

    public static let maximumSessions = 1_024
    /// Reports kept per session for retransmission: 96 bytes each, 6 MiB; at 10,000 reports/s the last 6.5 s.
    public static let reportHistoryCapacity = 65_536
    /// Reports sent again per request; a client asks for the rest.
    public static let reportsPerRetransmission = 256
    public static let defaultOrdersPerInstrument = 262_144
    public static let maximumOrdersPerInstrument = 16_777_216
    /// Instruments the venue can list while the node runs.
    public static let spareInstruments = 64
    /// Reports one command can make, 96 bytes of the engine's memory each.
    ///
    /// Of the command's own book (`deepest` orders may rest in it): a trade, and a trade with itself that was prevented, makes
    /// two reports and ends an order or the aggressor; a stop among them was triggered first, a market-to-limit order was
    /// restated by the auction. Three for each order cover a cascade that goes through every stop, and an auction that leaves
    /// no order. Of all books (`total`): a mass cancel, a disconnect or the venue cancels every order once. Eight for the
    /// command itself.
    ///
    /// An iceberg trades once per peak, so a book of small peaks makes more reports for its orders than this says; the engine
    /// counts what does not fit (`EngineCounter.sinkOverflow`).
    public static func reportsPerCommand(deepest: Int, total: Int) -> Int { 3 * deepest + total + 8 }
    /// Room in the journal's ring for one message: terms, the command, and a checkpoint.
    static let recordsPerCommand = 4
    /// The venue's commands on their way to the engine: one person types them.
    public static let venueCommandRingCapacity = 64
    /// Reports of the venue: phases and indicative prices of all instruments at once. The control thread looks several times
    /// a second.
    public static let venueReportRingCapacity = 4_096
    /// Room that must be free towards each network stage before the engine takes a command. A sweep, an auction or a mass
    /// cancel that makes more reports than that leaves the rest to retransmission, counted; up to `reportHistoryCapacity` of
    /// one session can be had again.
    public static let reportReserve = 1_024
    /// Messages the engine takes per poll from one network stage before it looks at the next.
    public static let messagesPerPoll = 64
    /// Answers to one message or one look at the timers: at most eight.
    public static let messageSinkCapacity = 16
    /// Commands between two checkpoints in the journal.
    public static let commandsPerCheckpoint: UInt64 = 4_096

    // MARK: Shards

    /// Engines of one node: as many as a `ShardSet` has bits, and as a socket has cores to spare.
    public static let maximumShards = 16
    /// Commands given to shards on other cores and not yet answered: at 5 million commands/s in all, 800 µs of a shard that
    /// was held up.
    static let commandsInFlight = 4_096
    /// Commands on their way to one shard. Smaller than what is under way in all, so that the ring stays in L2 and one busy
    /// instrument does not fill the queue of all.
    public static let shardCommandRingCapacity = 1_024
    /// Reports of one shard on their way to the sequencer: four for each command that can wait before it, and a sweep
    /// passes through in pieces.
    static let shardReportRingCapacity = 8_192
    /// Commands a shard carries out per poll before another stage of its core gets its turn.
    static let shardCommandsPerPoll = 64
    /// Reports the sequencer takes from its shards per poll before it looks at the network again.
    static let reportsPerPoll = 512

    // MARK: Journal

    /// Commands on their way to the journal: 100 ms of a stalled disk at 650,000 commands/s.
    public static let journalRingCapacity = 65_536

    /// Records taken from the reader at once during a replay.
    public static let replayBatch = 1_024
    /// How long a stopping node waits for the disk.
    public static let stopNanoseconds: UInt64 = 2_000_000_000

    /// Packets in flight that `defaultBuffers` must cover.
    static let buffersInFlight =
        2 * laneCapacity + marketDataLaneCapacity + marketDataRingCapacity + 2 * descriptors + 2 * burst

    /// The relations between the capacities; checked by `LimitsTests`.
    public static var relationsHold: Bool {
        buffersInFlight <= defaultBuffers && reportReserve < reportRingCapacity
            && reportsPerPoll <= reportReserve && shardCommandRingCapacity <= commandsInFlight
            && commandsInFlight.nonzeroBitCount == 1 && recordsPerCommand <= shardCommandRingCapacity
            && reportHistoryCapacity >= reportRingCapacity && reportsPerRetransmission <= reportReserve
    }
}
