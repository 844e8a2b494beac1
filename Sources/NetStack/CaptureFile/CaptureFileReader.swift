/// One frame of a capture file.
public struct CaptureRecord {
    /// Time of capture, nanoseconds since the Unix epoch.
    public let timestampNanoseconds: UInt64
    /// Length of the frame on the wire, bytes; more than `bytes.count` when the capture's snap length cut it.
    public let originalLength: Int
    /// Index of the interface in the file's section; 0 in a pcap file.
    public let interface: Int
    /// Which way the frame went; nil when the file does not say.
    public let direction: CaptureDirection?
    /// The captured bytes from the Ethernet header on; valid until the reader's next call.
    public let bytes: UnsafeRawBufferPointer
}

/// Reads the Ethernet frames of a capture file one after the other: pcap in both byte orders with microseconds or
/// nanoseconds, and pcapng; plain or compressed with Zstandard, told by their first bytes and not by the name.
///
/// A reader allocates about 320 KiB when it is made (and the decompressor) and afterwards no more than the names of a
/// section's interfaces, cut to 256 bytes each: no length that a file says can change that. Set-up and tests only, one thread.
/// Source: draft-ietf-opsawg-pcap (pcap), draft-ietf-opsawg-pcapng.
public final class CaptureReader {
    /// Longest record that is accepted, bytes: tcpdump's largest snap length.
    public static var maximumRecordBytes: Int { 262_144 }

    /// Records read so far.
    public private(set) var records: UInt64 = 0
    /// Records among them that hold less than the whole frame because of the capture's snap length.
    public private(set) var cutRecords: UInt64 = 0

    /// The interfaces of the section that is being read, as far as it describes them; pcapng only.
    public var capturedInterfaces: [CaptureInterface] { interfaces.list.map(\.description) }
    /// What the section's statistics blocks read so far say, by interface; pcapng only.
    public internal(set) var statistics: [Int: CaptureStatistics] = [:]

    var source: CaptureFileSource
    /// The record's bytes; 8 bytes more for the length that closes a pcapng block.
    let buffer: UnsafeMutableRawPointer
    private var format = Format.pcapng
    /// The file's integers are in the other byte order than this machine's.
    var isSwapped = false
    var interfaces = PcapngInterfaces()

    private enum Format {
        case pcap(nanosecondsPerUnit: UInt64)
        case pcapng
    }

    /// Opens a capture file and checks its header.
    public init(path: String) throws(CaptureFileError) {
        source = try CaptureFileSource(path: path)
        buffer = .allocate(byteCount: Self.maximumRecordBytes + 8, alignment: 16)
        guard try source.read(into: buffer, count: 4) == 4 else { throw .truncated(path: path, at: 0) }
        let magic = buffer.loadUnaligned(as: UInt32.self)
        switch magic {
        case 0xA1B2_C3D4, 0xD4C3_B2A1:
            format = .pcap(nanosecondsPerUnit: 1000)
            isSwapped = magic == 0xD4C3_B2A1
        case 0xA1B2_3C4D, 0x4D3C_B2A1:
            format = .pcap(nanosecondsPerUnit: 1)
            isSwapped = magic == 0x4D3C_B2A1
        case 0x0A0D_0D0A: format = .pcapng
        default: throw .notACapture(path: path, magic: magic.bigEndian)
        }
        switch format {
        case .pcap:
            guard try source.read(into: buffer + 4, count: 20) == 20 else { throw .truncated(path: path, at: 0) }
            // The upper half carries the frame check sequence's length and flags.
            let linkType = word(at: 20) & 0xFFFF
            guard linkType == 1 else { throw .linkTypeNotEthernet(path: path, linkType: linkType) }
        case .pcapng: try readSectionHeader(at: 0)
        }
    }

    deinit { buffer.deallocate() }

    /// The next frame, or nil at the end of the file. After an error the reader is of no further use.
    public func next() throws(CaptureFileError) -> CaptureRecord? {
        let record: CaptureRecord?
        switch format {
        case .pcap(let nanosecondsPerUnit): record = try nextPcap(nanosecondsPerUnit)
        case .pcapng: record = try nextPcapng()
        }
        guard let record else { return nil }
        records &+= 1
        if record.bytes.count < record.originalLength { cutRecords &+= 1 }
        return record
    }

    private func nextPcap(_ nanosecondsPerUnit: UInt64) throws(CaptureFileError) -> CaptureRecord? {
        let start = source.position
        let headerBytes = try source.read(into: buffer, count: 16)
        if headerBytes == 0 { return nil }
        guard headerBytes == 16 else { throw .truncated(path: source.path, at: start) }
        let seconds = UInt64(word(at: 0))
        let fraction = UInt64(word(at: 4))
        let length = word(at: 8)
        let originalLength = word(at: 12)
        try readBody(length: length, recordStart: start)
        return CaptureRecord(
            timestampNanoseconds: seconds * 1_000_000_000 + fraction * nanosecondsPerUnit,
            originalLength: Int(originalLength), interface: 0, direction: nil,
            bytes: UnsafeRawBufferPointer(start: buffer, count: Int(length)))
    }

    /// Reads `length` bytes to the buffer's start, refusing lengths over the limit.
    func readBody(length: UInt32, recordStart: UInt64) throws(CaptureFileError) {
        guard length <= UInt32(Self.maximumRecordBytes) else {
            throw .lengthOutOfRange(
                path: source.path, at: recordStart, length: UInt64(length), limit: UInt64(Self.maximumRecordBytes))
        }
        guard try source.read(into: buffer, count: Int(length)) == Int(length) else {
            throw .truncated(path: source.path, at: recordStart)
        }
    }

    /// The 32-bit integer at byte `offset` of the buffer, in the file's byte order.
    func word(at offset: Int) -> UInt32 {
        let raw = buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return isSwapped ? raw.byteSwapped : raw
    }
}
