/// What a journal holds, as far as it has been read.
public struct JournalSummary: Sendable, Equatable {
    /// Segment files read.
    public var segments = 0
    /// Whole blocks, closing blocks included.
    public var blocks: UInt64 = 0
    public var records: UInt64 = 0
    /// Sequence of the first and the last record; nil when there is none.
    public var firstSequence: UInt64?
    public var lastSequence: UInt64?
    /// Bytes of whole blocks.
    public var bytes: UInt64 = 0
    /// Number of the last run that wrote; nil when there is no block.
    public var lastEpoch: UInt64?
    /// The last run ended in order: its closing block is the last one. Known once everything is read.
    public var closedCleanly = false
    /// What follows the last whole block, if that is more than preallocated zeros. Known once everything is read.
    public var truncatedTail: TruncatedTail?

    /// The end of a run that was cut short: what was being written then. It had not been acknowledged as journaled.
    public struct TruncatedTail: Sendable, Equatable, CustomStringConvertible {
        public var path: String
        /// Byte offset of the first block that is not whole.
        public var offset: Int
        /// Number that block would have.
        public var blockNumber: UInt64
        public var fault: JournalBlock.Fault
        /// Blocks of the same group commits that lie behind it and are whole, and the records in them.
        public var wholeBlocksBehind: Int
        public var recordsBehind: Int

        public var description: String {
            "the last run was cut short: '\(path)' is whole up to byte \(offset) (block \(blockNumber) is not: \(fault)); "
                + "\(recordsBehind) later records in \(wholeBlocksBehind) whole blocks were not acknowledged either"
        }
    }

    public init() {}
}
