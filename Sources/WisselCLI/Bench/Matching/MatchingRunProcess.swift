import Foundation

/// Starts `MatchingRunCommand` and waits for what it says.
struct MatchingRunProcess {
    /// An engine slower than this is not measured.
    static let limitSeconds = 300.0

    let cpu: Int

    /// - Throws: what the process said last when it failed, or the signal that ended it.
    func run(_ engine: YardstickCandidate, _ replay: String, summing: Bool = false) throws -> MatchingRunFigures {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments =
            ["bench", "matching-run", "--replay", replay, "--engine", engine.path, "--cpu", "\(cpu)"]
            + (summing ? ["--summing"] : [])
        process.standardOutput = output
        process.standardError = errors
        // Figures and messages are far below what a pipe holds: nobody waits for a reader.
        try process.run()
        let limit = Date(timeIntervalSinceNow: Self.limitSeconds)
        while process.isRunning {
            if Date() > limit {
                kill(process.processIdentifier, SIGKILL)
                throw YardstickError("\(engine.name), \(replay): no end within \(Int(Self.limitSeconds)) s")
            }
            usleep(5_000)
        }
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        guard process.terminationReason == .exit else {
            throw YardstickError("\(engine.name), \(replay): the engine fell, signal \(process.terminationStatus)")
        }
        // An engine may print: the figures are the last line.
        guard process.terminationStatus == 0, let line = said.split(separator: UInt8(ascii: "\n")).last else {
            let cause = message.split(separator: "\n").last.map(String.init) ?? "status \(process.terminationStatus)"
            throw YardstickError("\(engine.name): " + (cause.hasPrefix("error: ") ? String(cause.dropFirst(7)) : cause))
        }
        return try JSONDecoder().decode(MatchingRunFigures.self, from: Data(line))
    }
}

/// An engine to be measured, under the name its figures get.
struct YardstickCandidate: Equatable, Sendable {
    var name: String
    /// The shared object, or `YardstickEngine.noop`.
    var path: String

    static let noop = YardstickCandidate(name: YardstickEngine.noop, path: YardstickEngine.noop)

    /// `NAME=PATH`; nil when it is not.
    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] != YardstickEngine.noop else { return nil }
        self.init(name: parts[0], path: parts[1])
    }

    init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}
