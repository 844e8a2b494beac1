import Glibc

/// Names of the files in a journal's directory: `wissel-00000000.journal`, `wissel-00000001.journal`, …, `wissel.lock`.
enum SegmentFile {
    static let lockName = "wissel.lock"
    static let prefix = "wissel-"
    static let suffix = ".journal"
    static let digits = 8
    static let maximumNumber = 99_999_999
    /// Bytes of a name with its terminating zero.
    static let nameByteCount = 24

    static func name(_ number: Int) -> String {
        let text = String(number)
        return prefix + String(repeating: "0", count: max(0, digits - text.count)) + text + suffix
    }

    /// The number in a segment's name; nil for other files.
    static func number(_ name: String) -> Int? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.utf8.count == nameByteCount - 1 else { return nil }
        let middle = name.utf8.dropFirst(prefix.utf8.count).prefix(digits)
        guard middle.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(String(decoding: middle, as: UTF8.self))
    }

    /// Writes the name as a C string, without allocating.
    /// - Parameter destination: `nameByteCount` bytes in which `prepareName` has left its frame.
    static func setNumber(_ number: Int, _ destination: UnsafeMutablePointer<CChar>) {
        var rest = number
        for position in stride(from: digits &- 1, through: 0, by: -1) {
            destination[7 &+ position] = CChar(truncatingIfNeeded: 48 &+ rest % 10)
            rest /= 10
        }
    }

    /// A buffer for `setNumber`, of `nameByteCount` bytes.
    static func makeName() -> UnsafeMutablePointer<CChar> {
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: nameByteCount)
        for (index, byte) in name(0).utf8CString.enumerated() { memory[index] = byte }
        return memory
    }

    /// Numbers of the segments in a directory, ascending.
    static func list(_ directory: String) throws(JournalError) -> [Int] {
        guard let stream = opendir(directory) else { throw .of("opening", directory, code: errno) }
        defer { closedir(stream) }
        var numbers: [Int] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = number(name) { numbers.append(number) }
        }
        if errno != 0 { throw .of("reading", directory, code: errno) }
        return numbers.sorted()
    }
}
