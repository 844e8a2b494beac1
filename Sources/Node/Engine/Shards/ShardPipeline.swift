import Orders
import Runtime

/// The sequencer's side of shards on other cores: what they were given, in order, until all of them have answered.
///
/// One thread, the sequencer's. Without links every command is carried out where it is sequenced, and this stays empty.
struct ShardPipeline {
    /// A command on its way through its shards.
    struct Entry: BitwiseCopyable {
        var command: Command
        var shards: ShardSet
    }

    let links: UnsafeMutablePointer<ShardLink>
    private let count: Int
    private let entries: UnsafeMutablePointer<Entry>
    private var first: UInt64 = 0
    private var end: UInt64 = 0
    private static var mask: UInt64 { UInt64(Limits.commandsInFlight - 1) }
    /// What each shard last said is due.
    let deadlines: UnsafeMutablePointer<UInt64>
    /// The oldest command's reports have begun to be taken.
    var oldestHasBegun = false
    /// Nothing more is taken until all that is under way has come back.
    private(set) var isBarred = false
    private var timerIsUnderWay = false

    init(links: [ShardLink], shards: ShardTable) {
        count = links.count
        self.links = .allocate(capacity: max(count, 1))
        self.links.initialize(from: links, count: count)
        entries = .allocate(capacity: links.isEmpty ? 1 : Limits.commandsInFlight)
        deadlines = .allocate(capacity: max(count, 1))
        for number in 0..<count { (deadlines + number).initialize(to: shards[number].pointee.nextDeadlineNanoseconds) }
    }

    func deallocate() {
        links.deallocate()
        entries.deallocate()
        deadlines.deallocate()
    }

    /// Shards run on the sequencer's own core.
    var isInline: Bool { count == 0 }
    var isEmpty: Bool { first == end }

    mutating func bar() { isBarred = true }

    /// Whether a command, to whatever shards, and its terms can be taken.
    mutating func hasRoom() -> Bool {
        if isBarred {
            guard isEmpty else { return false }
            isBarred = false
        }
        guard end &- first < UInt64(Limits.commandsInFlight) else { return false }
        for number in 0..<count {
            let ring = links[number].commands
            guard ring.freeCount(wanted: Limits.recordsPerCommand) >= Limits.recordsPerCommand else { return false }
        }
        return true
    }

    /// Gives the next command of the log to its shards. `hasRoom` must have said yes.
    mutating func push(_ command: Command, into core: inout EngineCore) {
        core.note(command)
        core.sessions.sequenced(command)
        let terms = core.takeTerms(for: command)
        let shards = core.router.shards(of: command)
        var rest = shards
        while !rest.isEmpty {
            let ring = links[rest.first].commands
            var isTaken = true
            if terms.kind == .terms { isTaken = ring.push(terms) }
            isTaken = ring.push(command) && isTaken
            assert(isTaken, "a shard's ring was full although room had been seen")
            rest.removeFirst()
        }
        (entries + Int(truncatingIfNeeded: end & Self.mask)).initialize(to: Entry(command: command, shards: shards))
        end &+= 1
        if command.kind == .timer { timerIsUnderWay = true }
    }

    /// The oldest command under way; nil when there is none.
    func oldest() -> UnsafeMutablePointer<Entry>? {
        isEmpty ? nil : entries + Int(truncatingIfNeeded: first & Self.mask)
    }

    mutating func removeOldest() {
        if entries[Int(truncatingIfNeeded: first & Self.mask)].command.kind == .timer { timerIsUnderWay = false }
        first &+= 1
        oldestHasBegun = false
    }

    /// The earliest of the shards; never while the venue's clock is on its way to them.
    var nextDeadlineNanoseconds: UInt64 {
        if timerIsUnderWay { return .max }
        var next = UInt64.max
        for number in 0..<count { next = min(next, deadlines[number]) }
        return next
    }

    /// Commands under way.
    var fill: Int { Int(truncatingIfNeeded: end &- first) }
}
