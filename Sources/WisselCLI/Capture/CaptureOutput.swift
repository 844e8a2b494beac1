import Foundation
import NetStack

/// Where a capture goes: one file, standard output, or a ring of files of which the newest are kept.
final class CaptureOutput {
    /// A ring: this many files of this many bytes each.
    struct Ring {
        var files: Int
        var bytes: UInt64
    }

    private(set) var paths: [String] = []
    private let path: String
    private let ring: Ring?
    private let interfaces: [CaptureInterface]
    private let comment: String
    private var writer: PcapngWriter
    private var number = 1

    init(path: String, ring: Ring?, interfaces: [CaptureInterface], comment: String) throws {
        self.path = path
        self.ring = ring
        self.interfaces = interfaces
        self.comment = comment
        let first = ring == nil ? path : Self.name(path, number: 1)
        writer = try Self.open(first, interfaces, comment)
        paths = [first]
    }

    func append(
        _ bytes: UnsafeRawBufferPointer, timestampNanoseconds: UInt64, originalLength: Int, interface: Int,
        direction: CaptureDirection
    ) throws {
        if let ring, writer.byteCount >= ring.bytes { try turn(ring) }
        try writer.append(
            bytes, timestampNanoseconds: timestampNanoseconds, originalLength: originalLength, interface: interface,
            direction: direction)
    }

    func append(_ statistics: [CaptureStatistics], startNanoseconds: UInt64, endNanoseconds: UInt64) throws {
        for (index, item) in statistics.enumerated() {
            try writer.append(
                item, interface: index, startNanoseconds: startNanoseconds, endNanoseconds: endNanoseconds)
        }
    }

    /// Writes what is buffered, so that whoever watches sees it.
    func flush() throws { try writer.flush() }

    private func turn(_ ring: Ring) throws {
        try writer.flush()
        number += 1
        let next = Self.name(path, number: number)
        writer = try Self.open(next, interfaces, comment)
        paths.append(next)
        while paths.count > ring.files { try FileManager.default.removeItem(atPath: paths.removeFirst()) }
    }

    private static func open(
        _ path: String, _ interfaces: [CaptureInterface], _ comment: String
    ) throws -> PcapngWriter {
        try PcapngWriter(
            path: path, interfaces: interfaces, application: "wissel \(Wissel.version)", comment: comment)
    }

    /// `f.pcapng` becomes `f_00001_20261121125959.pcapng`, as dumpcap and Wireshark name the files of a ring; time in UTC.
    private static func name(_ path: String, number: Int) -> String {
        let whole = path as NSString
        let suffix = whole.pathExtension
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let stamp = String(
            format: "%05d_%04d%02d%02d%02d%02d%02d", number, parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
            parts.tm_hour, parts.tm_min, parts.tm_sec)
        return "\(whole.deletingPathExtension)_\(stamp)" + (suffix.isEmpty ? "" : ".\(suffix)")
    }
}
