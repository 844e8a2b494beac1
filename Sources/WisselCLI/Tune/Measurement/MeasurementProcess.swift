import Foundation

/// A process of our own that measures one plan: see `MeasureCommand`.
struct MeasurementProcess {
    /// Why there are no figures.
    enum Failure: Error, Equatable, CustomStringConvertible {
        case interrupted
        case failed(reason: String)

        var description: String {
            switch self {
            case .interrupted: "interrupted"
            case .failed(let reason): reason
            }
        }
    }

    /// What starting, settling and ending may take beside the two phases, seconds.
    private static let patienceSeconds = 60.0

    /// Runs it to its end, or until `isInterrupted`, which is asked every few milliseconds.
    static func measure(
        _ request: MeasurementRequest, isInterrupted: () -> Bool
    ) throws(Failure) -> MeasurementFigures {
        do {
            return try run(request, isInterrupted: isInterrupted)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .failed(reason: "\(error)")
        }
    }

    private static func run(_ request: MeasurementRequest, isInterrupted: () -> Bool) throws -> MeasurementFigures {
        let process = Process()
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = ["tune", "measure"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        // The request is far below what a pipe holds, and so are figures and messages: nobody waits for a reader.
        try process.run()
        let line = try JSONEncoder().encode(request) + Data("\n".utf8)
        do {
            try input.fileHandleForWriting.write(contentsOf: line)
        } catch {
            process.waitUntilExit()
        }
        let limit = Date(timeIntervalSinceNow: 3 * request.conditions.phaseSeconds + patienceSeconds)
        while process.isRunning {
            if isInterrupted() {
                end(process, input)
                throw Failure.interrupted
            }
            if Date() > limit {
                end(process, input)
                throw Failure.failed(
                    reason: "no figures within \(Int(patienceSeconds)) s: the plan leaves some stage no CPU")
            }
            usleep(5_000)
        }
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            // Ctrl-C may end it a moment before the parent knows.
            if isInterrupted() { throw Failure.interrupted }
            let cause = message.split(separator: "\n").last.map(String.init) ?? "status \(process.terminationStatus)"
            throw Failure.failed(reason: cause.hasPrefix("error: ") ? String(cause.dropFirst(7)) : cause)
        }
        guard let last = said.split(separator: UInt8(ascii: "\n")).last else {
            throw Failure.failed(reason: "the measuring process said nothing")
        }
        return try JSONDecoder().decode(MeasurementFigures.self, from: Data(last))
    }

    /// It ends when its input does; a moment later it is made to.
    private static func end(_ process: Process, _ input: Pipe) {
        try? input.fileHandleForWriting.close()
        for _ in 0..<400 where process.isRunning { usleep(5_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}
