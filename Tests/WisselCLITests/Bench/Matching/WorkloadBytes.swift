import Foundation

/// Workload files for tests.
enum WorkloadBytes {
    struct Record {
        var kind: UInt8
        var side: UInt8 = 0
        var ioc: UInt8 = 0
        var quantity: UInt32 = 0
        var order: UInt64
        var price: Int64 = 0
    }

    /// A whole file; sequence numbers count from nought.
    static func file(_ records: [Record]) -> Data {
        var data = Data()
        append(0x4D45_4257_5F30_3031 as UInt64, to: &data)
        append(1 as UInt32, to: &data)
        append(UInt32(records.count), to: &data)
        for (index, record) in records.enumerated() {
            data += [record.kind, record.side, record.ioc, 0]
            append(record.quantity, to: &data)
            append(UInt64(index), to: &data)
            append(record.order, to: &data)
            append(record.price, to: &data)
            append(0 as Int64, to: &data)
        }
        return data
    }

    /// Orders that come and go, a third of them modified between.
    static func flow(orders: Int) -> Data {
        file(
            (0..<orders).flatMap { number -> [Record] in
                let order = UInt64(number + 1)
                let modify = Record(kind: 2, quantity: 11, order: order, price: 101)
                return [Record(kind: 0, quantity: 10, order: order, price: 100)]
                    + (number.isMultiple(of: 3) ? [modify] : []) + [Record(kind: 1, order: order)]
            })
    }

    private static func append(_ value: some FixedWidthInteger, to data: inout Data) {
        withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }
}
