import Glibc

/// The text of a small file of /proc or /sys, or nil when it cannot be read. At most 1 MiB is read.
public func textFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < 1 << 20 {
        let length = read(descriptor, &chunk, chunk.count)
        if length < 0 && errno == EINTR { continue }
        guard length > 0 else { break }
        bytes.append(contentsOf: chunk[..<length])
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// The names in a directory, sorted, without "." and ".."; empty when it cannot be read.
public func directoryNames(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// The last name in what the symbolic link at `path` points to; nil when it is none.
public func linkName(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &buffer, buffer.count - 1)
    guard count > 0 else { return nil }
    let target = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return target.split(separator: "/").last.map(String.init)
}

/// The C library's words for an errno value.
public func errorText(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

/// CPU numbers the way taskset and the kernel write them: `0-3,8`.
public func cpuList(_ cpus: [Int]) -> String {
    var parts: [String] = []
    var rest = cpus.sorted()[...]
    while let first = rest.popFirst() {
        var last = first
        while rest.first == last + 1 { last = rest.removeFirst() }
        parts.append(first == last ? "\(first)" : "\(first)-\(last)")
    }
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
}
