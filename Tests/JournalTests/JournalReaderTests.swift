import CPlatform
import Glibc
import Journal
import Orders
import Runtime
import TestSupport
import Testing

@Suite struct JournalReaderTests {
    /// A journal of one segment with ten full blocks from several group commits, numbers 0…9.
    /// - Parameter closed: with a closing block, number 10, and without preallocated tail.
    private func journal(closed: Bool) throws -> TemporaryFolder {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: .synchronous, blocks: 16))
        for blocks in [1, 4, 2, 3] {
            bench.push(blocks * 63)
            bench.settle()
        }
        if closed { try bench.close() }
        return directory
    }

    private func damage(_ directory: TemporaryFolder) -> JournalDamage? {
        do { _ = try JournalReader.verify(directory: directory.path) } catch {
            if case .damaged(let damage) = error { return damage }
        }
        return nil
    }

    private func error(_ directory: TemporaryFolder) -> JournalError? {
        do { _ = try JournalReader.verify(directory: directory.path) } catch { return error }
        return nil
    }

    @Test func anEmptyDirectoryIsAnEmptyJournal() throws {
        let directory = try TemporaryFolder()
        let summary = try withExtendedLifetime(directory) { try JournalReader.verify(directory: $0.path) }
        #expect(summary == JournalSummary())
    }

    @Test func aMissingDirectoryIsNamed() {
        #expect(throws: JournalError.directoryMissing(path: "/tmp/wissel-no-such")) {
            try JournalReader.verify(directory: "/tmp/wissel-no-such")
        }
    }

    @Test func aSingleFileIsReadFromWhereverItBegins() throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: .synchronous, blocks: 4))
        bench.push(20 * 63)
        bench.settle()
        try bench.close()
        var reader = try JournalReader(file: directory.segments[2])
        while try reader.nextBlock() != nil {}
        let summary = reader.summary
        #expect(summary.firstSequence == 8 * 63 + 1 && summary.lastSequence == 12 * 63)
    }

    @Test("Every length at which the last block can end is noticed: in the closing block no record is lost")
    func everyTruncationOfTheClosingBlock() throws {
        let directory = try journal(closed: true)
        let path = directory.segments[0]
        for length in (0..<4096).reversed() {
            truncate(path, 10 * 4096 + length)
            let summary = try JournalReader.verify(directory: directory.path)
            guard summary.records == 630, !summary.closedCleanly, (summary.truncatedTail != nil) == (length > 0) else {
                Issue.record("cut to \(length) bytes of the closing block: \(summary)")
                return
            }
        }
    }

    @Test("Every length at which the last block of records can end: that block is cut off, and said to be")
    func everyTruncationOfTheLastRecords() throws {
        let directory = try journal(closed: true)
        let path = directory.segments[0]
        for length in (0..<4096).reversed() {
            truncate(path, 9 * 4096 + length)
            let summary = try JournalReader.verify(directory: directory.path)
            guard summary.records == 567, !summary.closedCleanly, summary.truncatedTail?.offset ?? 9 * 4096 == 9 * 4096,
                (summary.truncatedTail != nil) == (length > 0)
            else {
                Issue.record("cut to \(length) bytes of the last block: \(summary)")
                return
            }
        }
    }

    @Test("After an orderly end, a flipped bit anywhere is damage, with its place and its loss") func flippedBits()
        throws
    {
        let directory = try journal(closed: true)
        let path = directory.segments[0]
        let original = Bytes.read(path)
        var random = SplitMix64(seed: 3)
        for _ in 0..<600 {
            let position = Int(random.next() % UInt64(10 * 4096))
            Bytes.patch(path, offset: position, [original[position] ^ 1 << UInt8(random.next() % 8)])
            let block = position / 4096
            let damage = damage(directory)
            #expect(damage?.blockNumber == UInt64(block) && damage?.offset == block * 4096)
            #expect(damage?.path == path && damage?.fault == .checksum)
            // What came before is what tells where block 0 begins, and nothing came before.
            #expect(damage?.firstLostSequence == (block == 0 ? 0 : UInt64(block * 63 + 1)))
            #expect(damage?.nextReadableSequence == UInt64(block * 63 + 64))
            Bytes.patch(path, offset: position, [original[position]])
        }
        #expect(try JournalReader.verify(directory: directory.path).records == 630)
    }

    @Test("Damage is described so that it can be acted on") func description() throws {
        let directory = try journal(closed: true)
        let path = directory.segments[0]
        Bytes.patch(path, offset: 2 * 4096 + 100, [0xFF, 0xFE, 0xFD])
        #expect(
            error(directory)?.description
                == "the journal is damaged: '\(path)', block 2 at byte 8192: the checksum does not match the contents; "
                + "records 127 to 189 are lost. Nothing was skipped or changed: restore this file from a copy, "
                + "then start again")
    }

    @Test("A zeroed sector in any block, and a zeroed block") func zeroedSectors() throws {
        let directory = try journal(closed: true)
        let path = directory.segments[0]
        let original = Bytes.read(path)
        for sector in 0..<80 {
            Bytes.patch(path, offset: sector * 512, [UInt8](repeating: 0, count: 512))
            #expect(damage(directory)?.blockNumber == UInt64(sector / 8), "sector \(sector)")
            Bytes.write(original, to: path)
        }
        for block in 0..<10 {
            Bytes.patch(path, offset: block * 4096, [UInt8](repeating: 0, count: 4096))
            #expect(damage(directory)?.fault == .blank, "block \(block)")
            Bytes.write(original, to: path)
        }
    }

    @Test("Any two blocks swapped", arguments: [true, false]) func swappedBlocks(closed: Bool) throws {
        let directory = try journal(closed: closed)
        let path = directory.segments[0]
        let original = Bytes.read(path)
        for first in 0..<9 {
            for second in first + 1..<10 {
                Bytes.patch(path, offset: first * 4096, Array(original[second * 4096..<(second + 1) * 4096]))
                Bytes.patch(path, offset: second * 4096, Array(original[first * 4096..<(first + 1) * 4096]))
                let damage = damage(directory)
                #expect(damage?.blockNumber == UInt64(first) && damage?.fault == .misplaced)
                #expect(damage?.nextReadableSequence == UInt64(second * 63 + 1))
                Bytes.write(original, to: path)
            }
        }
    }

    @Test("A block repeated in the place of another") func repeatedBlock() throws {
        let directory = try journal(closed: true)
        let original = Bytes.read(directory.segments[0])
        Bytes.patch(directory.segments[0], offset: 5 * 4096, Array(original[4 * 4096..<5 * 4096]))
        #expect(damage(directory)?.fault == .misplaced)
        #expect(damage(directory)?.blockNumber == 5)
    }

    @Test("After a crash only the last group commit can be taken for torn; older blocks are damage") func afterACrash()
        throws
    {
        // Group commits: block 0, blocks 1…4, 5…6, 7…9. Each was durable before the next was sealed.
        for block in 0..<10 {
            let directory = try journal(closed: false)
            Bytes.patch(directory.segments[0], offset: block * 4096 + 2000, [1, 2, 3])
            if block < 7 {
                #expect(damage(directory)?.blockNumber == UInt64(block))
            } else {
                let summary = try JournalReader.verify(directory: directory.path)
                #expect(summary.records == UInt64(block * 63))
                #expect(summary.truncatedTail?.blockNumber == UInt64(block))
                #expect(summary.truncatedTail?.wholeBlocksBehind == 9 - block)
            }
        }
    }

    @Test func aPreallocatedTailIsNoDamage() throws {
        let directory = try journal(closed: false)
        let summary = try withExtendedLifetime(directory) { try JournalReader.verify(directory: $0.path) }
        #expect(summary.records == 630 && summary.truncatedTail == nil && !summary.closedCleanly)
    }

    @Test("A missing segment, wherever") func missingSegment() throws {
        for missing in 0..<4 {
            let directory = try TemporaryFolder()
            let bench = try Bench(settings(directory, mode: .synchronous, blocks: 4))
            bench.push(20 * 63)
            bench.settle()
            try bench.close()
            let path = directory.segments[missing]
            unlink(path)
            #expect(damage(directory)?.fault == .missing)
            #expect(damage(directory)?.path == path)
        }
    }

    @Test("A segment cut at a block, with others behind it") func shortenedSegment() throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: .synchronous, blocks: 4))
        bench.push(20 * 63)
        bench.settle()
        try bench.close()
        truncate(directory.segments[1], 3 * 4096)
        #expect(damage(directory)?.blockNumber == 7)
        #expect(damage(directory)?.nextReadableSequence == 8 * 63 + 1)
    }

    /// Changes a byte of block 3 and makes its checksum right again.
    private func forge(_ directory: TemporaryFolder, offset: Int, _ byte: UInt8) {
        let path = directory.segments[0]
        var block = Array(Bytes.read(path)[3 * 4096..<4 * 4096])
        block[offset] = byte
        block.withUnsafeMutableBytes { reseal($0.baseAddress!) }
        Bytes.patch(path, offset: 3 * 4096, block)
    }

    @Test("Another format version is refused with what to do") func version() throws {
        let directory = try journal(closed: true)
        forge(directory, offset: JournalBlock.Offset.formatVersion, 2)
        #expect(error(directory) == .unsupportedVersion(path: directory.segments[0], found: 2, supported: 1))
        #expect(error(directory)?.description.contains("use the release that wrote it") == true)
    }

    @Test("A record with bytes this program does not know never reaches the engine") func unknownRecord() throws {
        for (offset, byte) in [(60, UInt8(99)), (61, 3), (62, 200), (0, 200)] {
            let directory = try journal(closed: true)
            forge(directory, offset: JournalBlock.headerByteCount + 5 * 64 + offset, byte)
            #expect(damage(directory)?.fault == .record, "byte \(offset) of a record")
        }
    }

    @Test("Header fields out of line, though the checksum is right") func forgedHeaders() throws {
        let fields = [
            JournalBlock.Offset.blockNumber, JournalBlock.Offset.firstSequence, JournalBlock.Offset.epoch,
            JournalBlock.Offset.previousChecksum, JournalBlock.Offset.durableBlockCount,
        ]
        for field in fields {
            let directory = try journal(closed: true)
            forge(directory, offset: field, 77)
            #expect(damage(directory)?.blockNumber == 3 && damage(directory)?.fault == .misplaced)
        }
    }

    @Test("Random bytes in random places never trap the reader, and never give a wrong record") func garbage() throws {
        let directory = try journal(closed: false)
        let path = directory.segments[0]
        let original = Bytes.read(path)
        var random = SplitMix64(seed: 11)
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<Int(random.next() % 8) + 1 {
                let start = Int(random.next() % UInt64(bytes.count))
                for index in start..<min(bytes.count, start + Int(random.next() % 600)) {
                    bytes[index] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
            Bytes.write(bytes, to: path)
            var reader = try JournalReader(directory: directory.path)
            var next: UInt64 = 1
            while let records = try? reader.nextBlock() {
                for record in records {
                    #expect(record == command(next))
                    next += 1
                }
            }
        }
    }
}
