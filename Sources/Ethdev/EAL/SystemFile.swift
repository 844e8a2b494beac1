import Glibc

/// The questions to the kernel that precede opening a device.
enum SystemFile {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isWritableDirectory(_ path: String) -> Bool { access(path, W_OK | X_OK) == 0 }

    /// Name the symbolic link at `path` ends in; nil when it is none.
    static func linkName(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let target = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return target.split(separator: "/").last.map(String.init)
    }
}
