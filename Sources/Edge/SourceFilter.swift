import Wire

/// Everything the rules say about a source address, in one look-up: whether anything may come from it, whether orders
/// may, which feeds may, and its row in the access list.
///
/// The addresses are cut into intervals at every prefix that any rule names. A table by the first two octets says where
/// to begin, so most addresses take no step at all, and none more than 14: as many as halve 16,384 intervals. Made on the
/// control thread, read-only after.
struct SourceFilter {
    /// What is known of the sources of one interval.
    struct Record: BitwiseCopyable {
        /// Bit f: datagrams of feed f may come from here.
        var feeds: UInt64
        var accessRow: UInt16
        var isBogon: Bool
        var maySendOrders: Bool
    }

    private let blocks: UnsafeMutablePointer<UInt16>
    private let starts: UnsafeMutablePointer<UInt32>
    private let records: UnsafeMutablePointer<Record>

    @inline(__always) func record(of source: UInt32) -> UnsafeMutablePointer<Record> {
        let block = blocks + Int(source >> 16)
        var low = Int(block[0])
        // The last interval is the one that the next block begins with, or an earlier one when a block ends with it.
        var high = Int(block[1])
        while low < high {
            let middle = (low &+ high &+ 1) / 2
            if starts[middle] <= source { low = middle } else { high = middle &- 1 }
        }
        return records + low
    }

    func deallocate() {
        blocks.deallocate()
        starts.deallocate()
        records.deallocate()
    }

    /// - Parameters:
    ///   - cuts: made with every prefix of the rules and the scope.
    ///   - accessRows: row in the access list of each interval.
    init(_ cuts: Cuts, accessRows: [UInt16], rules: FilterRules, scope: FilterScope) {
        let bogons = cuts.longestPrefixes(rules.bogons)
        let trusted = cuts.longestPrefixes(scope.trusted)
        let orders = cuts.longestPrefixes(scope.orderSources)
        var feeds = [UInt64](repeating: 0, count: cuts.starts.count)
        for (index, sources) in scope.feedSources.enumerated() {
            // A feed without sources is taken from anywhere.
            let lengths = cuts.longestPrefixes(sources.isEmpty ? [AccessRule.anywhere] : sources)
            for interval in feeds.indices where lengths[interval] >= 0 { feeds[interval] |= 1 << index }
        }
        records = copy(
            feeds.indices.map {
                // The more specific prefix wins, so 0.0.0.0/0 as "orders from anywhere" does not undo the bogons.
                Record(
                    feeds: feeds[$0], accessRow: accessRows[$0], isBogon: bogons[$0] > trusted[$0],
                    maySendOrders: orders[$0] >= 0)
            })
        starts = copy(cuts.starts)
        var table = [UInt16](repeating: UInt16(cuts.starts.count - 1), count: 65_537)
        var interval = 0
        for block in 0..<65_536 {
            while interval + 1 < cuts.starts.count, cuts.starts[interval + 1] <= UInt32(block) << 16 { interval += 1 }
            table[block] = UInt16(interval)
        }
        blocks = copy(table)
    }
}
