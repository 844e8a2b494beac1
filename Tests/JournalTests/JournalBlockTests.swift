import CPlatform
import Glibc
import Journal
import Orders
import TestSupport
import Testing

@Suite struct JournalBlockTests {
    /// A block as the writer makes it, aligned.
    private func withBlock(_ body: (UnsafeMutableRawPointer) throws -> Void) throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: .synchronous))
        bench.push(40)
        bench.settle()
        try bench.close()
        let bytes = Bytes.read(directory.segments[0])
        try #require(bytes.count == 2 * JournalBlock.byteCount)
        let block = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 4096)
        defer { block.deallocate() }
        bytes.withUnsafeBytes { block.copyMemory(from: $0.baseAddress!, byteCount: 4096) }
        try body(block)
    }

    private func inspect(_ block: UnsafeMutableRawPointer) -> (fault: JournalBlock.Fault?, header: JournalBlock.Header)
    {
        var header = JournalBlock.Header()
        var checksum: UInt64 = 0
        let fault = JournalBlock.inspect(block, header: &header, checksum: &checksum)
        return (fault, header)
    }

    @Test func checksumIsCRC64XZ() {
        let digits = Array("123456789".utf8)
        #expect(cplatform_crc64(digits, digits.count) == 0x995d_c9bb_df19_39fa)
    }

    @Test func magicSpellsItsName() {
        let bytes = withUnsafeBytes(of: JournalBlock.magic.littleEndian) { Array($0) }
        #expect(String(decoding: bytes, as: UTF8.self) == "WISSELJB")
    }

    @Test func headerSaysWhatWasWritten() throws {
        try withBlock { block in
            let (fault, header) = inspect(block)
            #expect(fault == nil)
            var expected = JournalBlock.Header()
            expected.recordCount = 40
            expected.firstSequence = 1
            expected.epoch = 5
            #expect(header == expected)
            let records = (block + JournalBlock.headerByteCount).assumingMemoryBound(to: Command.self)
            #expect((0..<40).allSatisfy { records[$0] == command(UInt64($0 + 1)) })
        }
    }

    @Test("Each of the 32,768 single-bit flips of a block is detected") func everyBitFlip() throws {
        try withBlock { block in
            var undetected = 0
            for bit in 0..<JournalBlock.byteCount * 8 {
                let byte = (block + bit / 8).assumingMemoryBound(to: UInt8.self)
                byte.pointee ^= 1 << UInt8(bit % 8)
                if inspect(block).fault == nil { undetected += 1 }
                byte.pointee ^= 1 << UInt8(bit % 8)
            }
            #expect(undetected == 0)
            #expect(inspect(block).fault == nil, "inspecting leaves the block as it was")
        }
    }

    @Test func zerosAreBlank() {
        let block = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 4096)
        defer { block.deallocate() }
        block.initializeMemory(as: UInt8.self, repeating: 0, count: 4096)
        #expect(inspect(block).fault == .blank)
        block.storeBytes(of: 1, toByteOffset: 4095, as: UInt8.self)
        #expect(inspect(block).fault == .checksum)
    }

    @Test("A whole block with contradicting contents is refused, though its checksum is right")
    func contradictions() throws {
        /// Field, its new bytes, what must be said.
        let cases: [(Int, [UInt8], JournalBlock.Fault)] = [
            (JournalBlock.Offset.magic, [0], .magic),
            (JournalBlock.Offset.formatVersion, [2], .formatVersion),
            (JournalBlock.Offset.recordCount, [64], .layout),
            (JournalBlock.Offset.recordCount, [255, 255], .layout),
            (JournalBlock.Offset.payloadByteCount, [255, 255, 255, 255], .layout),
            (JournalBlock.Offset.recordCount, [39], .layout),
            (4095, [1], .layout),
        ]
        for (offset, bytes, fault) in cases {
            try withBlock { block in
                for (index, byte) in bytes.enumerated() {
                    block.storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
                }
                reseal(block)
                #expect(inspect(block).fault == fault, "offset \(offset)")
            }
        }
    }

    @Test("The README's byte table is the code's") func readmeOffsets() throws {
        let path = String(#filePath).split(separator: "/").dropLast(3).joined(separator: "/")
        let text = String(decoding: Bytes.read("/" + path + "/Sources/Journal/README.md"), as: UTF8.self)
        var rows: [String: Int] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|").map { $0.trimming() }
            if cells.count == 4, let offset = Int(cells[0]) { rows[cells[2]] = offset }
        }
        let expected = [
            "`magic`": JournalBlock.Offset.magic, "`formatVersion`": JournalBlock.Offset.formatVersion,
            "`recordCount`": JournalBlock.Offset.recordCount,
            "`payloadByteCount`": JournalBlock.Offset.payloadByteCount,
            "`blockNumber`": JournalBlock.Offset.blockNumber, "`firstSequence`": JournalBlock.Offset.firstSequence,
            "`epoch`": JournalBlock.Offset.epoch, "`previousChecksum`": JournalBlock.Offset.previousChecksum,
            "`durableBlockCount`": JournalBlock.Offset.durableBlockCount,
            "`checksum`": JournalBlock.Offset.checksum,
        ]
        #expect(rows == expected)
    }

    @Test("The record check reads the bytes of the enumerations") func enumerationOffsets() {
        #expect(MemoryLayout<Command>.size == JournalBlock.recordByteCount)
        #expect(MemoryLayout<Command>.offset(of: \.kind) == 60)
        #expect(MemoryLayout<Command>.offset(of: \.side) == 61)
        #expect(MemoryLayout<Command>.offset(of: \.timeInForce) == 62)
    }
}

/// Gives a changed block the checksum of its contents.
func reseal(_ block: UnsafeMutableRawPointer) {
    block.storeBytes(of: 0, toByteOffset: JournalBlock.Offset.checksum, as: UInt64.self)
    let checksum = cplatform_crc64(block, JournalBlock.byteCount)
    block.storeBytes(of: checksum.littleEndian, toByteOffset: JournalBlock.Offset.checksum, as: UInt64.self)
}

extension Substring {
    fileprivate func trimming() -> String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
