import Orders

/// The client's commands from the oldest unanswered one to the last one given, for go-back-N.
///
/// `oldest` ≤ `cursor` ≤ `next`: below `cursor` they have been sent, from there on they wait to be (again).
struct CommandWindow {
    private var slots: [Command]
    private let mask: UInt64
    /// First command without an answer.
    private(set) var oldest: UInt64 = 1
    /// Command to be sent next.
    private(set) var cursor: UInt64 = 1
    /// Sequence the next new command gets.
    private(set) var next: UInt64 = 1
    /// First command that was never sent.
    private(set) var neverSent: UInt64 = 1

    init(capacity: Int) {
        precondition(capacity > 0 && capacity.nonzeroBitCount == 1, "the command window is not a power of two")
        slots = Array(repeating: Command(kind: .none), count: capacity)
        mask = UInt64(capacity - 1)
    }

    var unacknowledgedCount: Int { Int(truncatingIfNeeded: next &- oldest) }
    var isFull: Bool { next &- oldest > mask }

    /// Begins anew where the node is.
    mutating func start(at sequence: UInt64) {
        oldest = sequence
        cursor = sequence
        next = sequence
        neverSent = sequence
    }

    mutating func append(_ command: Command) -> UInt64 {
        var numbered = command
        numbered.clientSequence = next
        slots[Int(truncatingIfNeeded: next & mask)] = numbered
        next &+= 1
        return numbered.clientSequence
    }

    /// Everything below `sequence` is answered. False when nothing moved.
    mutating func acknowledge(below sequence: UInt64) -> Bool {
        guard sequence > oldest, sequence <= next else { return false }
        oldest = sequence
        cursor = max(cursor, sequence)
        neverSent = max(neverSent, sequence)
        return true
    }

    /// Sends again from `sequence`, which must be one of those waiting, or the next.
    mutating func goBack(to sequence: UInt64) {
        guard sequence >= oldest, sequence < cursor else { return }
        cursor = sequence
    }

    /// The command at the cursor; nil when all were sent.
    var current: Command? { cursor < next ? slots[Int(truncatingIfNeeded: cursor & mask)] : nil }
    var oldestCommand: Command? { oldest < next ? slots[Int(truncatingIfNeeded: oldest & mask)] : nil }

    /// Moves past the command at the cursor; true when it is its first time.
    mutating func advance() -> Bool {
        let isFirst = cursor == neverSent
        cursor &+= 1
        if isFirst { neverSent = cursor }
        return isFirst
    }
}
