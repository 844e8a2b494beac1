import Orders

/// The unanswered commands of a client, by client sequence: oldest ≤ cursor ≤ highestSent ≤ next.
///
/// Those below the cursor have been put into a datagram since the last going back; the cursor behind `highestSent`
/// means that commands are being sent again.
struct CommandWindow: ~Copyable {
    /// Commands sent again at once; further ones wait for an answer.
    static let resendBurst: UInt64 = 64

    private let ring: UnsafeMutablePointer<Command>
    /// Of the new orders with `Command.hasTerms`; the other places are not written.
    private let termsRing: UnsafeMutablePointer<OrderTerms>
    private let mask: UInt64
    /// First command without an answer.
    private(set) var oldest: UInt64 = 1
    /// Number of the next new command.
    private(set) var next: UInt64 = 1
    /// Command that goes into a datagram next.
    private(set) var cursor: UInt64 = 1
    /// One more than the highest command that was ever put into a datagram.
    private(set) var highestSent: UInt64 = 1
    /// What the node expects at least, as far as known.
    private var applied: UInt64 = 1

    init(capacity: Int) {
        precondition(
            capacity > 0 && capacity <= 65_536 && capacity.nonzeroBitCount == 1,
            "a client's window is a power of two up to 65,536")
        ring = .allocate(capacity: capacity)
        ring.initialize(repeating: Command(kind: .none), count: capacity)
        termsRing = .allocate(capacity: capacity)
        mask = UInt64(capacity - 1)
    }

    deinit {
        ring.deallocate()
        termsRing.deallocate()
    }

    var isFull: Bool { next &- oldest > mask }
    /// Whether something has been sent and not been answered.
    var isAwaiting: Bool { oldest < highestSent }
    var unansweredCount: Int { Int(truncatingIfNeeded: next &- oldest) }

    /// Starts the numbering; only while nothing has been noted.
    mutating func start(at sequence: UInt64) {
        oldest = sequence
        next = sequence
        cursor = sequence
        highestSent = sequence
        applied = sequence
    }

    subscript(sequence: UInt64) -> Command { ring[Int(truncatingIfNeeded: sequence & mask)] }

    /// Terms of a command; all zero where it has none.
    func terms(_ sequence: UInt64) -> OrderTerms {
        let command = self[sequence]
        guard command.kind == .newOrder, command.flags & Command.hasTerms != 0 else { return OrderTerms() }
        return termsRing[Int(truncatingIfNeeded: sequence & mask)]
    }

    /// Notes a command under the next number, which it returns; the caller has looked whether there is room.
    mutating func append(_ command: Command, _ terms: OrderTerms) -> UInt64 {
        let sequence = next
        var numbered = command
        numbered.clientSequence = sequence
        let place = Int(truncatingIfNeeded: sequence & mask)
        ring[place] = numbered
        if command.kind == .newOrder, command.flags & Command.hasTerms != 0 {
            (termsRing + place).initialize(to: terms)
        }
        next &+= 1
        return sequence
    }

    /// The command to put into a datagram now, nil when there is none or the burst of resends is over.
    var ready: UInt64? {
        guard cursor < next else { return nil }
        if cursor < highestSent, cursor &- max(oldest, applied) >= Self.resendBurst { return nil }
        return cursor
    }

    /// Moves past the command at the cursor. Returns whether it had been sent before.
    mutating func advance() -> Bool {
        let isRepeated = cursor < highestSent
        cursor &+= 1
        highestSent = max(highestSent, cursor)
        return isRepeated
    }

    /// The command and all before it are answered. Returns whether that is news.
    mutating func answered(_ sequence: UInt64) -> Bool {
        guard sequence >= oldest, sequence < highestSent else { return false }
        oldest = sequence &+ 1
        cursor = max(cursor, oldest)
        return true
    }

    /// The node expects this command: go on from there. Returns whether that is a place to go back to.
    mutating func goBack(to sequence: UInt64) -> Bool {
        guard sequence >= oldest, sequence < highestSent else { return false }
        cursor = sequence
        applied = max(applied, sequence)
        return true
    }
}
