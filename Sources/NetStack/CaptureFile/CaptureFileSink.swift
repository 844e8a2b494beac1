import Glibc

/// Bytes on their way into a capture file or a pipe, collected to 64 KiB per write.
///
/// A dropped sink tries to write the rest and keeps silent; `flush()` before reports. One thread.
final class CaptureFileSink {
    /// `-` is standard output, which stays open.
    let path: String
    /// Bytes taken so far, written or not.
    private(set) var byteCount: UInt64 = 0
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawPointer
    private var used = 0

    private static var bufferBytes: Int { 65_536 }

    /// Creates the file or empties the one that is there.
    init(path: String) throws(CaptureFileError) {
        self.path = path
        descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(path: path, operation: "create the capture file", errno: errno) }
        buffer = .allocate(byteCount: Self.bufferBytes, alignment: 16)
    }

    deinit {
        _ = writeAll(buffer, used)
        if path != "-" { _ = Glibc.close(descriptor) }
        buffer.deallocate()
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(CaptureFileError) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        if used + bytes.count > Self.bufferBytes { try flush() }
        if bytes.count > Self.bufferBytes {
            try check(writeAll(base, bytes.count))
        } else {
            (buffer + used).copyMemory(from: base, byteCount: bytes.count)
            used += bytes.count
        }
        byteCount &+= UInt64(bytes.count)
    }

    /// Appends integers in the machine's byte order.
    func append(words: UInt32...) throws(CaptureFileError) {
        if used + words.count * 4 > Self.bufferBytes { try flush() }
        for word in words {
            (buffer + used).storeBytes(of: word, as: UInt32.self)
            used += 4
        }
        byteCount &+= UInt64(words.count * 4)
    }

    /// Appends the zeros that bring `count` bytes to a multiple of four.
    func pad(after count: Int) throws(CaptureFileError) {
        if used + 4 > Self.bufferBytes { try flush() }
        for _ in 0..<(4 - count & 3) & 3 {
            (buffer + used).storeBytes(of: 0, as: UInt8.self)
            used += 1
            byteCount &+= 1
        }
    }

    func flush() throws(CaptureFileError) {
        let count = used
        used = 0
        try check(writeAll(buffer, count))
    }

    private func check(_ code: Int32) throws(CaptureFileError) {
        guard code == 0 else { throw .system(path: path, operation: "write the capture file", errno: code) }
    }

    private func writeAll(_ bytes: UnsafeRawPointer, _ count: Int) -> Int32 {
        var done = 0
        while done < count {
            let written = write(descriptor, bytes + done, count - done)
            if written >= 0 {
                done += written
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
