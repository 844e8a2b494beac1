import Glibc

/// The bytes of a row of segment files, block by block, read in large pieces.
struct SegmentSource: ~Copyable {
    enum Item {
        /// 4096 bytes, valid until the next call.
        case block(UnsafeMutableRawPointer)
        /// A file ends inside a block.
        case partial
        case endOfSegments
    }

    /// Where a block begins.
    struct Place: Equatable {
        var index: Int
        var offset: Int
    }

    let paths: [String]
    /// The segment being read, an index into `paths`.
    private(set) var index = 0
    /// Bytes of the segment already given out.
    private(set) var offset = 0
    /// Where the journal ends; set by `cut`, or at the end of the last segment.
    private(set) var endPlace: Place?
    private var itemByteCount = 0
    private var descriptor: Int32 = -1
    private let buffer: UnsafeMutableRawPointer
    private var bufferedByteCount = 0
    private var bufferPosition = 0
    private static var bufferByteCount: Int { 256 << 10 }

    init(paths: [String]) {
        self.paths = paths
        buffer = .allocate(byteCount: Self.bufferByteCount, alignment: JournalBlock.byteCount)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        buffer.deallocate()
    }

    var path: String { index < paths.count ? paths[index] : paths.last ?? "" }

    /// Where the item given out last begins.
    var place: Place { Place(index: index, offset: offset - itemByteCount) }

    /// The next block of the row.
    mutating func next() throws(JournalError) -> Item {
        while index < paths.count {
            if descriptor < 0 { try openSegment() }
            if bufferPosition == bufferedByteCount { try fillBuffer() }
            let rest = bufferedByteCount - bufferPosition
            if rest >= JournalBlock.byteCount {
                let block = buffer + bufferPosition
                bufferPosition += JournalBlock.byteCount
                itemByteCount = JournalBlock.byteCount
                offset += itemByteCount
                return .block(block)
            }
            if rest > 0 {
                bufferPosition = bufferedByteCount
                itemByteCount = rest
                offset += rest
                return .partial
            }
            endPlace = Place(index: index, offset: offset)
            closeSegment()
            index += 1
        }
        return .endOfSegments
    }

    /// Fixes the end of the journal.
    mutating func cut(at place: Place) { endPlace = place }

    /// What lies behind a block that is not whole.
    struct Evidence {
        /// A later block says that the bad one had been on the device.
        var provesDurable = false
        /// Something other than zeros is there.
        var hasContents = false
        var wholeBlocks = 0
        var records = 0
        var nextReadableSequence: UInt64?
    }

    /// Reads on to the end and judges. Nothing can be read afterwards.
    /// - Parameter expected: what the block given out last should have been.
    mutating func lookAhead(_ expected: JournalReader.Expectation) throws(JournalError) -> Evidence {
        var evidence = Evidence()
        var header = JournalBlock.Header()
        var checksum: UInt64 = 0
        let badNumber = expected.blockNumber ?? 0
        let bad = place
        while true {
            guard case .block(let block) = try lookAtNext(&evidence) else { return evidence }
            if let fault = JournalBlock.inspect(block, header: &header, checksum: &checksum) {
                if fault != .blank { evidence.hasContents = true }
                continue
            }
            evidence.hasContents = true
            evidence.wholeBlocks += 1
            evidence.records += header.recordCount
            if evidence.nextReadableSequence == nil { evidence.nextReadableSequence = header.firstSequence }
            let distance = UInt64(max(0, place.offset - bad.offset) / JournalBlock.byteCount)
            let belongsHere =
                index == bad.index ? header.blockNumber == badNumber &+ distance : header.blockNumber > badNumber
            if header.durableBlockCount > badNumber || !belongsHere { evidence.provesDurable = true }
        }
    }

    private mutating func lookAtNext(_ evidence: inout Evidence) throws(JournalError) -> Item {
        let item = try next()
        guard case .partial = item else { return item }
        evidence.hasContents = true
        return try lookAtNext(&evidence)
    }

    private mutating func openSegment() throws(JournalError) {
        descriptor = open(paths[index], O_RDONLY | O_CLOEXEC)
        if descriptor < 0 && errno == ENOENT { throw .damaged(.missing(paths[index])) }
        if descriptor < 0 { throw .of("opening", paths[index], code: errno) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        (offset, bufferedByteCount, bufferPosition) = (0, 0, 0)
    }

    private mutating func closeSegment() {
        close(descriptor)
        descriptor = -1
    }

    /// Fills the buffer from the file; it stays short only at the file's end.
    private mutating func fillBuffer() throws(JournalError) {
        (bufferedByteCount, bufferPosition) = (0, 0)
        while bufferedByteCount < Self.bufferByteCount {
            let count = pread(
                descriptor, buffer + bufferedByteCount, Self.bufferByteCount - bufferedByteCount,
                off_t(offset + bufferedByteCount))
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .of("reading", paths[index], code: errno) }
            if count == 0 { break }
            bufferedByteCount += count
        }
    }
}
