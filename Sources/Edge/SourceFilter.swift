import Wire

/// Which hosts may use the order port: a packet from anyone else is dropped before it can take room in the order lane.
///
/// The prefixes become disjoint ranges in ascending order, searched by halving: at most 11 steps whatever is asked, the
/// same for friend and foe. Made at set-up, read-only after. An empty list lets nobody in.
public struct SourceFilter: @unchecked Sendable {
    private let ranges: UnsafeMutablePointer<Range>
    private let count: Int

    private struct Range: BitwiseCopyable {
        var first: UInt32
        var last: UInt32
    }

    public static var maximumPrefixes: Int { 1024 }

    /// - Parameter allowed: at most `maximumPrefixes`; they may overlap.
    public init(allowed: [IPv4Prefix]) throws(SourceFilterError) {
        guard allowed.count <= Self.maximumPrefixes else { throw .tooManyPrefixes(allowed.count) }
        var merged: [Range] = []
        for prefix in allowed.sorted(by: { $0.address < $1.address }) {
            let range = Range(first: prefix.address.rawValue, last: prefix.last.rawValue)
            if let previous = merged.last, range.first <= previous.last {
                // Two CIDR blocks that overlap lie one within the other.
                merged[merged.count - 1].last = max(previous.last, range.last)
            } else {
                merged.append(range)
            }
        }
        count = merged.count
        ranges = .allocate(capacity: max(1, merged.count))
        ranges.initialize(from: merged, count: merged.count)
    }

    public func deallocate() { ranges.deallocate() }

    /// Nil when `source` may send orders, else `unknownSource`.
    public func check(_ source: IPv4Address) -> DropReason? {
        // The last range that begins at or before the source is the only one it can lie in.
        var low = 0
        var high = count
        while low < high {
            let middle = (low &+ high) / 2
            if ranges[middle].first <= source.rawValue { low = middle &+ 1 } else { high = middle }
        }
        guard low > 0, source.rawValue <= ranges[low &- 1].last else { return .unknownSource }
        return nil
    }
}

/// Why a source filter cannot be made as asked, and what to do.
public enum SourceFilterError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooManyPrefixes(Int)

    public var description: String {
        switch self {
        case .tooManyPrefixes(let count):
            "\(count) source prefixes are more than the filter holds; "
                + "give at most \(SourceFilter.maximumPrefixes), joining neighbouring ones into shorter prefixes"
        }
    }
}
