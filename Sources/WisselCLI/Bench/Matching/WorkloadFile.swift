import Foundation

/// A workload of the public matching-engine-benchmark, as its generator writes it: what one engine is given, in order.
///
/// All numbers are little-endian. A header of 16 bytes: the mark, the version (4), the number of records (4). A record of
/// 40 bytes: type, side, immediate-or-cancel, unused, quantity (4), sequence number (8), order id (8), price in ticks (8),
/// unused (8).
package enum WorkloadFile {
    package static let mark: UInt64 = 0x4D45_4257_5F30_3031
    package static let version: UInt32 = 1
    static let headerBytes = 16
    static let recordBytes = 40
    /// More than any workload has, less than would take the memory of a machine.
    package static let recordLimit = 100_000_000

    /// Reads a whole file into messages that are ready to be delivered.
    package static func read(_ path: String) throws(WorkloadFileError) -> PreparedMessages {
        let file: Data
        do {
            file = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw WorkloadFileError(path: path, fault: .unreadable((error as NSError).localizedDescription))
        }
        do {
            return try file.withUnsafeBytes { try messages($0) }
        } catch let fault as WorkloadFileError.Fault {
            throw WorkloadFileError(path: path, fault: fault)
        } catch {
            throw WorkloadFileError(path: path, fault: .unreadable("\(error)"))
        }
    }

    /// The messages of a file's bytes.
    static func messages(_ bytes: UnsafeRawBufferPointer) throws -> PreparedMessages {
        guard !bytes.isEmpty else { throw WorkloadFileError.Fault.empty }
        guard bytes.count >= headerBytes else { throw WorkloadFileError.Fault.noHeader(bytes: bytes.count) }
        let found = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        guard found == mark else { throw WorkloadFileError.Fault.mark(found) }
        let itsVersion = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        guard itsVersion == version else { throw WorkloadFileError.Fault.version(itsVersion) }
        let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self)))
        guard (1...recordLimit).contains(count) else { throw WorkloadFileError.Fault.records(count) }
        let expected = headerBytes + count * recordBytes
        guard bytes.count == expected else {
            throw WorkloadFileError.Fault.length(records: count, expected: expected, bytes: bytes.count)
        }
        let messages = PreparedMessages(count: count)
        for index in 0..<count {
            let start = headerBytes + index * recordBytes
            let record = WorkloadRecord(UnsafeRawBufferPointer(rebasing: bytes[start..<start + recordBytes]))
            guard let record else { throw WorkloadFileError.Fault.record(index) }
            messages.set(index, record)
        }
        return messages
    }

    /// The scenario a file is named after: `normal` of `orders_normal_s23_n1000000.bin` and of `normal.bin`.
    package static func scenario(of path: String) -> String {
        var name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        if let match = name.wholeMatch(of: /orders_(.+)_s\d+_n\d+/) { name = String(match.1) }
        return name
    }
}

/// One message of a workload.
struct WorkloadRecord: Equatable {
    enum Kind: UInt8 {
        case new, cancel, modify
    }

    var kind: Kind
    var isSell: Bool
    var isImmediate: Bool
    var quantity: UInt32
    var sequence: UInt64
    var orderID: UInt64
    var price: Int64

    /// Nil when a field has a value that means nothing.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let kind = Kind(rawValue: bytes[0]), bytes[1] <= 1, bytes[2] <= 1 else { return nil }
        self.kind = kind
        isSell = bytes[1] == 1
        isImmediate = bytes[2] == 1
        quantity = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        sequence = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        orderID = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        price = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 24, as: Int64.self))
    }
}
