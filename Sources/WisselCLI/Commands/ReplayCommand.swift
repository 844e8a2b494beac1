import ArgumentParser
import Foundation
import Node

/// `wissel replay`: the journal into a fresh engine.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract:
            "Replay a node's journal into a fresh engine, check every block and checkpoint, print the state hash.",
        discussion: "example: wissel replay --config node.yaml --expect 3f0c…")

    @Option(name: .shortAndLong, help: "The configuration the journal was written under.") var config: String
    @Option(help: "Leave with 1 unless the state hash is this.") var expect: String?
    @Option(help: "Write the result as JSON to this file, - for standard output.") var json: String?

    func run() throws {
        try failing {
            let result = try Replay.run(configuration: try NodeConfiguration(path: config))
            if let json { try write(result.json(), to: json) }
            if json != "-" { print(result.text()) }
            if let expect, expect != hexadecimal(result.stateHash) {
                standardError("error: the state hash is \(hexadecimal(result.stateHash)), expected \(expect)")
                throw ExitCode.failure
            }
        }
    }
}

/// Sixteen digits, as hashes are written.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
