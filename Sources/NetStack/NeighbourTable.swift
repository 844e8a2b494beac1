import Wire

/// Which hardware address a neighbour has: a bounded cache, filled by ARP, that forgets what is old.
///
/// Sets of four entries: an address lives in one set, chosen by its hash, and pushes out that set's oldest entry when
/// the set is full. So a flood of invented neighbours costs some lookups, never memory or time. One thread.
public struct NeighbourTable: @unchecked Sendable {
    @usableFromInline struct Entry: BitwiseCopyable {
        /// 0.0.0.0 marks an empty entry.
        @usableFromInline var address: IPv4Address
        @usableFromInline var mac: MACAddress
        @usableFromInline var learnedNanoseconds: UInt64
    }

    @usableFromInline let entries: UnsafeMutablePointer<Entry>
    /// Entries older than this are not used; nanoseconds.
    public let lifetimeNanoseconds: UInt64

    static var setCount: Int { 64 }
    static var entriesPerSet: Int { 4 }
    public static var capacity: Int { setCount * entriesPerSet }

    /// - Parameter lifetimeNanoseconds: ten minutes unless told; hosts ask again well before.
    public init(lifetimeNanoseconds: UInt64 = 600_000_000_000) {
        self.lifetimeNanoseconds = lifetimeNanoseconds
        entries = .allocate(capacity: Self.capacity)
        entries.initialize(
            repeating: Entry(address: .any, mac: MACAddress(rawValue: 0), learnedNanoseconds: 0), count: Self.capacity)
    }

    public func deallocate() { entries.deallocate() }

    /// The hardware address of `address`, or nil when it was never learned, pushed out, or is too old.
    /// - Parameter now: nanoseconds since the Unix epoch.
    public func lookUp(_ address: IPv4Address, now: UInt64) -> MACAddress? {
        let set = firstEntry(of: address)
        for index in 0..<Self.entriesPerSet where set[index].address == address && address != .any {
            return isFresh(set[index], now: now) ? set[index].mac : nil
        }
        return nil
    }

    /// Notes or renews a neighbour.
    public func learn(_ address: IPv4Address, _ mac: MACAddress, now: UInt64) {
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

    /// Neighbours that `lookUp` would find.
    public func count(now: UInt64) -> Int {
        (0..<Self.capacity).count { entries[$0].address != .any && isFresh(entries[$0], now: now) }
    }

    private func isFresh(_ entry: Entry, now: UInt64) -> Bool {
        // A clock set back makes entries seem to come from the future; they are as good as new ones.
        now < entry.learnedNanoseconds || now &- entry.learnedNanoseconds < lifetimeNanoseconds
    }

    private func firstEntry(of address: IPv4Address) -> UnsafeMutablePointer<Entry> {
        entries + Int((address.rawValue &* 0x9E37_79B1) >> 26) &* Self.entriesPerSet
    }
}
