import Glibc
import NetStack

/// A capture file: pcap or pcapng, plain or compressed.
final class CaptureTarget: FuzzTarget {
    private let file = MemoryFile()
    private let copy = MemoryFile()

    var seeds: [[UInt8]] {
        let frame = [UInt8](0..<60)
        let pcap = Self.words(0xA1B2_3C4D, 4 << 16 | 2, 0, 0, 65_535, 1) + Self.words(1, 2, 60, 60) + frame
        let micro = Self.words(0xA1B2_C3D4, 4 << 16 | 2, 0, 0, 65_535, 1) + Self.words(1, 2, 60, 1_500) + frame
        var swapped = Array(pcap.prefix(40))
        for word in stride(from: 0, to: 40, by: 4) { swapped[word..<word + 4].reverse() }
        let section = Self.words(0x0A0D_0D0A, 28, 0x1A2B_3C4D, 1, .max, .max, 28)
        // Interface with a resolution of nanoseconds, enhanced packet, simple packet, a block to skip.
        let interface = Self.words(1, 32, 1, 65_535, 1 << 16 | 9, 9, 0, 32)
        let enhanced = Self.words(6, 92, 0, 1, 2, 60, 60) + frame + Self.words(92)
        let simple = Self.words(3, 76, 60) + frame + Self.words(76)
        let pcapng = section + interface + enhanced + simple + Self.words(0xBAD, 12, 12)
        // A Zstandard frame that holds a pcap header and no record, stored as it is (RFC 8878).
        let header = Array(pcap.prefix(24))
        let zstd: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x20, 24, 24 << 3 | 1, 0, 0] + header
        return [pcap, micro, swapped + frame, pcapng, section, zstd, Array(pcap.dropLast(9))]
    }

    func run(_ input: UnsafeRawBufferPointer) throws {
        file.write(Array(input))
        var total = 0
        var writer = try CaptureWriter(path: copy.path)
        var written: [(time: UInt64, bytes: [UInt8], length: Int)] = []
        do {
            let reader = try CaptureReader(path: file.path)
            // Compressed nonsense can go on for long.
            while written.count < 500, total < 4 << 20, let record = try reader.next() {
                let bytes = Array(record.bytes)
                hold(bytes.count <= CaptureReader.maximumRecordBytes, "a record of \(bytes.count) bytes")
                total += bytes.count
                // What pcap can say: a 32-bit second, a 32-bit length.
                guard record.timestampNanoseconds / 1_000_000_000 <= UInt32.max else { continue }
                let length = max(record.originalLength, bytes.count)
                written.append((record.timestampNanoseconds, bytes, length))
                try writer.append(
                    record.bytes, timestampNanoseconds: record.timestampNanoseconds, originalLength: length)
            }
            hold(reader.cutRecords <= reader.records, "more records were cut than read")
        } catch {
            hold(!error.description.isEmpty, "an error without words")
        }
        if input.count > 4, input[0] != 0x28 { hold(total <= input.count, "\(total) bytes out of \(input.count)") }
        try writer.close()
        try check(written)
    }

    /// What was read and written is read as the same again.
    private func check(_ records: [(time: UInt64, bytes: [UInt8], length: Int)]) throws {
        let reader = try CaptureReader(path: copy.path)
        for expected in records {
            guard let record = try reader.next() else { Fuzz.stop("a record was not written") }
            hold(record.timestampNanoseconds == expected.time, "\(expected.time) became \(record.timestampNanoseconds)")
            hold(record.originalLength == expected.length, "length \(expected.length) became \(record.originalLength)")
            hold(record.bytes.elementsEqual(expected.bytes), "a record's bytes changed")
        }
        hold(try reader.next() == nil, "a record came from nowhere")
    }

    private static func words(_ words: UInt32...) -> [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
    }
}
