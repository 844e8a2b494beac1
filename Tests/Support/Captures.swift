import Foundation
import NetStack

/// The real captures that lie beside the repository. Where they are missing the tests that need them are skipped and say
/// so; in continuous integration (`CI` set) nothing may be skipped, so there they fail.
public enum Captures {
    public static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/captures").path

    public static let deep = directory + "/iex/deep-v1.0.pcap.zst"
    public static let tops = directory + "/iex/tops-v1.6.pcap.zst"

    public static var areWanted: Bool {
        FileManager.default.fileExists(atPath: deep) || ProcessInfo.processInfo.environment["CI"] != nil
    }

    /// Calls `body` with the UDP payload of every frame that has one.
    /// - Returns: frames in the file.
    @discardableResult public static func forEachPayload(
        _ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> UInt64 {
        let reader = try CaptureReader(path: path)
        while let record = try reader.next() {
            guard let base = record.bytes.baseAddress,
                let range = UDPPayload.range(inFrame: base, length: record.bytes.count)
            else { continue }
            try body(UnsafeRawBufferPointer(rebasing: record.bytes[range]))
        }
        return reader.records
    }
}
