import ArgumentParser
import CPlatform
import Foundation
import Runtime

/// One life of one engine in a process of its own, for `wissel bench matching`.
struct MatchingRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matching-run", abstract: "Replay one workload into one engine, for wissel bench matching.",
        shouldDisplay: false)

    @Option var replay: String
    @Option var engine: String
    @Option var cpu: Int
    @Flag var summing = false

    func run() throws {
        try failing {
            let code = cplatform_pin_self(Int32(cpu))
            guard code == 0 else {
                throw YardstickError(
                    "CPU \(cpu) was refused: \(errorText(code)); allow it to this process with taskset")
            }
            let messages = try WorkloadFile.read(replay)
            let figures = try MatchingReplay.run(try .load(engine), messages, summing: summing)
            print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
        }
    }
}
