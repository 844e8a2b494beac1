/// Why a workload cannot be replayed, and what to do about it.
package struct WorkloadFileError: Error, CustomStringConvertible {
    package enum Fault: Error, Equatable {
        case unreadable(String)
        case empty
        case noHeader(bytes: Int)
        case mark(UInt64)
        case version(UInt32)
        case records(Int)
        case length(records: Int, expected: Int, bytes: Int)
        case record(Int)
    }

    package var path: String
    package var fault: Fault

    package var description: String { "\(path): \(reason); \(remedy)" }

    private var reason: String {
        switch fault {
        case .unreadable(let cause): "cannot be read: \(cause)"
        case .empty: "the file is empty"
        case .noHeader(let bytes): "\(bytes) bytes are less than the header's \(WorkloadFile.headerBytes)"
        case .mark(let found):
            "begins with 0x\(String(found, radix: 16)), not with the mark of a workload, "
                + "0x\(String(WorkloadFile.mark, radix: 16))"
        case .version(let version): "has version \(version), and version \(WorkloadFile.version) is read"
        case .records(let count): "says it has \(count) records; 1 to \(WorkloadFile.recordLimit) can be read"
        case .length(let records, let expected, let bytes):
            "\(records) records take \(expected) bytes, and the file has \(bytes)"
        case .record(let index): "record \(index) has a type, side or immediate-or-cancel that does not exist"
        }
    }

    private var remedy: String {
        switch fault {
        case .unreadable: "give the path of a workload file"
        case .version: "the benchmark has changed: take the generator of a version that writes this one"
        default: "write it again with the benchmark's generator ('./generator normal normal.bin')"
        }
    }
}
