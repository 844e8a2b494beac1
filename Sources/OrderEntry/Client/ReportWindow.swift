import Orders

/// The reports that came and have not been handed over, by report sequence, with holes where some are missing.
struct ReportWindow: ~Copyable {
    static let capacity: UInt64 = 4_096

    enum Outcome { case kept, duplicate, beyond }

    private let ring: UnsafeMutablePointer<ExecutionReport>
    /// The report handed over next.
    private var nextTaken: UInt64 = 1
    /// The first report that has not come.
    private(set) var expected: UInt64 = 1
    /// One more than the highest report the node is known to have sent.
    private(set) var knownEnd: UInt64 = 1

    init() {
        ring = .allocate(capacity: Int(Self.capacity))
        ring.initialize(repeating: ExecutionReport(kind: .none), count: Int(Self.capacity))
    }

    deinit { ring.deallocate() }

    var hasGap: Bool { expected < knownEnd }

    /// Starts the numbering; only while nothing has come.
    mutating func start(at sequence: UInt64) {
        nextTaken = sequence
        expected = sequence
        knownEnd = sequence
    }

    /// The node has sent all reports below `end`.
    mutating func know(end: UInt64) { knownEnd = max(knownEnd, end) }

    mutating func insert(_ report: ExecutionReport) -> Outcome {
        let sequence = report.reportSequence
        guard sequence >= expected else { return .duplicate }
        guard sequence &- nextTaken < Self.capacity else { return .beyond }
        guard !isHeld(sequence) else { return .duplicate }
        ring[Self.index(sequence)] = report
        know(end: sequence &+ 1)
        return .kept
    }

    /// Passes over one report that has come in its turn; nil when the next one is missing.
    mutating func advance() -> ExecutionReport? {
        guard expected &- nextTaken < Self.capacity, isHeld(expected) else { return nil }
        expected &+= 1
        return ring[Self.index(expected &- 1)]
    }

    mutating func take() -> ExecutionReport? {
        guard nextTaken < expected else { return nil }
        nextTaken &+= 1
        return ring[Self.index(nextTaken &- 1)]
    }

    /// Length of the first hole, `limit` at most.
    func missingCount(limit: Int) -> Int {
        var count = 0
        while count < limit, expected &+ UInt64(count) < knownEnd, !isHeld(expected &+ UInt64(count)) { count += 1 }
        return count
    }

    private func isHeld(_ sequence: UInt64) -> Bool { ring[Self.index(sequence)].reportSequence == sequence }

    private static func index(_ sequence: UInt64) -> Int { Int(truncatingIfNeeded: sequence & (capacity - 1)) }
}
