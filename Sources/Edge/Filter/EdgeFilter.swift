import Runtime
import Wire

/// Who gets in: asked for every UDP datagram whose headers the parser found right, before it can take room in a lane.
///
/// | # | Question | Drop |
/// |---|---|---|
/// | 1 | Does the first access rule that matches refuse it? | `aclDenied` |
/// | 2 | Can nobody have this source address? | `bogonSource` |
/// | 3 | Does it come from a port of a service used for amplification? | `amplificationPort` |
/// | 4 | Does nobody listen? | the classifier's reason |
/// | 5 | Market data: may this source send this feed? | `feedSourceUnknown` |
/// | 6 | Orders: may this source send orders at all? | `unknownSource` |
/// | 7 | A source with a session: within its own rate? | `sourceRate` |
/// | 8 | Any other: within what all unknown sources may send together, and within its own rate? | `unknownSourceRate`, `sourceRate` |
///
/// Question 8 is the answer to spoofed sources. A rate per source alone admits nearly all of them, since each address is
/// new and has a full bucket; so what has no session shares one channel of set size, as in the Gatekeeper system
/// (AltraMayor/gatekeeper on GitHub). What is left of a spoofed flood takes one bucket look-up and no memory of its own.
///
/// Feeds answer no question 7 or 8: they are configured, not asked for.
///
/// Cost: one look-up of the source (14 steps at most, none as a rule), the access list's (see there) when there are rules,
/// 32 slots of grants at most, one cache line of buckets. A feed's datagram from where its last one came from takes one
/// comparison. No allocation after `init`; the rules' memory belongs to the publisher. One thread, that of its stage.
public struct EdgeFilter: ~Copyable {
    private let handover: FilterHandover
    private var current: UnsafeMutablePointer<FilterTables>
    /// A copy of what `current` points to: one step less for every packet.
    private var tables: FilterTables
    private var grants = GrantTable()
    private let buckets = SourceBuckets()
    /// What all sources without a session share.
    private var unknown = TokenBucket()
    /// Where the last datagram of each feed came from, as `feedKey`, once the rules have passed it.
    @usableFromInline let feedPasses: UnsafeMutablePointer<UInt64>
    /// Packets until the next one is sampled.
    @usableFromInline var countdown = 1
    private var sampleInterval: UInt8 = 1
    public let talkers = TopTalkers()
    /// Grants there was no room for.
    public private(set) var refusedGrants: UInt64 = 0

    public init(_ handover: FilterHandover) {
        self.handover = handover
        current = handover.current
        tables = current.pointee
        feedPasses = .allocate(capacity: Classifier.maximumFeeds)
        feedPasses.initialize(repeating: 0, count: Classifier.maximumFeeds)
        handover.acknowledge(tables.generation)
    }

    deinit {
        grants.deallocate()
        buckets.deallocate()
        feedPasses.deallocate()
        talkers.deallocate()
    }

    // MARK: Per poll

    /// Takes over new rules, if there are any, and looks after the grants. At the beginning of every poll.
    /// - Returns: whether there are new rules, so that whoever remembers verdicts forgets them.
    @discardableResult public mutating func beginPoll(now: UInt64) -> Bool {
        let published = handover.current
        let isNew = published != current
        if isNew { adopt(published) }
        grants.sweep(now: now, idleNanoseconds: tables.grantIdleNanoseconds)
        return isNew
    }

    @inline(never) private mutating func adopt(_ published: UnsafeMutablePointer<FilterTables>) {
        current = published
        tables = published.pointee
        feedPasses.update(repeating: 0, count: Classifier.maximumFeeds)
        handover.acknowledge(tables.generation)
    }

    public mutating func apply(_ change: GrantChange, now: UInt64) {
        if !grants.apply(change, now: now) { refusedGrants &+= 1 }
    }

    /// Sources that have a session or lost their last one not long ago.
    public var grantCount: Int { grants.count }

    // MARK: Per packet

    /// Counts a packet that header prediction may pass without a question, because rules and headers are as before;
    /// false for the one in 64 that has to be asked about for the list of top talkers.
    @inlinable @inline(__always) public mutating func maySkip() -> Bool {
        guard countdown > 1 else { return false }
        countdown &-= 1
        return true
    }

    /// Judges a UDP datagram.
    /// - Parameters:
    ///   - bytes: length of its frame, for the list of top talkers.
    ///   - classification: what the classifier says about its destination.
    ///   - now: nanoseconds, as in the stage's poll.
    /// - Returns: nil when it may go into its lane, which it then has.
    @inlinable @inline(__always) public mutating func check(
        source: IPv4Address, sourcePort: UInt16, destination: IPv4Address, destinationPort: UInt16, bytes: UInt32,
        classification: Classification, now: UInt64
    ) -> DropReason? {
        countdown &-= 1
        if case .marketData(let feed) = classification, countdown > 0,
            feedPasses[Int(feed)] == Self.feedKey(source, sourcePort)
        {
            return nil
        }
        return checkWhole(source, sourcePort, destination, destinationPort, bytes, classification, now)
    }

    @inlinable @inline(__always) static func feedKey(_ source: IPv4Address, _ port: UInt16) -> UInt64 {
        1 << 63 | UInt64(source.rawValue) << 16 | UInt64(port)
    }

    @usableFromInline @inline(never) mutating func checkWhole(
        _ source: IPv4Address, _ sourcePort: UInt16, _ destination: IPv4Address, _ destinationPort: UInt16,
        _ bytes: UInt32, _ classification: Classification, _ now: UInt64
    ) -> DropReason? {
        let reason = judge(source, sourcePort, destination, destinationPort, classification, now)
        if countdown <= 0 { sample(source, bytes, isDropped: reason != nil) }
        return reason
    }

    @inline(__always) private mutating func judge(
        _ source: IPv4Address, _ sourcePort: UInt16, _ destination: IPv4Address, _ destinationPort: UInt16,
        _ classification: Classification, _ now: UInt64
    ) -> DropReason? {
        let record = tables.sources.record(of: source.rawValue)
        if !tables.access.isEmpty,
            tables.access.deniesUDP(
                sourceRow: record.pointee.accessRow, destination: destination.rawValue, sourcePort: sourcePort,
                destinationPort: destinationPort)
        {
            return .aclDenied
        }
        if record.pointee.isBogon { return .bogonSource }
        if tables.isAmplifier(port: sourcePort) { return .amplificationPort }
        switch classification {
        case .drop(let reason): return reason
        case .marketData(let feed):
            guard record.pointee.feeds >> UInt64(feed & 63) & 1 == 1 else { return .feedSourceUnknown }
            feedPasses[Int(feed & 63)] = Self.feedKey(source, sourcePort)
            return nil
        case .order:
            guard record.pointee.maySendOrders else { return .unknownSource }
            return checkRate(source.rawValue, now)
        case .control: return nil
        }
        // TCP comes here: before `checkRate`, a SYN of a source without a grant is answered with a cookie and no memory.
    }

    @inline(__always) private mutating func checkRate(_ source: UInt32, _ now: UInt64) -> DropReason? {
        if let grant = grants.find(source, now: now, idleNanoseconds: tables.grantIdleNanoseconds) {
            grant.pointee.lastHeardNanoseconds = now
            return grant.pointee.bucket.take(tables.perGrantedSource, now: now) ? nil : .sourceRate
        }
        // The channel first: in a flood it is empty, and the many lines of buckets are not touched.
        unknown.refill(tables.unknownSources, now: now)
        guard unknown.hasToken else { return .unknownSourceRate }
        guard buckets.take(source, tables.perUnknownSource, now: now) else { return .sourceRate }
        unknown.spend()
        return nil
    }

    /// Judges an ICMP message to us: only the access list and the bogons have something to say about it.
    public func checkICMP(source: IPv4Address, destination: IPv4Address) -> DropReason? {
        let record = tables.sources.record(of: source.rawValue)
        if !tables.access.isEmpty,
            tables.access.deniesICMP(sourceRow: record.pointee.accessRow, destination: destination.rawValue)
        {
            return .aclDenied
        }
        return record.pointee.isBogon ? .bogonSource : nil
    }

    // MARK: Top talkers

    /// Notes a packet for all of the interval it stands for, and chooses the next one.
    ///
    /// Intervals run through 1…127 in the order of a shift register of full period (x⁷ + x⁶ + 1), 64 on average, so that
    /// no regular traffic can fall in step with them.
    @inline(never) private mutating func sample(_ source: IPv4Address, _ bytes: UInt32, isDropped: Bool) {
        talkers.record(source: source.rawValue, bytes: UInt64(bytes), isDropped: isDropped)
        let bit = (sampleInterval >> 6 ^ sampleInterval >> 5) & 1
        sampleInterval = (sampleInterval << 1 | bit) & 127
        countdown = Int(sampleInterval)
    }
}
