import ArgumentParser
import Foundation

/// `wissel tune measure`: the process in which one plan is measured. Started by `MeasurementProcess`, not by people.
///
/// It reads the request as one line of JSON, prints the figures as another, and ends at once when its input ends, so that
/// nothing of it outlives a parent that was killed.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measure one plan, for wissel tune pinning.", shouldDisplay: false)

    func run() throws {
        try failing {
            // Ctrl-C reaches the whole group; the parent decides, and its end is the end of the input.
            signal(SIGINT, SIG_IGN)
            guard let line = readLine() else { throw ValidationError("it is started by wissel tune pinning") }
            let request = try JSONDecoder().decode(MeasurementRequest.self, from: Data(line.utf8))
            let folder = request.conditions.journalFolder + "/wissel-tune-\(getpid())"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            Thread.detachNewThread {
                while readLine() != nil {}
                try? FileManager.default.removeItem(atPath: folder)
                _exit(1)
            }
            let figures = try PlanMeasurement(request).run(journalFolder: folder)
            print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
        }
    }
}
