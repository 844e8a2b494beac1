import Orders

/// Which raw bytes are a kind, a side, a time in force: a table, because a record from a file must not become a Swift
/// enumeration before its byte is known to be a case.
struct RecordValidity {
    private let table: InlineArray<256, UInt8>

    init() {
        var table = InlineArray<256, UInt8>(repeating: 0)
        for kind in CommandKind.allCases { table[Int(kind.rawValue)] |= 1 }
        for side in Side.allCases { table[Int(side.rawValue)] |= 2 }
        for time in TimeInForce.allCases { table[Int(time.rawValue)] |= 4 }
        self.table = table
    }

    /// Whether all records have known enumerations and consecutive sequences.
    func holds(_ records: UnsafeRawPointer, count: Int, firstSequence: UInt64) -> Bool {
        var common: UInt8 = 7
        var gaps: UInt64 = 0
        var sequence = firstSequence
        var record = records
        for _ in 0..<count {
            gaps |= record.loadUnaligned(as: UInt64.self) ^ sequence
            let kind = table[Int(record.load(fromByteOffset: 60, as: UInt8.self))] | 6
            let side = table[Int(record.load(fromByteOffset: 61, as: UInt8.self))] | 5
            let time = table[Int(record.load(fromByteOffset: 62, as: UInt8.self))] | 3
            common &= kind & side & time
            sequence &+= 1
            record += JournalBlock.recordByteCount
        }
        return common == 7 && gaps == 0
    }
}
