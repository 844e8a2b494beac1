/// Where reports of 64 bytes go: memory that is written round and round, so that it stays in the second-level cache.
///
/// With `summing`, each report is read too. That is never done while the clock runs.
struct ReportBuffer {
    static let reportBytes = 64
    /// 256 KiB.
    static let slots = 4096

    private(set) var count: UInt64 = 0
    private let memory: UnsafeMutablePointer<SIMD8<UInt64>>
    private let isSumming: Bool
    private(set) var digest = ReportDigest()

    /// Lives as long as the process.
    init(summing: Bool) {
        isSumming = summing
        memory = .allocate(capacity: Self.slots)
        memory.initialize(repeating: .zero, count: Self.slots)
    }

    @inline(__always) mutating func append(_ report: UnsafeRawPointer) {
        let slot = Int(truncatingIfNeeded: count) & (Self.slots &- 1)
        memory[slot] = report.loadUnaligned(as: SIMD8<UInt64>.self)
        count &+= 1
        if isSumming { digest.add(Report(memory[slot])) }
    }

    /// Of the reports still in memory. The oldest message's are left out: some of them may be overwritten.
    var tailDigest: ReportDigest {
        let kept = min(Int(count), Self.slots)
        var digest = ReportDigest()
        var oldest: UInt64?
        for index in Int(count) - kept..<Int(count) {
            let report = Report(memory[index & (Self.slots - 1)])
            if kept == Self.slots, (oldest ?? report.sequence) == report.sequence {
                oldest = report.sequence
            } else {
                digest.add(report)
            }
        }
        return digest
    }
}

/// What stands in a report's 64 bytes.
package struct Report {
    enum Kind: UInt8 {
        case orderAccepted, trade, cancelled, modified, cancelRejected, modifyRejected
    }

    var kind: Kind?
    var side: UInt8
    var sequence: UInt64
    var orderID: UInt64
    var price: UInt64
    var quantity: UInt32
    var maker: UInt64
    var taker: UInt64

    package init(_ words: SIMD8<UInt64>) {
        kind = Kind(rawValue: UInt8(truncatingIfNeeded: words[0]))
        side = UInt8(truncatingIfNeeded: words[0] >> 8)
        sequence = words[1]
        orderID = words[2]
        price = words[3]
        quantity = UInt32(truncatingIfNeeded: words[4])
        maker = words[5]
        taker = words[6]
    }
}
