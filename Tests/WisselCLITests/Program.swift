import Foundation
import TestSupport
import Testing

/// The program under test, as its user runs it: the binary of this build, in processes of its own.
enum Program {
    /// `wissel` lies beside the test bundle.
    static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("wissel").path

    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// TAP devices and network namespaces take root and /dev/net/tun. In continuous integration they must be there.
    static var canUseTAP: Bool {
        (geteuid() == 0 && FileManager.default.fileExists(atPath: "/dev/net/tun"))
            || ProcessInfo.processInfo.environment["CI"] != nil
    }

    struct Result {
        var status: Int32
        var output: String
        var error: String
    }

    /// Runs `wissel` to its end.
    static func run(_ arguments: String..., limitSeconds: Int = 60) throws -> Result {
        try run(command: path, arguments, limitSeconds: limitSeconds)
    }

    /// Runs a command to its end, or kills it after `limitSeconds` (status 137).
    static func run(command: String, _ arguments: [String], limitSeconds: Int = 60) throws -> Result {
        let folder = try TemporaryFolder()
        let running = try Running(command: command, arguments, folder: folder)
        let status = running.wait(limitSeconds: limitSeconds)
        return Result(status: status, output: running.output, error: running.error)
    }

    /// Writes the example configuration, with changes, into a folder.
    /// - Parameters:
    ///   - journal: the journal's directory; nil: the folder itself.
    ///   - changes: what stands in the example, and what shall stand there instead.
    /// - Returns: the file's path.
    static func configuration(
        in folder: TemporaryFolder, journal: String? = nil, changes: [(String, String)] = []
    ) throws -> String {
        var text = try run("run", "--print-config").output
        for (old, new) in [("directory: wissel-journal", "directory: \(journal ?? folder.path)")] + changes {
            #expect(text.contains(old), "the example has no '\(old)'")
            text = text.replacingOccurrences(of: old, with: new)
        }
        return try folder.write(text, to: "node.yaml")
    }
}

/// A process that goes on beside the test.
final class Running {
    private let process = Process()
    private let folder: TemporaryFolder

    init(command: String, _ arguments: [String], folder: TemporaryFolder) throws {
        self.folder = folder
        process.executableURL = URL(fileURLWithPath: command)
        process.arguments = arguments
        // Files, not pipes: nobody has to read while the process writes.
        for name in ["out", "err"] { _ = try folder.write("", to: name) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/out"))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/err"))
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var processID: Int32 { process.processIdentifier }
    var output: String { folder.text("out") }
    var error: String { folder.text("err") }

    func terminate() { process.terminate() }

    /// Waits until the output holds `text`; false when the process ends or `limitSeconds` pass before.
    func waits(for text: String, limitSeconds: Int = 30) -> Bool {
        for _ in 0..<limitSeconds * 50 {
            if output.contains(text) { return true }
            if !process.isRunning { return output.contains(text) }
            usleep(20_000)
        }
        return false
    }

    /// The same for standard error.
    func waitsForError(_ text: String, limitSeconds: Int = 30) -> Bool {
        for _ in 0..<limitSeconds * 50 {
            if error.contains(text) { return true }
            if !process.isRunning { return error.contains(text) }
            usleep(20_000)
        }
        return false
    }

    func wait(limitSeconds: Int) -> Int32 {
        for _ in 0..<limitSeconds * 100 where process.isRunning { usleep(10_000) }
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            return 137
        }
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }
}
