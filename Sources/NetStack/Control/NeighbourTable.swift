import Wire

/// Which hardware address a neighbour has: a bounded cache, filled by ARP, that forgets what is old.
///
/// Sets of four entries: an address lives in one set, chosen by its hash, and pushes out that set's oldest entry when
/// the set is full. So a flood of invented neighbours costs some lookups, never memory or time. One thread.
///
/// Nobody can put himself in another's place: a reply counts only when we asked, and a request that gives a known
/// neighbour another hardware address starts a verification instead of being believed. Two questions go to the old
/// hardware address alone, three to everybody, a second apart (RFC 1122 §2.3.2.1, "unicast poll"); the old one's answer
/// settles it, any answer to the latter is the new one, and silence removes the entry. Entries that are looked up are
/// verified the same way shortly before they would expire; the others just expire.
public struct NeighbourTable: @unchecked Sendable {
    @usableFromInline struct Entry: BitwiseCopyable {
        /// 0.0.0.0 marks an empty entry.
        var address = IPv4Address.any
        var mac = MACAddress(rawValue: 0)
        var learnedNanoseconds: UInt64 = 0
        /// Time of the next question of a verification; meaningful while `isVerifying`.
        var nextQuestionNanoseconds: UInt64 = 0
        var questionsAsked = 0
        var isVerifying = false
        /// Looked up since it was learned.
        var isUsed = false
    }

    /// What to ask, and whom: everybody when `mac` is nil.
    public struct Question: BitwiseCopyable, Equatable, Sendable {
        public let address: IPv4Address
        public let mac: MACAddress?
    }

    /// What became of a neighbour's word about itself.
    @frozen public enum Learning: BitwiseCopyable, Sendable {
        case learned
        /// Another hardware address than the one known: not believed until verified.
        case contested
    }

    let entries: UnsafeMutablePointer<Entry>
    /// Entries older than this are not used; nanoseconds.
    public let lifetimeNanoseconds: UInt64

    static var setCount: Int { 64 }
    static var entriesPerSet: Int { 4 }
    public static var capacity: Int { setCount * entriesPerSet }
    static var unicastQuestions: Int { 2 }
    static var questions: Int { 5 }
    /// Time between two questions, and how often `nextQuestion` should be asked.
    public static var questionIntervalNanoseconds: UInt64 { 1_000_000_000 }

    /// - Parameter lifetimeNanoseconds: ten minutes unless told; hosts ask again well before.
    public init(lifetimeNanoseconds: UInt64 = 600_000_000_000) {
        self.lifetimeNanoseconds = lifetimeNanoseconds
        entries = .allocate(capacity: Self.capacity)
        entries.initialize(repeating: Entry(), count: Self.capacity)
    }

    public func deallocate() { entries.deallocate() }

    /// The hardware address of `address`, or nil when it was never learned, pushed out, or is too old.
    /// - Parameter now: nanoseconds since the Unix epoch.
    public func lookUp(_ address: IPv4Address, now: UInt64) -> MACAddress? {
        guard let entry = find(address), isFresh(entry.pointee, now: now) else { return nil }
        entry.pointee.isUsed = true
        return entry.pointee.mac
    }

    /// Takes a neighbour's word about itself, given in a request to us.
    public func learn(_ address: IPv4Address, _ mac: MACAddress, now: UInt64) -> Learning {
        guard let entry = find(address), isFresh(entry.pointee, now: now), entry.pointee.mac != mac else {
            store(address, mac, now: now)
            return .learned
        }
        if !entry.pointee.isVerifying { beginVerification(entry, now: now) }
        return .contested
    }

    /// Takes a reply; false when nobody asked, or when only the old hardware address was asked and another answered.
    public func confirm(_ address: IPv4Address, _ mac: MACAddress, now: UInt64) -> Bool {
        guard let entry = find(address), entry.pointee.isVerifying, entry.pointee.questionsAsked > 0,
            entry.pointee.mac == mac || entry.pointee.questionsAsked > Self.unicastQuestions
        else { return false }
        store(address, mac, now: now)
        return true
    }

    /// A question that is due, nil when no more is; also forgets who did not answer. Looks through the whole table.
    public func nextQuestion(now: UInt64) -> Question? {
        for index in 0..<Self.capacity {
            let entry = entries + index
            guard entry.pointee.address != .any else { continue }
            if !entry.pointee.isVerifying, entry.pointee.isUsed, isAgeing(entry.pointee, now: now) {
                beginVerification(entry, now: now)
            }
            guard entry.pointee.isVerifying, now >= entry.pointee.nextQuestionNanoseconds else { continue }
            guard entry.pointee.questionsAsked < Self.questions else {
                entry.pointee = Entry()
                continue
            }
            entry.pointee.questionsAsked &+= 1
            entry.pointee.nextQuestionNanoseconds = now &+ Self.questionIntervalNanoseconds
            let isUnicast = entry.pointee.questionsAsked <= Self.unicastQuestions
            return Question(address: entry.pointee.address, mac: isUnicast ? entry.pointee.mac : nil)
        }
        return nil
    }

    /// Neighbours that `lookUp` would find.
    public func count(now: UInt64) -> Int {
        (0..<Self.capacity).count { entries[$0].address != .any && isFresh(entries[$0], now: now) }
    }

    private func beginVerification(_ entry: UnsafeMutablePointer<Entry>, now: UInt64) {
        entry.pointee.isVerifying = true
        entry.pointee.questionsAsked = 0
        entry.pointee.nextQuestionNanoseconds = now
    }

    private func store(_ address: IPv4Address, _ mac: MACAddress, now: UInt64) {
        let set = firstEntry(of: address)
        var victim = set
        for index in 0..<Self.entriesPerSet {
            let entry = set + index
            if entry.pointee.address == address {
                victim = entry
                break
            }
            // An empty entry was learned at 0 and so is always the oldest.
            if entry.pointee.learnedNanoseconds < victim.pointee.learnedNanoseconds { victim = entry }
        }
        victim.pointee = Entry(address: address, mac: mac, learnedNanoseconds: now)
    }

    private func find(_ address: IPv4Address) -> UnsafeMutablePointer<Entry>? {
        guard address != .any else { return nil }
        let set = firstEntry(of: address)
        for index in 0..<Self.entriesPerSet where set[index].address == address { return set + index }
        return nil
    }

    private func isFresh(_ entry: Entry, now: UInt64) -> Bool {
        // A clock set back makes entries seem to come from the future; they are as good as new ones.
        now < entry.learnedNanoseconds || now &- entry.learnedNanoseconds < lifetimeNanoseconds
    }

    /// True in the last seconds of an entry's life, when there is just time for all questions.
    private func isAgeing(_ entry: Entry, now: UInt64) -> Bool {
        let needed = UInt64(Self.questions) &* Self.questionIntervalNanoseconds
        return now >= entry.learnedNanoseconds &+ (lifetimeNanoseconds > needed ? lifetimeNanoseconds &- needed : 0)
    }

    private func firstEntry(of address: IPv4Address) -> UnsafeMutablePointer<Entry> {
        entries + Int((address.rawValue &* 0x9E37_79B1) >> 26) &* Self.entriesPerSet
    }
}
