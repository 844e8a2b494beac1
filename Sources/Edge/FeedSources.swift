import Wire

/// From which addresses each feed may come: the receiver's half of source-specific multicast (RFC 4607 §4.1), since the
/// network's half is a wish until every switch on the way keeps to it. A feed without a list may come from anybody.
///
/// Made at set-up, read-only after.
public struct FeedSources: @unchecked Sendable {
    @usableFromInline let counts: UnsafeMutablePointer<Int32>
    @usableFromInline let addresses: UnsafeMutablePointer<IPv4Address>
    @usableFromInline let stride: Int

    /// - Parameter lists: the sources of each feed, in the order of the classifier's feeds; empty: anybody.
    public init(_ lists: [[IPv4Address]]) {
        precondition(lists.count <= Classifier.maximumFeeds, "more feeds than a classifier holds")
        stride = lists.map(\.count).max() ?? 0
        counts = .allocate(capacity: Classifier.maximumFeeds)
        counts.initialize(repeating: 0, count: Classifier.maximumFeeds)
        addresses = .allocate(capacity: max(lists.count * stride, 1))
        for (feed, list) in lists.enumerated() {
            counts[feed] = Int32(list.count)
            for (place, address) in list.enumerated() {
                (addresses + feed * stride + place).initialize(to: address)
            }
        }
    }

    public func deallocate() {
        counts.deallocate()
        addresses.deallocate()
    }

    /// Nil when `source` may send feed number `feed`.
    @inlinable @inline(__always) public func check(feed: UInt8, source: IPv4Address) -> DropReason? {
        let count = Int(counts[Int(feed)])
        return count == 0 ? nil : search(addresses + Int(feed) &* stride, count, source)
    }

    @usableFromInline
    func search(_ list: UnsafeMutablePointer<IPv4Address>, _ count: Int, _ source: IPv4Address) -> DropReason? {
        for index in 0..<count where list[index] == source { return nil }
        return .feedSourceNotListed
    }
}
