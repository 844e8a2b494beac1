import CPlatform
import Glibc

/// The bytes of a capture file in order, decompressed on the way when the file starts with a Zstandard frame.
///
/// Holds 64 KiB of file and, for compressed files, the decompressor with a window of at most 8 MiB; nothing grows.
final class CaptureFileSource {
    let path: String
    /// Uncompressed bytes handed out so far.
    private(set) var position: UInt64 = 0
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawPointer
    private var start = 0
    private var end = 0
    private var stream: OpaquePointer?
    private var isInFrame: Int32 = 0

    private static var bufferBytes: Int { 65_536 }

    /// Opens the file and looks at its first four bytes.
    init(path: String) throws(CaptureFileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, operation: "open the capture file", errno: errno) }
        buffer = .allocate(byteCount: Self.bufferBytes, alignment: 16)
        while end < 4 {
            guard try refill() else { break }
        }
        if end >= 4 && buffer.loadUnaligned(as: UInt32.self).littleEndian == CPLATFORM_ZSTD_MAGIC {
            stream = cplatform_zstd_create()
            guard stream != nil else {
                throw .system(path: path, operation: "allocate the zstd decompressor", errno: ENOMEM)
            }
        }
    }

    deinit {
        cplatform_zstd_free(stream)
        buffer.deallocate()
        close(descriptor)
    }

    /// Reads exactly `count` bytes unless the file ends before; returns how many were read.
    func read(into destination: UnsafeMutableRawPointer, count: Int) throws(CaptureFileError) -> Int {
        var done = 0
        while done < count {
            let produced =
                stream == nil
                ? try readPlain(into: destination + done, count: count - done)
                : try readCompressed(into: destination + done, count: count - done)
            guard produced > 0 else { break }
            done += produced
        }
        position &+= UInt64(done)
        return done
    }

    private func readPlain(
        into destination: UnsafeMutableRawPointer, count: Int
    ) throws(CaptureFileError) -> Int {
        if start == end {
            guard try refill() else { return 0 }
        }
        let taken = min(count, end - start)
        destination.copyMemory(from: buffer + start, byteCount: taken)
        start += taken
        return taken
    }

    private func readCompressed(
        into destination: UnsafeMutableRawPointer, count: Int
    ) throws(CaptureFileError) -> Int {
        while true {
            var fileEnded = false
            if start == end { fileEnded = try !refill() }
            if fileEnded && isInFrame == 0 { return 0 }
            var consumed = 0
            var produced = 0
            let damage = cplatform_zstd_decompress(
                stream, buffer + start, end - start, &consumed, destination, count, &produced, &isInFrame)
            if let damage {
                throw .compressionDamaged(path: path, at: position, reason: String(cString: damage))
            }
            start += consumed
            if produced > 0 { return produced }
            if fileEnded { throw .compressionDamaged(path: path, at: position, reason: "the file ends inside a frame") }
        }
    }

    /// Appends file bytes behind `end`, from the buffer's start when all were used; false at the end of the file.
    private func refill() throws(CaptureFileError) -> Bool {
        if start == end {
            start = 0
            end = 0
        }
        while true {
            let count = Glibc.read(descriptor, buffer + end, Self.bufferBytes - end)
            if count > 0 {
                end += count
                return true
            }
            if count == 0 { return false }
            if errno != EINTR { throw .system(path: path, operation: "read the capture file", errno: errno) }
        }
    }
}
