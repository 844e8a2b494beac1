/// Writes Ethernet frames to a pcap file with nanosecond stamps, as Wireshark and tcpdump read it.
///
/// Buffers 64 KiB; `close()` writes the rest and reports a failure of that, a dropped writer tries and keeps silent.
/// Set-up and tests only, one thread. Source: draft-ietf-opsawg-pcap.
public struct CaptureWriter: ~Copyable {
    private let sink: CaptureFileSink

    /// Creates the file or empties the one that is there.
    public init(path: String) throws(CaptureFileError) {
        let sink = try CaptureFileSink(path: path)
        try sink.append(words: 0xA1B2_3C4D, 4 << 16 | 2, 0, 0, UInt32(CaptureReader.maximumRecordBytes), 1)
        self.sink = sink
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
        try sink.append(
            words: UInt32(truncatingIfNeeded: timestampNanoseconds / 1_000_000_000),
            UInt32(timestampNanoseconds % 1_000_000_000), UInt32(length),
            UInt32(clamping: originalLength ?? bytes.count))
        try sink.append(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
    }

    /// Writes everything out and ends the file.
    public consuming func close() throws(CaptureFileError) { try sink.flush() }
}
