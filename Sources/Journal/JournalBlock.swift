import CPlatform
import Orders

/// The unit of the journal: 4096 bytes, a header of 64 and up to 63 records of 64. The byte table stands in `README.md`.
///
/// Functions over raw memory, so that writer, reader and tools share one definition. All numbers are little endian.
public enum JournalBlock {
    /// Size of a block and alignment of its buffers, bytes.
    public static let byteCount = 4096
    public static let headerByteCount = 64
    public static let recordByteCount = 64
    /// Records a block can hold.
    public static let recordCapacity = 63
    public static let formatVersion: UInt16 = 1
    /// The bytes "WISSELJB" read as a little-endian number.
    public static let magic: UInt64 = 0x424A_4C45_5353_4957

    /// Where each header field begins. Magic, version and checksum keep their place in every future version.
    public enum Offset {
        public static let magic = 0
        public static let formatVersion = 8
        public static let recordCount = 10
        public static let payloadByteCount = 12
        public static let blockNumber = 16
        public static let firstSequence = 24
        public static let epoch = 32
        public static let previousChecksum = 40
        public static let durableBlockCount = 48
        public static let checksum = 56
    }

    /// What a block says about itself.
    public struct Header: BitwiseCopyable, Sendable, Equatable {
        /// Records in the block, 0…63. None: the run that wrote the journal ended here in order.
        public var recordCount = 0
        /// Position in the journal, from 0, across segments.
        public var blockNumber: UInt64 = 0
        /// Sequence of the first record, or of the next one to come when there is none.
        public var firstSequence: UInt64 = 0
        /// Number of the run that wrote the block; grows with every start.
        public var epoch: UInt64 = 0
        /// Checksum of the block before; 0 in block 0.
        public var previousChecksum: UInt64 = 0
        /// How many blocks from the beginning were on the device when this one was sealed. A damaged block below this
        /// number had been acknowledged; one above it may be a write that a power failure tore.
        public var durableBlockCount: UInt64 = 0

        public init() {}
    }

    /// What is wrong with 4096 bytes that should be a block, looked at alone.
    public enum Fault: UInt8, Sendable, CaseIterable {
        /// Nothing but zeros: preallocated and never written, or wiped.
        case blank
        /// The checksum is not that of the bytes.
        case checksum
        /// Whole, but not a block of a journal.
        case magic
        /// Whole, but of a format version this program does not know.
        case formatVersion
        /// Whole, but record count, payload length or unused space contradict each other.
        case layout
        /// Whole, but a record has an unknown kind, side or time in force, or a sequence out of line.
        case record
        /// Whole, but not the block that belongs here: number, epoch, chain or sequence is another.
        case misplaced
        /// The file ends inside the block.
        case cut
        /// The segment file is not there.
        case missing
    }

    /// Writes the header and the checksum of a block whose records are in place, and clears what they leave unused.
    /// - Parameter block: 4096 bytes.
    /// - Returns: the checksum, for the chain.
    static func seal(_ block: UnsafeMutableRawPointer, _ header: Header) -> UInt64 {
        let payload = header.recordCount &* recordByteCount
        let used = headerByteCount &+ payload
        (block + used).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount &- used)
        store(magic, block, Offset.magic)
        store(formatVersion, block, Offset.formatVersion)
        store(UInt16(truncatingIfNeeded: header.recordCount), block, Offset.recordCount)
        store(UInt32(truncatingIfNeeded: payload), block, Offset.payloadByteCount)
        store(header.blockNumber, block, Offset.blockNumber)
        store(header.firstSequence, block, Offset.firstSequence)
        store(header.epoch, block, Offset.epoch)
        store(header.previousChecksum, block, Offset.previousChecksum)
        store(header.durableBlockCount, block, Offset.durableBlockCount)
        store(UInt64(0), block, Offset.checksum)
        let checksum = cplatform_crc64(block, byteCount)
        store(checksum, block, Offset.checksum)
        return checksum
    }

    /// Checks one block alone and reads its header.
    ///
    /// The block is changed for the duration of the call (the checksum field is zeroed and put back).
    /// - Parameter block: 4096 bytes.
    /// - Returns: the first fault found, or nil and `header` and `checksum` filled.
    public static func inspect(
        _ block: UnsafeMutableRawPointer, header: inout Header, checksum: inout UInt64
    ) -> Fault? {
        let stored: UInt64 = load(block, Offset.checksum)
        store(UInt64(0), block, Offset.checksum)
        let computed = cplatform_crc64(block, byteCount)
        store(stored, block, Offset.checksum)
        guard computed == stored else { return isBlank(block) ? .blank : .checksum }
        guard load(block, Offset.magic) as UInt64 == magic else { return .magic }
        guard load(block, Offset.formatVersion) as UInt16 == formatVersion else { return .formatVersion }
        let count = Int(load(block, Offset.recordCount) as UInt16)
        let payload = Int(load(block, Offset.payloadByteCount) as UInt32)
        guard count <= recordCapacity, payload == count &* recordByteCount else { return .layout }
        let used = headerByteCount &+ payload
        guard isZero(block + used, byteCount &- used) else { return .layout }
        header.recordCount = count
        header.blockNumber = load(block, Offset.blockNumber)
        header.firstSequence = load(block, Offset.firstSequence)
        header.epoch = load(block, Offset.epoch)
        header.previousChecksum = load(block, Offset.previousChecksum)
        header.durableBlockCount = load(block, Offset.durableBlockCount)
        checksum = stored
        return nil
    }

    /// The format version a block carries, whatever its other contents.
    static func version(of block: UnsafeRawPointer) -> UInt16 {
        UInt16(littleEndian: block.loadUnaligned(fromByteOffset: Offset.formatVersion, as: UInt16.self))
    }

    static func isBlank(_ block: UnsafeRawPointer) -> Bool { isZero(block, byteCount) }

    /// - Parameter count: a multiple of 64.
    private static func isZero(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
        var offset = 0
        while offset < count {
            var all: UInt64 = 0
            for word in 0..<8 { all |= bytes.loadUnaligned(fromByteOffset: offset &+ word &* 8, as: UInt64.self) }
            if all != 0 { return false }
            offset &+= 64
        }
        return true
    }

    private static func store<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, _ block: UnsafeMutableRawPointer, _ offset: Int
    ) {
        block.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }

    private static func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ block: UnsafeMutableRawPointer, _ offset: Int
    ) -> Value {
        Value(littleEndian: block.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
