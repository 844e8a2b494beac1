import Synchronization

/// Whether the journal can take commands.
public enum JournalStatus: UInt8, CaseIterable, Sendable {
    case ok
    /// No space for what comes next; orders are to be refused until there is.
    case full
    /// The device reports errors, or the sequence had a gap; orders are to be refused.
    case failed
}

/// What the journal stage tells other stages: two words on cache lines of their own, written by the journal stage and
/// read by any thread. The memory belongs to its maker, in a node the `JournalWriter`.
public struct JournalSharedState: @unchecked Sendable {
    @usableFromInline let durable: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let statusWord: UnsafeMutablePointer<Atomic<UInt8>>
    private let memory: UnsafeMutableRawPointer

    public init(durableSequence: UInt64) {
        memory = .allocate(byteCount: 256, alignment: 128)
        durable = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
        durable.initialize(to: Atomic(durableSequence))
        statusWord = (memory + 128).bindMemory(to: Atomic<UInt8>.self, capacity: 1)
        statusWord.initialize(to: Atomic(JournalStatus.ok.rawValue))
    }

    public func deallocate() { memory.deallocate() }

    /// Every record up to this sequence is on the device; 0 (or the first sequence − 1) when there is none. Any thread.
    @inlinable public var durableSequence: UInt64 { durable.pointee.load(ordering: .acquiring) }

    /// Any thread.
    @inlinable public var status: JournalStatus {
        JournalStatus(rawValue: statusWord.pointee.load(ordering: .relaxed)) ?? .failed
    }

    /// Whether new orders may be taken. Any thread.
    @inlinable public var isAccepting: Bool { statusWord.pointee.load(ordering: .relaxed) == 0 }
}

/// What the journal stage counts.
public enum JournalCounter: UInt8, CaseIterable, Sendable {
    // Made durable
    case records, blocks, bytes, writes, segments
    // Trouble
    /// Writes and file creations tried again.
    case retries
    case noSpaceErrors, inputOutputErrors, otherErrors
    case shortWrites
    /// Records whose sequence was not the next one; the first stops the journal.
    case sequenceGaps
    // Shape of the load
    /// Most records in one write.
    case maximumBatch
    /// Time from submission to completion of all writes, nanoseconds of `now`.
    case writeNanosecondsSum
    case writeNanosecondsMaximum
}
