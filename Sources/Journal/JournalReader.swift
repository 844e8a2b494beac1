import Orders

/// Reads a journal in order and checks everything on the way: checksum, version, block number, chain, epoch, sequence
/// and the enumerations of each record, so that no byte of a file reaches the engine unseen.
///
/// Reading changes nothing and takes no lock. The end of a run that was cut short ends the journal (see
/// `summary.truncatedTail`); damage to what had been durable is thrown, never skipped. Any one thread.
public struct JournalReader: ~Copyable {
    /// What has been read so far.
    public private(set) var summary = JournalSummary()

    var source: SegmentSource
    /// What the next block must carry.
    var expected: Expectation
    private var isAtEnd = false
    private var pending = UnsafePointer<Command>(bitPattern: 64)!
    private var pendingCount = 0
    private let validity = RecordValidity()

    struct Expectation: BitwiseCopyable {
        /// Nil before the first block of a single file.
        var blockNumber: UInt64?
        var previousChecksum: UInt64 = 0
        /// Nil before the first block.
        var sequence: UInt64?
        /// Nil before the first block.
        var epoch: UInt64?
    }

    /// Opens all segments of a directory; one without any is an empty journal.
    public init(directory: String) throws(JournalError) {
        let numbers = try SegmentFile.list(directory)
        for (index, number) in numbers.enumerated() where number != index {
            throw .damaged(.missing(directory + "/" + SegmentFile.name(index)))
        }
        source = SegmentSource(paths: numbers.map { directory + "/" + SegmentFile.name($0) })
        expected = Expectation(blockNumber: 0)
    }

    /// Opens one segment; it may begin anywhere in the journal.
    public init(file: String) throws(JournalError) {
        source = SegmentSource(paths: [file])
        expected = Expectation(blockNumber: nil)
    }

    /// Reads everything and tells what is there.
    public static func verify(directory: String) throws(JournalError) -> JournalSummary {
        var reader = try JournalReader(directory: directory)
        while try reader.nextBlock() != nil {}
        return reader.summary
    }

    /// The records of the next block that has any, valid until the next call; nil at the end.
    public mutating func nextBlock() throws(JournalError) -> UnsafeBufferPointer<Command>? {
        while !isAtEnd {
            switch try source.next() {
            case .block(let block):
                if let records = try accept(block) { return records }
            case .partial:
                try end(at: .cut)
            case .endOfSegments:
                isAtEnd = true
            }
        }
        return nil
    }

    /// Moves up to `maximumCount` of the next records to `destination`.
    /// - Returns: how many; 0 at the end.
    public mutating func next(
        into destination: UnsafeMutablePointer<Command>, maximumCount: Int
    ) throws(JournalError) -> Int {
        var moved = 0
        while moved < maximumCount {
            if pendingCount == 0 {
                guard let records = try nextBlock(), let base = records.baseAddress else { break }
                (pending, pendingCount) = (base, records.count)
            }
            let count = min(pendingCount, maximumCount - moved)
            (destination + moved).initialize(from: pending, count: count)
            pending += count
            pendingCount -= count
            moved += count
        }
        return moved
    }

    /// Checks a block against what must come here.
    /// - Returns: its records; nil when it has none, or when the journal ends here.
    private mutating func accept(_ block: UnsafeMutableRawPointer) throws(JournalError) -> UnsafeBufferPointer<Command>?
    {
        var header = JournalBlock.Header()
        var checksum: UInt64 = 0
        if let fault = JournalBlock.inspect(block, header: &header, checksum: &checksum) {
            if fault == .formatVersion {
                throw .unsupportedVersion(
                    path: source.path, found: JournalBlock.version(of: block), supported: JournalBlock.formatVersion)
            }
            try end(at: fault)
            return nil
        }
        let isFirstOfSegment = source.offset == JournalBlock.byteCount
        guard header.blockNumber == expected.blockNumber ?? header.blockNumber,
            expected.blockNumber == nil || header.previousChecksum == expected.previousChecksum,
            header.firstSequence == expected.sequence ?? header.firstSequence,
            isFirstOfSegment
                ? header.epoch >= expected.epoch ?? 0 : header.epoch == expected.epoch,
            header.durableBlockCount <= header.blockNumber
        else {
            try end(at: .misplaced, readable: header.firstSequence)
            return nil
        }
        let payload = block + JournalBlock.headerByteCount
        guard validity.holds(payload, count: header.recordCount, firstSequence: header.firstSequence) else {
            try end(at: .record)
            return nil
        }
        if summary.blocks == 0 || isFirstOfSegment { summary.segments += 1 }
        summary.blocks &+= 1
        summary.bytes &+= UInt64(JournalBlock.byteCount)
        summary.records &+= UInt64(header.recordCount)
        summary.lastEpoch = header.epoch
        summary.closedCleanly = header.recordCount == 0
        let nextSequence = header.firstSequence &+ UInt64(header.recordCount)
        expected = Expectation(
            blockNumber: header.blockNumber &+ 1, previousChecksum: checksum, sequence: nextSequence,
            epoch: header.epoch)
        guard header.recordCount > 0 else { return nil }
        if summary.firstSequence == nil { summary.firstSequence = header.firstSequence }
        summary.lastSequence = nextSequence &- 1
        return UnsafeBufferPointer(start: payload.assumingMemoryBound(to: Command.self), count: header.recordCount)
    }

    /// Ends the journal before the block just read, or throws when that block had been durable.
    /// - Parameter sequence: where the block itself, being whole, could be read.
    private mutating func end(at fault: JournalBlock.Fault, readable sequence: UInt64? = nil) throws(JournalError) {
        isAtEnd = true
        let place = source.place
        var damage = JournalDamage(
            path: source.path, blockNumber: expected.blockNumber ?? 0, offset: place.offset, fault: fault,
            firstLostSequence: expected.sequence ?? 0, nextReadableSequence: nil)
        let evidence = try source.lookAhead(expected)
        damage.nextReadableSequence = sequence ?? evidence.nextReadableSequence
        // A torn write leaves zeros or a mixture; a whole block in the wrong place is no trace of one.
        let isTornWrite = fault == .blank || fault == .checksum || fault == .cut
        if evidence.provesDurable || !isTornWrite { throw .damaged(damage) }
        source.cut(at: place)
        if fault == .blank && !evidence.hasContents { return }
        summary.closedCleanly = false
        summary.truncatedTail = JournalSummary.TruncatedTail(
            path: damage.path, offset: damage.offset, blockNumber: damage.blockNumber, fault: fault,
            wholeBlocksBehind: evidence.wholeBlocks, recordsBehind: evidence.records)
    }
}
