import Foundation
import TestSupport
import Testing

/// A node in a network namespace of its own, with a journal of its own.
final class Node {
    let folder: TemporaryFolder
    let configuration: String
    let process: Running
    private let statisticsFile: String

    /// - Parameters:
    ///   - device: the one device, as the configuration names it.
    ///   - folder: where its files are; nil: one of its own.
    ///   - changes: what is different from the example configuration.
    ///   - arguments: further ones of `wissel run`.
    init(
        device: String = "tap:wissel0", in folder: TemporaryFolder? = nil, changes: [(String, String)] = [],
        arguments: [String] = []
    ) throws {
        self.folder = try folder ?? TemporaryFolder()
        let journal = self.folder.path + "/journal"
        try FileManager.default.createDirectory(atPath: journal, withIntermediateDirectories: true)
        configuration = try Program.configuration(
            in: self.folder, journal: journal, changes: [("device: tap:wissel0", "device: \(device)")] + changes)
        statisticsFile = self.folder.path + "/statistics.json"
        process = try Running(
            command: Program.path,
            ["run", "--isolated", "--quiet", "--json", statisticsFile, "--config", configuration] + arguments,
            folder: self.folder)
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

    /// What it had counted when it stopped.
    func statistics() throws -> NodeFigures {
        try JSONDecoder().decode(NodeFigures.self, from: Data(contentsOf: URL(fileURLWithPath: statisticsFile)))
    }
}

/// What `wissel run` reports at its end.
struct NodeFigures: Decodable {
    struct Port: Decodable {
        var isUp: Bool
        var linkLosses: Int
        var linkReturns: Int
        var restarts: Int
        var receivedPackets: Int
    }
    var ports: [Port]
    var commands: Int
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
