import Orders

/// Puts reports in order: each is held until those before it have come, and given out once.
///
/// `next` ≤ `missing` ≤ `known`: below `next` they were given out, below `missing` they are at hand.
struct ReportWindow {
    private var slots: [ExecutionReport]
    private let mask: UInt64
    /// Report given out next.
    private(set) var next: UInt64 = 1
    /// First report that has not come.
    private(set) var missing: UInt64 = 1
    /// One more than the highest report the node is known to have numbered.
    private(set) var known: UInt64 = 1

    enum Outcome { case stored, repeated, beyondWindow }

    init(capacity: Int) {
        precondition(capacity > 0 && capacity.nonzeroBitCount == 1, "the report window is not a power of two")
        // Report sequences begin at 1, so an empty slot matches none.
        slots = Array(repeating: ExecutionReport(kind: .none), count: capacity)
        mask = UInt64(capacity - 1)
    }

    mutating func start(at sequence: UInt64) {
        next = sequence
        missing = sequence
        known = sequence
    }

    /// The node's next report will be `sequence`.
    mutating func learn(next sequence: UInt64) { known = max(known, sequence) }

    mutating func store(_ report: ExecutionReport) -> Outcome {
        let sequence = report.reportSequence
        guard sequence >= missing else { return .repeated }
        learn(next: sequence == .max ? sequence : sequence &+ 1)
        guard sequence &- next <= mask else { return .beyondWindow }
        let index = Int(truncatingIfNeeded: sequence & mask)
        guard slots[index].reportSequence != sequence else { return .repeated }
        slots[index] = report
        while missing &- next <= mask, holds(missing) { missing &+= 1 }
        return .stored
    }

    mutating func take() -> ExecutionReport? {
        guard next < missing else { return nil }
        let report = slots[Int(truncatingIfNeeded: next & mask)]
        next &+= 1
        // Room was made: what had been held behind the window's end may follow on.
        while missing &- next <= mask, holds(missing) { missing &+= 1 }
        return report
    }

    /// The first hole, up to `limit` reports of it, that the window has room for.
    func gap(limit: UInt64) -> (from: UInt64, count: UInt32)? {
        guard missing < known, missing &- next <= mask else { return nil }
        let most = min(limit, known &- missing, mask &+ 1 &- (missing &- next))
        var count: UInt64 = 1
        while count < most, !holds(missing &+ count) { count &+= 1 }
        return (missing, UInt32(truncatingIfNeeded: count))
    }

    private func holds(_ sequence: UInt64) -> Bool {
        slots[Int(truncatingIfNeeded: sequence & mask)].reportSequence == sequence
    }
}
