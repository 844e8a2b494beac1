import ArgumentParser
import Foundation
import LoadClient
import Node
import Runtime

/// `wissel demo`: the whole node on this machine, with orders and a market-data flood at the same time.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run the node on a TAP device under order flow and a market-data flood; replay its journal; compare.",
        discussion: """
            Four phases: orders alone and orders with the flood, each with orders first and in order of arrival. Orders \
            come from `wissel load`'s client over ordinary kernel sockets, as do the market data. At the end the journal \
            is replayed into a fresh engine and the state hashes are compared. Everything happens in a network namespace \
            of its own. Needs root.
            """)

    @Option(help: "A capture (pcap, pcap.zst) to play as the flood; else generated IEX-TP/DEEP datagrams.")
    var feed: String?
    @Option(help: "Seconds per phase, 0.5…600.") var seconds = 4.0
    @Option(help: "Commands per second of the order flow.") var rate = 2_000.0
    @Option(help: "Market-data datagrams per second; default: the tape in one phase.") var feedRate: Double?
    @Option(help: "Seed of the order flow and of generated market data.") var seed: UInt64 = 1
    @Option(help: "Part of the client's own datagrams dropped, duplicated, reordered, each (0…0.5).") var faults = 0.0
    @Option(help: "When a report may leave: journaled or matched.") var acknowledgement = "journaled"
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?
    @Option(help: "Directory for the journal; default: a temporary one, removed at the end.") var directory: String?
    @Flag(help: "Stay in the machine's own network namespace.") var notIsolated = false

    func run() throws {
        try failing {
            guard seconds >= 0.5, seconds <= 600 else { throw ValidationError("--seconds takes 0.5 to 600") }
            if !notIsolated { try NetworkNamespace.enter() }
            let folder = try DemoDirectory(path: directory)
            defer { folder.remove() }
            let tape = try loadTape()
            var demonstration = try Demonstration(
                configuration: DemoConfiguration.make(journal: folder.path, acknowledgement: acknowledgement),
                tape: tape,
                options: .init(seconds: seconds, rate: rate, feedRate: feedRate, seed: seed, faults: faults, json: json)
            )
            let report = try demonstration.run()
            if let json { try write(try report.json(), to: json) }
            if json != "-" { print("\n" + report.table()) }
            for failure in report.failures { standardError("error: \(failure)") }
            if !report.failures.isEmpty { throw ExitCode.failure }
        }
    }

    private func loadTape() throws -> FeedTape {
        guard let feed else {
            return FeedTape(generated: Int(min(seconds * (feedRate ?? 40_000), 5_000_000)), seed: seed)
        }
        let isLive = isTerminal(STDOUT_FILENO) && json != "-"
        let tape = try FeedTape(capture: feed) { count in
            if isLive {
                FileHandle.standardOutput.write(Data("\rreading \(feed): \(grouped(count)) datagrams\u{1B}[K".utf8))
            }
        }
        if isLive { FileHandle.standardOutput.write(Data("\r\u{1B}[K".utf8)) }
        return tape
    }
}

/// Where the demonstration's journal lives.
struct DemoDirectory {
    let path: String
    private let isTemporary: Bool

    init(path: String?) throws {
        isTemporary = path == nil
        self.path =
            path ?? FileManager.default.temporaryDirectory.appendingPathComponent("wissel-demo-\(getpid())").path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    func remove() {
        guard isTemporary else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            standardError("the demonstration's journal could not be removed: \(error); remove \(path) by hand")
        }
    }
}
