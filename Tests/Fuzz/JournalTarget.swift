import CPlatform
import Glibc
import Journal
import Orders

/// A journal of four blocks with a few changes: what the reader takes must be whole, in order and meaningful.
///
/// Input: a byte of what to do, bytes to cut off the end in 16 bits, then changes: offset in 16 bits, count, bytes. Bits
/// of the first byte: 0 makes the checksums right after the changes, 1 the chain of checksums too, 2 divides the blocks
/// between two segments, 3 takes the rest of the input as the file instead.
final class JournalTarget: FuzzTarget {
    private static let directory = "/tmp/wissel-fuzz-\(getpid())"
    private static let names = (0...1).map { "\(directory)/wissel-0000000\($0).journal" }
    private let files = [MemoryFile(), MemoryFile()]

    init() {
        if mkdir(Self.directory, 0o700) != 0 { Fuzz.stop("no directory \(Self.directory): errno \(errno)") }
        for (name, file) in zip(Self.names, files) where symlink(file.path, name) != 0 {
            Fuzz.stop("no link \(name): errno \(errno)")
        }
        // After a crash it stays; it holds two links to nothing.
        atexit {
            for name in JournalTarget.names { unlink(name) }
            rmdir(JournalTarget.directory)
        }
    }

    var seeds: [[UInt8]] {
        [
            [0, 0, 0], [4, 0, 0], [0, 1, 0], [0, 0, 0x18], [1, 0, 0, 10, 0, 1, 9], [1, 0, 0, 8, 0, 1, 2],
            [3, 0, 0, 0x18, 0x10, 1, 5], [1, 0, 0, 0x7C, 0, 1, 77], [7, 0, 0, 0x20, 0x20, 1, 9], [5, 0, 0x10],
            [0, 0, 0, 0, 0x10, 1, 1], [1, 0, 0, 48, 0x30, 1, 3], [8, 0, 0, 1, 2, 3],
        ]
    }

    func run(_ input: UnsafeRawBufferPointer) {
        var reader = InputReader(input)
        let said = reader.byte()
        var bytes: [UInt8]
        if said & 8 != 0 {
            bytes = reader.rest()
        } else {
            bytes = Self.journal
            let cut = reader.number16()
            while !reader.isAtEnd {
                let offset = reader.number16() % bytes.count
                let change = reader.take(Int(reader.byte())).prefix(bytes.count - offset)
                bytes.replaceSubrange(offset..<offset + change.count, with: change)
            }
            if said & 1 != 0 { Self.seal(&bytes, chained: said & 2 != 0) }
            bytes.removeLast(min(cut, bytes.count))
        }
        let middle = said & 4 != 0 ? min(bytes.count, 2 * JournalBlock.byteCount) : bytes.count
        files[0].write(Array(bytes[..<middle]))
        files[1].write(Array(bytes[middle...]))
        let summary = read { () throws(JournalError) in try JournalReader(directory: Self.directory) }
        let again = read { () throws(JournalError) in try JournalReader(directory: Self.directory) }
        hold(summary == again, "read twice, it differs")
        if said & 11 == 0, input.count <= 3, bytes.count == Self.journal.count {
            hold(summary?.records == 66 && summary?.closedCleanly == true, "a whole journal is \(summary as Any)")
        }
        _ = read { () throws(JournalError) in try JournalReader(file: files[0].path) }
    }

    /// Reads to the end and looks at each record; nil when the journal was refused.
    private func read(_ open: () throws(JournalError) -> JournalReader) -> JournalSummary? {
        do {
            var reader = try open()
            var next: UInt64?
            var count: UInt64 = 0
            while let records = try reader.nextBlock() {
                hold((1...JournalBlock.recordCapacity).contains(records.count), "a block of \(records.count) records")
                check(UnsafeRawBufferPointer(records))
                for record in records {
                    let expected = next ?? record.sequence
                    hold(record.sequence == expected, "record \(record.sequence) in the place of \(expected)")
                    next = record.sequence &+ 1
                }
                count += UInt64(records.count)
            }
            let summary = reader.summary
            hold(summary.records == count, "\(count) records read, \(summary.records) counted")
            hold(summary.lastSequence.map { $0 &+ 1 } == next, "the last record is not the last")
            return summary
        } catch {
            hold(!error.description.isEmpty, "an error without words")
            return nil
        }
    }

    /// The bytes that are enumerations are looked at as bytes: a wrong one is no Swift value.
    private func check(_ records: UnsafeRawBufferPointer) {
        for record in stride(from: 0, to: records.count, by: JournalBlock.recordByteCount) {
            let (kind, side, time) = (records[record + 60], records[record + 61], records[record + 62])
            hold(
                CommandKind(rawValue: kind) != nil && Side(rawValue: side) != nil && TimeInForce(rawValue: time) != nil,
                "a record of kind \(kind), side \(side), time in force \(time) was given out")
        }
    }

    // MARK: The journal that is changed

    /// Blocks of 2, 63 and 1 records and a closing one.
    private static let journal: [UInt8] = {
        var bytes = [UInt8](repeating: 0, count: 4 * JournalBlock.byteCount)
        var sequence: UInt64 = 1
        for (number, count) in [2, 63, 1, 0].enumerated() {
            let block = number * JournalBlock.byteCount
            func put<Value: FixedWidthInteger>(_ value: Value, _ offset: Int) {
                withUnsafeBytes(of: value.littleEndian) {
                    bytes.replaceSubrange(block + offset..<block + offset + $0.count, with: $0)
                }
            }
            put(JournalBlock.magic, JournalBlock.Offset.magic)
            put(JournalBlock.formatVersion, JournalBlock.Offset.formatVersion)
            put(UInt16(count), JournalBlock.Offset.recordCount)
            put(UInt32(count * JournalBlock.recordByteCount), JournalBlock.Offset.payloadByteCount)
            put(UInt64(number), JournalBlock.Offset.blockNumber)
            put(sequence, JournalBlock.Offset.firstSequence)
            put(UInt64(5), JournalBlock.Offset.epoch)
            put(UInt64(number), JournalBlock.Offset.durableBlockCount)
            for index in 0..<count {
                let command = Command(kind: .newOrder, sequence: sequence, side: .buy, timeInForce: .day)
                let place = block + JournalBlock.headerByteCount + index * JournalBlock.recordByteCount
                withUnsafeBytes(of: command) { bytes.replaceSubrange(place..<place + $0.count, with: $0) }
                sequence += 1
            }
        }
        seal(&bytes, chained: true)
        return bytes
    }()

    /// Makes the checksums right, and those that each block repeats of the one before.
    private static func seal(_ bytes: inout [UInt8], chained: Bool) {
        bytes.withUnsafeMutableBytes { memory in
            var previous: UInt64 = 0
            for start in stride(from: 0, to: memory.count, by: JournalBlock.byteCount) {
                let block = memory.baseAddress! + start
                if chained {
                    block.storeBytes(of: previous, toByteOffset: JournalBlock.Offset.previousChecksum, as: UInt64.self)
                }
                block.storeBytes(of: 0, toByteOffset: JournalBlock.Offset.checksum, as: UInt64.self)
                previous = cplatform_crc64(block, JournalBlock.byteCount)
                block.storeBytes(of: previous, toByteOffset: JournalBlock.Offset.checksum, as: UInt64.self)
            }
        }
    }
}
