import Glibc

/// A file that is only in memory, for parsers that read files.
final class MemoryFile {
    private let descriptor: Int32

    init() {
        let name = "/wissel-fuzz-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        if descriptor < 0 { Fuzz.stop("no file in memory: errno \(errno)") }
        shm_unlink(name)
    }

    deinit { close(descriptor) }

    var path: String { "/proc/self/fd/\(descriptor)" }

    func write(_ bytes: [UInt8]) {
        let isWritten =
            ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
        if !isWritten { Fuzz.stop("the file in memory was not written: errno \(errno)") }
    }

    func read() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }
}
