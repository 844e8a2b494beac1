/// Where a journal ends: what the next run must know to continue it.
public struct JournalPosition: Sendable, Equatable {
    /// Number the next block gets.
    public var nextBlockNumber: UInt64 = 0
    /// Sequence the next record must have.
    public var nextSequence: UInt64 = 1
    /// Checksum of the last block, for the chain.
    public var lastChecksum: UInt64 = 0
    /// Number of the last run that wrote.
    public var epoch: UInt64 = 0
    /// Number the next segment file gets: a run always begins a new one, so that what a crash tore is never written over.
    public var nextSegment = 0

    public init() {}
}

/// What a reader has found so far.
public struct JournalSummary: Sendable, Equatable {
    public var blocks: UInt64 = 0
    public var records: UInt64 = 0
    /// Bytes of whole blocks.
    public var bytes: UInt64 = 0
    public var segments = 0
    public var firstSequence: UInt64?
    public var lastSequence: UInt64?
    /// The last run wrote its closing block.
    public var endedInOrder = false
    /// Cut off at the end: a block that a crash tore before it was acknowledged.
    public var truncatedTail: TornTail?

    /// Where reading stopped because the rest was never whole.
    public struct TornTail: Sendable, Equatable, CustomStringConvertible {
        public var path: String
        public var blockNumber: UInt64
        public var offset: Int
        public var fault: JournalBlock.Fault

        public var description: String {
            "'\(path)' was cut at byte \(offset) (block \(blockNumber), \(fault)): what follows was not acknowledged"
        }
    }

    public init() {}
}

/// Names of the files of a journal.
enum JournalFiles {
    static let lockName = "wissel.lock"

    static func segmentName(_ number: Int) -> String {
        let digits = String(number)
        return "wissel-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".journal"
    }

    /// Number of a segment file, nil for other names.
    static func segmentNumber(_ name: String) -> Int? {
        guard name.hasPrefix("wissel-"), name.hasSuffix(".journal") else { return nil }
        let digits = name.dropFirst(7).dropLast(8)
        guard digits.count >= 8, digits.allSatisfy(\.isNumber), let number = Int(digits), number < 1 << 40 else {
            return nil
        }
        return number
    }
}
