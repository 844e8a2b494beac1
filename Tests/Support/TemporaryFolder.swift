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

    /// Writes a file and the folders above it.
    public func write(_ text: String, under name: String) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}
