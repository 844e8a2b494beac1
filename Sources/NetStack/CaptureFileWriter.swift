import Glibc

/// Writes Ethernet frames to a pcap file with nanosecond stamps, as Wireshark and tcpdump read it.
///
/// Buffers 64 KiB; `close()` writes the rest and reports a failure of that, a dropped writer tries and keeps silent.
/// Set-up and tests only, one thread. Source: draft-ietf-opsawg-pcap.
public struct CaptureWriter: ~Copyable {
    public let path: String
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawPointer
    private var used = 0

    private static var bufferBytes: Int { 65_536 }

    /// Creates the file or empties the one that is there.
    public init(path: String) throws(CaptureFileError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(path: path, operation: "create the capture file", errno: errno) }
        buffer = .allocate(byteCount: Self.bufferBytes, alignment: 16)
        appendWords(0xA1B2_3C4D, 4 << 16 | 2, 0, 0)
        appendWords(UInt32(CaptureReader.maximumRecordBytes), 1)
    }

    deinit {
        _ = writeAll(buffer, used)
        _ = Glibc.close(descriptor)
        buffer.deallocate()
    }

    /// Appends one frame.
    /// - Parameters:
    ///   - bytes: the frame from the Ethernet header on, at most `CaptureReader.maximumRecordBytes`; longer ones are cut.
    ///   - timestampNanoseconds: since the Unix epoch, before the year 2106.
    ///   - originalLength: the length on the wire when `bytes` is only a part.
    public mutating func append(
        _ bytes: UnsafeRawBufferPointer, timestampNanoseconds: UInt64, originalLength: Int? = nil
    ) throws(CaptureFileError) {
        let length = min(bytes.count, CaptureReader.maximumRecordBytes)
        if used + 16 > Self.bufferBytes { try flush() }
        appendWords(
            UInt32(truncatingIfNeeded: timestampNanoseconds / 1_000_000_000),
            UInt32(timestampNanoseconds % 1_000_000_000), UInt32(length),
            UInt32(clamping: originalLength ?? bytes.count))
        guard length > 0, let base = bytes.baseAddress else { return }
        if used + length > Self.bufferBytes { try flush() }
        if length > Self.bufferBytes {
            try check(writeAll(base, length))
        } else {
            (buffer + used).copyMemory(from: base, byteCount: length)
            used += length
        }
    }

    /// Writes everything out and ends the file.
    public consuming func close() throws(CaptureFileError) { try flush() }

    private mutating func flush() throws(CaptureFileError) {
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

    private mutating func appendWords(_ words: UInt32...) {
        for word in words {
            (buffer + used).storeBytes(of: word, as: UInt32.self)
            used += 4
        }
    }
}
