/// Writes Ethernet frames to a pcapng file: nanosecond stamps, named interfaces, the direction of each frame, and what
/// was counted, so that Wireshark shows all of it.
///
/// Buffers 64 KiB; `flush()` writes what there is. One thread. Source: draft-ietf-opsawg-pcapng.
public final class PcapngWriter {
    private let sink: CaptureFileSink

    /// Creates the file or empties the one that is there; `-` is standard output.
    /// - Parameters:
    ///   - application: who wrote the file.
    ///   - comment: a remark for its reader; empty: none.
    public init(
        path: String, interfaces: [CaptureInterface], application: String, comment: String = ""
    ) throws(CaptureFileError) {
        sink = try CaptureFileSink(path: path)
        var section = PcapngOptions()
        section.add(1, text: comment)
        section.add(4, text: application)
        section.end()
        // Section header: byte-order magic, version 1.0, length unknown.
        try appendBlock(0x0A0D_0D0A, fixed: [0x1A2B_3C4D, 1, .max, .max], section)
        for interface in interfaces { try append(interface) }
    }

    /// Bytes of the file so far, what is still in the buffer included.
    public var byteCount: UInt64 { sink.byteCount }

    private func append(_ interface: CaptureInterface) throws(CaptureFileError) {
        var options = PcapngOptions()
        options.add(2, text: interface.name)
        options.add(3, text: interface.description)
        if interface.address != 0 {
            options.add(4, octets(interface.address, 4) + octets(interface.netmask, 4))
        }
        if interface.macAddress != 0 { options.add(6, octets(interface.macAddress, 6)) }
        if interface.bitsPerSecond != 0 { options.add(8, number: interface.bitsPerSecond) }
        // if_tsresol: stamps count nanoseconds, 10⁻⁹ s.
        options.add(9, [9])
        // if_filter: 0 says that text in libpcap's language follows.
        if !interface.filter.isEmpty { options.add(11, [0] + Array(interface.filter.utf8)) }
        options.end()
        // Link type 1 is Ethernet.
        try appendBlock(1, fixed: [1, interface.snapLength], options)
    }

    /// Appends one frame as an enhanced packet block.
    /// - Parameters:
    ///   - bytes: the frame from the Ethernet header on, at most `CaptureReader.maximumRecordBytes` less 64.
    ///   - interface: index into the interfaces given at the start.
    public func append(
        _ bytes: UnsafeRawBufferPointer, timestampNanoseconds: UInt64, originalLength: Int, interface: Int,
        direction: CaptureDirection
    ) throws(CaptureFileError) {
        let total = UInt32(44 + (bytes.count + 3) / 4 * 4)
        try sink.append(
            words: 6, total, UInt32(interface), UInt32(truncatingIfNeeded: timestampNanoseconds >> 32),
            UInt32(truncatingIfNeeded: timestampNanoseconds), UInt32(bytes.count), UInt32(clamping: originalLength))
        try sink.append(bytes)
        try sink.pad(after: bytes.count)
        // epb_flags (2), four bytes; end of options; the length again.
        try sink.append(words: 4 << 16 | 2, direction.rawValue, 0, total)
    }

    /// Appends an interface statistics block.
    public func append(
        _ statistics: CaptureStatistics, interface: Int, startNanoseconds: UInt64, endNanoseconds: UInt64
    ) throws(CaptureFileError) {
        var options = PcapngOptions()
        options.add(2, time: startNanoseconds)
        options.add(3, time: endNanoseconds)
        options.add(4, number: statistics.received)
        options.add(5, number: statistics.interfaceDropped)
        options.add(6, number: statistics.filterAccepted)
        options.add(7, number: statistics.captureDropped)
        options.add(8, number: statistics.delivered)
        options.end()
        let time = (UInt32(truncatingIfNeeded: endNanoseconds >> 32), UInt32(truncatingIfNeeded: endNanoseconds))
        try appendBlock(5, fixed: [UInt32(interface), time.0, time.1], options)
    }

    /// Writes everything out; a writer that is dropped without it tries and keeps silent.
    public func flush() throws(CaptureFileError) { try sink.flush() }

    private func appendBlock(
        _ type: UInt32, fixed: [UInt32], _ options: PcapngOptions
    ) throws(CaptureFileError) {
        let total = UInt32(12 + fixed.count * 4 + options.bytes.count)
        try sink.append(words: type, total)
        for word in fixed { try sink.append(words: word) }
        try append(options)
        try sink.append(words: total)
    }

    private func append(_ options: PcapngOptions) throws(CaptureFileError) {
        var failure: CaptureFileError?
        options.bytes.withUnsafeBytes { bytes in
            do throws(CaptureFileError) { try sink.append(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// The lowest `count` octets, highest first, as addresses are written.
    private func octets(_ value: some FixedWidthInteger, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }
}

/// The options of a block: code, length, value, padded to four bytes.
private struct PcapngOptions {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ code: UInt16, _ value: [UInt8]) {
        let value = value.prefix(Int(UInt16.max))
        append(code)
        append(UInt16(value.count))
        bytes += value
        while bytes.count & 3 != 0 { bytes.append(0) }
    }

    mutating func add(_ code: UInt16, text: String) { if !text.isEmpty { add(code, Array(text.utf8)) } }

    mutating func add(_ code: UInt16, number: UInt64) { withUnsafeBytes(of: number) { add(code, Array($0)) } }

    /// A time is its upper half, then its lower.
    mutating func add(_ code: UInt16, time: UInt64) { add(code, number: time << 32 | time >> 32) }

    mutating func end() {
        append(0)
        append(0)
    }

    private mutating func append(_ value: UInt16) { withUnsafeBytes(of: value) { bytes += $0 } }
}
