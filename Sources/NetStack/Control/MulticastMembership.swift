import Runtime
import Wire

/// The host's side of IGMP: joins, answers queries, leaves (RFC 3376 §5), with version 2 messages while a version 2 querier
/// is about (§7.2). A state machine without I/O: it takes messages and the time, and writes the frames that are due.
///
/// | Event | Then |
/// |---|---|
/// | `join` | every group reported as a change, `robustness` times, up to 1 s apart |
/// | general query | all groups reported at a random moment within the response time |
/// | query about a group, or some of its sources | that group reported, likewise; several questions become one answer |
/// | version 2 general query | version 2 reports, until none was heard for two query intervals and a response time |
/// | another host's version 2 report | our answer about that group is not needed any more (RFC 2236 §3) |
/// | `leave` | every group reported as left |
///
/// A group with sources is in mode INCLUDE of them, one without in mode EXCLUDE of nobody. One thread; random moments come
/// from a seed, so that the same messages give the same frames.
public struct MulticastMembership: @unchecked Sendable {
    struct Group: BitwiseCopyable {
        let address: IPv4Address
        /// 0: from anybody.
        let sourceCount: Int
        /// Sources a query asked for; 0: for the group as a whole.
        var queriedCount = 0
        var responseDeadline = UInt64.max
        var isChangeDue = false
        var isResponseDue = false
    }

    /// Sources per group: a record of them fits the 576 bytes every host takes (RFC 791).
    public static var maximumSources: Int { 64 }
    static var versionThreeReporters: IPv4Address { IPv4Address(224, 0, 0, 22) }
    static var allRouters: IPv4Address { IPv4Address(224, 0, 0, 2) }
    /// Unsolicited report interval of version 3 (RFC 3376 §8.11) and 2 (RFC 2236 §8.10), nanoseconds.
    static var changeInterval: UInt64 { 1_000_000_000 }
    static var changeIntervalVersionTwo: UInt64 { 10_000_000_000 }
    static var queryInterval: UInt64 { 125_000_000_000 }
    /// Queries may ask for answers at once; nobody gets more than ten a second out of us.
    static var shortestResponse: UInt64 { 100_000_000 }

    let groups: UnsafeMutablePointer<Group>
    let groupCount: Int
    /// `maximumSources` for each group: those it includes, and those a query asked for.
    let sources: UnsafeMutablePointer<IPv4Address>
    let queried: UnsafeMutablePointer<IPv4Address>
    private let configuredRobustness: Int
    private var robustness: Int
    private var random: SplitMix64
    private var generalDeadline = UInt64.max
    private var changeDeadline = UInt64.max
    private var changesLeft = 0
    var isLeaving = false
    private var olderQuerierDeadline: UInt64 = 0
    var isVersionTwo = false
    /// When `expire` has something to do, nanoseconds; `.max` never.
    public private(set) var deadline = UInt64.max

    /// - Parameters:
    ///   - robustness: how often a change is told, 1…7; a version 3 querier's own value goes before it.
    ///   - mtu: of the link, at least 576 when there are groups.
    public init(
        _ subscriptions: [MulticastSubscription], robustness: Int = 2, seed: UInt64 = 0, mtu: Int = 1500
    ) throws(MulticastMembershipError) {
        precondition((1...7).contains(robustness), "robustness outside 1…7")
        let merged = MulticastSubscription.merged(subscriptions)
        for one in merged where one.sources.count > Self.maximumSources {
            throw .tooManySources(one.group, one.sources.count)
        }
        guard merged.isEmpty || mtu >= 576 else { throw .mtuTooSmall(mtu) }
        self.init(merged: merged, robustness: robustness, seed: seed)
    }

    /// A member of nothing.
    public init() { self.init(merged: [], robustness: 2, seed: 0) }

    private init(merged: [MulticastSubscription], robustness: Int, seed: UInt64) {
        configuredRobustness = robustness
        self.robustness = robustness
        random = SplitMix64(seed: seed)
        groupCount = merged.count
        groups = .allocate(capacity: max(groupCount, 1))
        sources = .allocate(capacity: max(groupCount, 1) * Self.maximumSources)
        queried = .allocate(capacity: max(groupCount, 1) * Self.maximumSources)
        sources.initialize(repeating: .any, count: max(groupCount, 1) * Self.maximumSources)
        queried.initialize(repeating: .any, count: max(groupCount, 1) * Self.maximumSources)
        for (index, one) in merged.enumerated() {
            (groups + index).initialize(to: Group(address: one.group, sourceCount: one.sources.count))
            for (place, source) in one.sources.enumerated() {
                sources[index * Self.maximumSources + place] = source
            }
        }
    }

    public func deallocate() {
        groups.deallocate()
        sources.deallocate()
        queried.deallocate()
    }

    /// Reports every group as joined, now and again.
    public mutating func join(now: UInt64) {
        guard groupCount > 0 else { return }
        isLeaving = false
        changesLeft = robustness
        changeDeadline = now
        updateDeadline()
    }

    /// Reports every group as left, at once; call it again for each repetition, there may be no later.
    public mutating func leave() {
        isLeaving = true
        changesLeft = 0
        cancelTimers()
        for index in 0..<groupCount {
            groups[index].isResponseDue = false
            groups[index].isChangeDue = true
        }
        updateDeadline()
    }

    // MARK: Messages

    /// Takes a message that `IGMPMessage.check` passed.
    /// - Returns: true when it changed anything or was a question about us; false when a host does not act on it.
    public mutating func receive(_ message: IGMPMessage, in packet: IPv4Header, now: UInt64) -> Bool {
        defer { updateDeadline() }
        switch message.type {
        case .query: return receiveQuery(message, in: packet, now: now)
        case .reportVersionTwo:
            guard isVersionTwo, let index = find(message.group) else { return false }
            groups[index].responseDeadline = .max
            groups[index].isResponseDue = false
            return true
        default: return false
        }
    }

    private mutating func receiveQuery(_ query: IGMPMessage, in packet: IPv4Header, now: UInt64) -> Bool {
        // Forged queries from afar carry no Router Alert or the wrong address (RFC 3376 §9.1); version 1 is history.
        guard query.queryVersion > 1, packet.hasRouterAlert, !isLeaving else { return false }
        let window = max(query.maximumResponseNanoseconds, Self.shortestResponse)
        guard query.group != .any else {
            guard !packet.destination.isMulticast || packet.destination == .allSystems else { return false }
            return receiveGeneralQuery(query, window: window, now: now)
        }
        guard let index = find(query.group) else { return false }
        let moment = now &+ delay(within: window)
        guard query.sourceCount > 0, !isVersionTwo else {
            groups[index].queriedCount = 0
            groups[index].responseDeadline = min(groups[index].responseDeadline, moment)
            return true
        }
        guard note(query, group: index) else { return false }
        groups[index].responseDeadline = min(groups[index].responseDeadline, moment)
        return true
    }

    private mutating func receiveGeneralQuery(_ query: IGMPMessage, window: UInt64, now: UInt64) -> Bool {
        guard groupCount > 0 else { return false }
        if query.queryVersion == 2 {
            if !isVersionTwo {
                isVersionTwo = true
                cancelTimers()
            }
            olderQuerierDeadline = now &+ UInt64(robustness) &* Self.queryInterval &+ window
        } else {
            robustness = query.robustness == 0 ? configuredRobustness : query.robustness
        }
        guard isVersionTwo else {
            generalDeadline = min(generalDeadline, now &+ delay(within: window))
            return true
        }
        for index in 0..<groupCount {
            let moment = now &+ delay(within: window)
            groups[index].responseDeadline = min(groups[index].responseDeadline, moment)
        }
        return true
    }

    /// Adds a query's sources to those asked for; false when none of them is ours. When they are too many for the room
    /// there is, the answer is about the whole group, which says more than was asked and nothing wrong.
    private mutating func note(_ query: IGMPMessage, group index: Int) -> Bool {
        let isPending = groups[index].responseDeadline != .max
        if isPending, groups[index].queriedCount == 0 { return true }
        let list = queried + index &* Self.maximumSources
        var count = isPending ? groups[index].queriedCount : 0
        for position in 0..<query.sourceCount {
            let source = query.source(position)
            guard groups[index].sourceCount == 0 || contains(source, sources, index, groups[index].sourceCount),
                !contains(source, queried, index, count)
            else { continue }
            guard count < Self.maximumSources else {
                groups[index].queriedCount = 0
                return true
            }
            list[count] = source
            count &+= 1
        }
        groups[index].queriedCount = count
        return count > 0
    }

    // MARK: Time

    /// Turns what has come due into frames to write.
    public mutating func expire(now: UInt64) {
        if isVersionTwo, now >= olderQuerierDeadline {
            isVersionTwo = false
            cancelTimers()
        }
        if now >= changeDeadline {
            changesLeft &-= 1
            let interval = isVersionTwo ? Self.changeIntervalVersionTwo : Self.changeInterval
            changeDeadline = changesLeft > 0 ? now &+ delay(within: interval) : .max
            for index in 0..<groupCount { groups[index].isChangeDue = true }
        }
        let isGeneral = now >= generalDeadline
        if isGeneral { generalDeadline = .max }
        for index in 0..<groupCount where isGeneral || now >= groups[index].responseDeadline {
            // An answer about everything answers all that was asked.
            if isGeneral { groups[index].queriedCount = 0 }
            groups[index].responseDeadline = .max
            groups[index].isResponseDue = true
        }
        updateDeadline()
    }

    private mutating func cancelTimers() {
        generalDeadline = .max
        changeDeadline = .max
        for index in 0..<groupCount { groups[index].responseDeadline = .max }
    }

    private mutating func updateDeadline() {
        var earliest = min(generalDeadline, changeDeadline)
        if isVersionTwo { earliest = min(earliest, olderQuerierDeadline) }
        for index in 0..<groupCount { earliest = min(earliest, groups[index].responseDeadline) }
        deadline = earliest
    }

    /// A moment in (0, `window`].
    private mutating func delay(within window: UInt64) -> UInt64 { random.next() % window &+ 1 }

    private func find(_ group: IPv4Address) -> Int? {
        for index in 0..<groupCount where groups[index].address == group { return index }
        return nil
    }

    private func contains(
        _ source: IPv4Address, _ table: UnsafeMutablePointer<IPv4Address>, _ group: Int, _ count: Int
    ) -> Bool {
        let list = table + group &* Self.maximumSources
        for index in 0..<count where list[index] == source { return true }
        return false
    }
}
