import CPlatform
import Glibc
import Orders

/// Reads a journal from its beginning, checking every block: checksum, number, chain, epoch, and every record's sequence.
///
/// What a crash tore at the end of a run (never acknowledged) is cut and reported in `summary`; damage to what was
/// acknowledged is thrown with file, block and offset; nothing is ever skipped. A block below the `durableBlockCount` of
/// a later block had been acknowledged; that tells the two apart. One thread; buffers of 1 MiB, no allocation per record.
public struct JournalReader: ~Copyable {
    private static let chunkByteCount = 1 << 20

    private let directory: String
    private let segments: [Int]
    private var segmentIndex = -1
    private var descriptor: Int32 = -1
    private let buffer: UnsafeMutableRawPointer
    private var bufferOffset = 0
    private var bufferByteCount = 0
    /// Records of the current block not handed out yet.
    private var pending: UnsafeRawPointer?
    private var pendingCount = 0
    /// Position of the next block in the current file.
    private var offset = 0
    public private(set) var summary = JournalSummary()
    public private(set) var position = JournalPosition()

    /// Whether a directory holds segment files.
    public static func holdsJournal(directory: String) -> Bool { !segmentNumbers(directory).isEmpty }

    /// - Throws: `JournalError` when the directory cannot be read.
    public init(directory: String) throws(JournalError) {
        guard access(directory, R_OK | X_OK) == 0 else { throw .of("read", directory, code: errno) }
        self.directory = directory
        segments = Self.segmentNumbers(directory)
        buffer = .allocate(byteCount: Self.chunkByteCount, alignment: JournalBlock.byteCount)
        position.nextSegment = (segments.last ?? -1) + 1
    }

    deinit {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        buffer.deallocate()
    }

    /// Hands out the next commands.
    /// - Returns: how many were written to `destination`; 0 at the end of the journal.
    public mutating func next(
        into destination: UnsafeMutablePointer<Command>, maximumCount: Int
    ) throws(JournalError) -> Int {
        var count = 0
        while count < maximumCount {
            if pendingCount == 0 {
                guard try nextBlock() else { return count }
                continue
            }
            guard let records = pending else { return count }
            let taken = min(pendingCount, maximumCount - count)
            UnsafeMutableRawPointer(destination + count).copyMemory(
                from: records, byteCount: taken * JournalBlock.recordByteCount)
            pending = records + taken * JournalBlock.recordByteCount
            pendingCount -= taken
            count += taken
        }
        return count
    }

    // MARK: Blocks

    private var path: String { directory + "/" + JournalFiles.segmentName(segments[segmentIndex]) }

    /// Moves to the next block that has records; false at the end.
    private mutating func nextBlock() throws(JournalError) -> Bool {
        while true {
            if descriptor < 0 {
                guard try openNextSegment() else { return false }
            }
            guard let block = blockAtOffset() else {
                closeSegment()
                continue
            }
            var header = JournalBlock.Header()
            var checksum: UInt64 = 0
            var fault = JournalBlock.inspect(block, header: &header, checksum: &checksum)
            if fault == .formatVersion {
                throw .unsupportedVersion(
                    path: path, found: JournalBlock.version(of: block), supported: JournalBlock.formatVersion)
            }
            if fault == nil, !belongsHere(header) { fault = .misplaced }
            if fault == nil, !recordsAreSound(block + JournalBlock.headerByteCount, header) { fault = .record }
            if let fault {
                try endSegment(fault)
                continue
            }
            take(block, header, checksum)
            if pendingCount > 0 { return true }
        }
    }

    private mutating func take(_ block: UnsafeMutableRawPointer, _ header: JournalBlock.Header, _ checksum: UInt64) {
        offset += JournalBlock.byteCount
        bufferOffset += JournalBlock.byteCount
        summary.truncatedTail = nil
        summary.blocks += 1
        summary.bytes += UInt64(JournalBlock.byteCount)
        summary.records += UInt64(header.recordCount)
        summary.endedInOrder = header.recordCount == 0
        if header.recordCount > 0 {
            if summary.firstSequence == nil { summary.firstSequence = header.firstSequence }
            summary.lastSequence = header.firstSequence &+ UInt64(header.recordCount) &- 1
        }
        position.nextBlockNumber = header.blockNumber &+ 1
        position.nextSequence = header.firstSequence &+ UInt64(header.recordCount)
        position.lastChecksum = checksum
        position.epoch = header.epoch
        pending = UnsafeRawPointer(block + JournalBlock.headerByteCount)
        pendingCount = header.recordCount
    }

    private func belongsHere(_ header: JournalBlock.Header) -> Bool {
        if summary.blocks == 0 { return header.blockNumber == 0 && header.previousChecksum == 0 }
        return header.blockNumber == position.nextBlockNumber && header.previousChecksum == position.lastChecksum
            && header.firstSequence == position.nextSequence && header.epoch >= position.epoch
    }

    /// Bytes become enumerations only after this.
    private func recordsAreSound(_ records: UnsafeRawPointer, _ header: JournalBlock.Header) -> Bool {
        for index in 0..<header.recordCount {
            let record = records + index * JournalBlock.recordByteCount
            let sequence = UInt64(littleEndian: record.loadUnaligned(as: UInt64.self))
            guard sequence == header.firstSequence &+ UInt64(index),
                let kind = CommandKind(rawValue: record.load(fromByteOffset: 60, as: UInt8.self)), kind != .none,
                Side(rawValue: record.load(fromByteOffset: 61, as: UInt8.self)) != nil,
                TimeInForce(rawValue: record.load(fromByteOffset: 62, as: UInt8.self)) != nil
            else { return false }
        }
        return true
    }

    // MARK: Ends

    /// Decides what a block that cannot be taken means: the torn end of a run, or damage to what was acknowledged.
    private mutating func endSegment(_ fault: JournalBlock.Fault) throws(JournalError) {
        let expected = summary.blocks == 0 ? 0 : position.nextBlockNumber
        let tail = JournalSummary.TornTail(path: path, blockNumber: expected, offset: offset, fault: fault)
        if let next = acknowledgedBlockBehind(expected) {
            throw .damaged(
                JournalDamage(
                    path: path, blockNumber: expected, offset: offset, fault: fault,
                    firstLostSequence: position.nextSequence, nextReadableSequence: next))
        }
        if fault != .blank { summary.truncatedTail = tail }
        closeSegment()
    }

    /// Looks through the rest of the file for a whole block that proves that `expected` had been acknowledged, or that
    /// continues beyond it; its first sequence.
    private mutating func acknowledgedBlockBehind(_ expected: UInt64) -> UInt64? {
        // The first block looked at is the faulty one itself: whole but misplaced blocks say something too.
        while let block = blockAtOffset() {
            var header = JournalBlock.Header()
            var checksum: UInt64 = 0
            if JournalBlock.inspect(block, header: &header, checksum: &checksum) == nil,
                header.epoch >= position.epoch, header.durableBlockCount > expected
            {
                return header.firstSequence
            }
            offset += JournalBlock.byteCount
            bufferOffset += JournalBlock.byteCount
        }
        return nil
    }

    // MARK: Files

    private mutating func openNextSegment() throws(JournalError) -> Bool {
        guard segmentIndex + 1 < segments.count else { return false }
        segmentIndex += 1
        offset = 0
        bufferOffset = 0
        bufferByteCount = 0
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .of("open", path, code: errno) }
        summary.segments += 1
        return true
    }

    private mutating func closeSegment() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    /// The next 4096 bytes of the file, nil at its end; a shorter rest is a cut block and counts as the end of the file.
    private mutating func blockAtOffset() -> UnsafeMutableRawPointer? {
        if bufferOffset + JournalBlock.byteCount > bufferByteCount {
            bufferByteCount = 0
            while bufferByteCount < Self.chunkByteCount {
                let wanted = Self.chunkByteCount - bufferByteCount
                let count = pread(descriptor, buffer + bufferByteCount, wanted, off_t(offset + bufferByteCount))
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                bufferByteCount += count
            }
            bufferOffset = 0
            let rest = bufferByteCount % JournalBlock.byteCount
            if bufferByteCount < JournalBlock.byteCount {
                if rest > 0 {
                    summary.truncatedTail = .init(
                        path: path, blockNumber: position.nextBlockNumber, offset: offset, fault: .cut)
                }
                return nil
            }
        }
        return buffer + bufferOffset
    }

    private static func segmentNumbers(_ directory: String) -> [Int] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var numbers: [Int] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = JournalFiles.segmentNumber(name) { numbers.append(number) }
        }
        return numbers.sorted()
    }
}
