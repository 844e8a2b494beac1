import Foundation
import Testing

/// A node in a network namespace of its own, with a journal of its own.
final class Node {
    let folder: TemporaryFolder
    let configuration: String
    let process: Running

    /// - Parameters:
    ///   - arguments: further ones of `wissel run`.
    ///   - change: what is different from the example configuration.
    init(arguments: [String] = [], change: (String) -> String = { $0 }) throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/journal", withIntermediateDirectories: true)
        let example = try Program.run("run", "--print-config").output
            .replacingOccurrences(of: "directory: wissel-journal", with: "directory: \(folder.path)/journal")
        configuration = try folder.write(change(example), to: "node.yaml")
        process = try Running(
            command: Program.path,
            ["run", "--isolated", "--quiet", "--config", configuration] + arguments, folder: folder)
    }

    /// Runs a command inside the node's namespace.
    func inside(_ command: String...) throws -> Program.Result {
        try Program.run(
            command: "/usr/bin/nsenter", ["--target", "\(process.processID)", "--net"] + command)
    }

    /// Runs the load client; its report.
    func load(_ arguments: String...) throws -> (result: Program.Result, report: LoadFigures) {
        let result = try Program.run(
            command: "/usr/bin/nsenter",
            [
                "--target", "\(process.processID)", "--net", Program.path, "load", "--key",
                "6d1f0c52a9e84b7d6d1f0c52a9e84b7d", "--local", "198.18.0.1", "--json", "-",
            ] + arguments)
        guard let data = result.output.data(using: .utf8) else { throw CocoaError(.fileReadUnknown) }
        return (result, try JSONDecoder().decode(LoadFigures.self, from: data))
    }

    /// Stops the node as an operator does; the state hash it printed.
    func stop() throws -> String {
        process.terminate()
        #expect(process.wait(limitSeconds: 20) == 0, "\(process.error)")
        let line = try #require(process.output.split(separator: "\n").last { $0.hasPrefix("state ") })
        return String(line.split(separator: " ")[1])
    }
}

/// What the load client reports.
struct LoadFigures: Decodable {
    struct Answers: Decodable {
        var acknowledged: Int
        var trades: Int
    }
    struct Link: Decodable {
        var resends: Int
        var retransmitRequests: Int
    }
    var answers: Answers
    var link: Link
    var bookHash: String
    var streamHash: String
    var violationCount: Int
}
