/// Up to 1,024 ordered rules over source, destination and both ports, first match wins, at a cost that does not grow
/// with the packet: one row of bits per dimension, a bit per rule, and the lowest bit that stands in all of them.
///
/// Source: T. V. Lakshman and D. Stiliadis, "High-Speed Policy-based Packet Forwarding Using Efficient Multi-dimensional
/// Range Matching", SIGCOMM 1998, doi:10.1145/285237.285283; with the summary word of F. Baboescu and G. Varghese,
/// "Scalable Packet Classification", SIGCOMM 2001, doi:10.1145/383059.383068. Cost: at most 12 steps to find the
/// destination's row, two table look-ups for the ports, then per packet one AND of four summaries and one of four words
/// for each bit left in it, 16 at most.
///
/// Not `rte_acl`: only `CDPDK` knows DPDK, so the edge would no longer be plain data that a test runs without an EAL, and
/// its tries answer bursts of packets that are laid out for it, while here the row of the source comes for nothing out of
/// the one look-up that the filter makes for every source.
struct AccessList {
    /// A row is a summary word, bit w of which says that word w is not zero, then a bit per rule.
    static let rowWords = 1 + FilterRules.maximumAccessRules / 64

    let isEmpty: Bool
    private let rows: UnsafeMutablePointer<UInt64>
    private let destinationStarts: UnsafeMutablePointer<UInt32>
    private let destinationRows: UnsafeMutablePointer<UInt16>
    private let destinationCount: Int
    /// Row by port. Those of the destination port hold only rules that match UDP.
    private let sourcePortRows: UnsafeMutablePointer<UInt16>
    private let destinationPortRows: UnsafeMutablePointer<UInt16>
    private let icmpRow: UInt16
    private let denials: UnsafeMutablePointer<UInt64>

    /// Whether a UDP packet is refused.
    /// - Parameter sourceRow: what the table of sources says about its source.
    @inline(__always)
    func deniesUDP(sourceRow: UInt16, destination: UInt32, sourcePort: UInt16, destinationPort: UInt16) -> Bool {
        denies(
            row(sourceRow), row(destinationRow(destination)), row(sourcePortRows[Int(sourcePort)]),
            row(destinationPortRows[Int(destinationPort)]))
    }

    @inline(__always) func deniesICMP(sourceRow: UInt16, destination: UInt32) -> Bool {
        denies(row(sourceRow), row(destinationRow(destination)), row(icmpRow), row(icmpRow))
    }

    @inline(__always) private func row(_ index: UInt16) -> UnsafeMutablePointer<UInt64> {
        rows + Int(index) &* Self.rowWords
    }

    @inline(__always) private func destinationRow(_ address: UInt32) -> UInt16 {
        var low = 0
        var high = destinationCount &- 1
        while low < high {
            let middle = (low &+ high &+ 1) / 2
            if destinationStarts[middle] <= address { low = middle } else { high = middle &- 1 }
        }
        return destinationRows[low]
    }

    @inline(__always) private func denies(
        _ one: UnsafeMutablePointer<UInt64>, _ two: UnsafeMutablePointer<UInt64>, _ three: UnsafeMutablePointer<UInt64>,
        _ four: UnsafeMutablePointer<UInt64>
    ) -> Bool {
        var summary = one[0] & two[0] & three[0] & four[0]
        while summary != 0 {
            let word = summary.trailingZeroBitCount
            let matches = one[1 &+ word] & two[1 &+ word] & three[1 &+ word] & four[1 &+ word]
            if matches != 0 { return denials[word] & (matches & (0 &- matches)) != 0 }
            summary &= summary &- 1
        }
        return false
    }

    func deallocate() {
        rows.deallocate()
        destinationStarts.deallocate()
        destinationRows.deallocate()
        sourcePortRows.deallocate()
        destinationPortRows.deallocate()
        denials.deallocate()
    }

    // MARK: Making it, on the control thread

    /// - Parameters:
    ///   - rules: at most 1,024.
    ///   - sourceCuts: the intervals that sources are told apart by; made with the sources of all rules.
    /// - Returns: the list, and the row of each interval of `sourceCuts`.
    static func compile(_ rules: [AccessRule], sourceCuts: Cuts) -> (list: AccessList, sourceRows: [UInt16]) {
        var pool = RowPool()
        func ports(_ ports: ClosedRange<UInt16>) -> ClosedRange<UInt32> {
            UInt32(ports.lowerBound)...UInt32(ports.upperBound)
        }
        let sourceRows = pool.rows(sourceCuts, rules.map { $0.source.range })
        let destinations = Cuts(rules.map { $0.destination.range })
        let destinationRows = pool.rows(destinations, rules.map { $0.destination.range })
        let sourcePorts = Cuts(rules.map { ports($0.sourcePorts) })
        let sourcePortRows = pool.rows(sourcePorts, rules.map { ports($0.sourcePorts) })
        let destinationPorts = Cuts(rules.map { ports($0.destinationPorts) })
        let destinationPortRows = pool.rows(
            destinationPorts, rules.map { $0.transport == .icmp ? nil : ports($0.destinationPorts) })
        let whole = Cuts([])
        let icmp = pool.rows(whole, rules.map { $0.transport == .udp || $0.namesPorts ? nil : 0...UInt32.max })
        let denials = UnsafeMutablePointer<UInt64>.allocate(capacity: rowWords)
        denials.initialize(repeating: 0, count: rowWords)
        for (index, rule) in rules.enumerated() where rule.action == .deny { denials[index / 64] |= 1 << (index % 64) }
        let list = AccessList(
            isEmpty: rules.isEmpty, rows: pool.copy(), destinationStarts: copy(destinations.starts),
            destinationRows: copy(destinationRows), destinationCount: destinationRows.count,
            sourcePortRows: copy(sourcePorts.spread(sourcePortRows)),
            destinationPortRows: copy(destinationPorts.spread(destinationPortRows)), icmpRow: icmp[0], denials: denials)
        return (list, sourceRows)
    }
}

/// The rows of all dimensions, each different one once.
private struct RowPool {
    private var indices: [[UInt64]: UInt16] = [:]
    private var words: [UInt64] = []

    /// The row of each interval; `ranges[r]` is what rule r matches, nil nothing.
    mutating func rows(_ cuts: Cuts, _ ranges: [ClosedRange<UInt32>?]) -> [UInt16] {
        let width = AccessList.rowWords
        var bits = [UInt64](repeating: 0, count: cuts.starts.count * width)
        bits.withUnsafeMutableBufferPointer { bits in
            for (rule, range) in ranges.enumerated() {
                guard let range else { continue }
                for interval in cuts.indices(of: range) {
                    bits[interval * width] |= 1 << (rule / 64)
                    bits[interval * width + 1 + rule / 64] |= 1 << (rule % 64)
                }
            }
        }
        return cuts.starts.indices.map { index(of: Array(bits[$0 * width..<($0 + 1) * width])) }
    }

    private mutating func index(of row: [UInt64]) -> UInt16 {
        if let known = indices[row] { return known }
        // Two cuts a rule in each of four dimensions, so never more than 8,197 different rows.
        let index = UInt16(indices.count)
        indices[row] = index
        words += row
        return index
    }

    func copy() -> UnsafeMutablePointer<UInt64> { Edge.copy(words) }
}
