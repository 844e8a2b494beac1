import Foundation

/// A folder of its own, removed with everything in it at the end.
public final class TemporaryFolder {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("wissel-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("\(path) stays behind: \(error)") }
    }

    /// What a file says; nothing when there is none.
    public func text(_ name: String) -> String {
        do { return try String(contentsOfFile: path + "/" + name, encoding: .utf8) } catch { return "" }
    }

    /// Writes a file and returns its path.
    public func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
        return path + "/" + name
    }
}
