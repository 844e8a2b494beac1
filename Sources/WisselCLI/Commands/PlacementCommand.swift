import ArgumentParser
import Foundation
import Node

/// `wissel placement`: where a running node's threads and memory really are.
struct PlacementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "placement",
        abstract: "Read back from the kernel where a running node's threads, rings, packet buffers and NICs are.",
        discussion: """
            The node names its cores and addresses; on which CPUs the threads may run, on which NUMA node each page lies \
            (move_pages) and where the NIC is plugged in is the kernel's word. Leaves with 0 when everything is near the \
            core it belongs to, 1 when something is not or no node answers, 78 when the configuration is wrong.

            example: sudo wissel placement --config node.yaml
            """)

    @Option(name: .shortAndLong, help: "The configuration the node runs on; without it file prefix wissel.")
    var config: String?
    @Option(help: "Write the placement as JSON to this file, - for standard output.") var json: String?

    func run() throws {
        try failing {
            let prefix = try config.map { try NodeConfiguration(path: $0).memory.filePrefix } ?? "wissel"
            let placement = try NodePlacement(prefix: prefix)
            if let json { try write(try prettyJSON(placement), to: json) }
            if json != "-" { print(placement.table()) }
            if !placement.isAsPlanned { throw ExitCode.failure }
        }
    }
}
