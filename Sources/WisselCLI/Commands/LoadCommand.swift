import ArgumentParser
import Foundation
import LoadClient

/// `wissel load`: a client with its own session and ordinary sockets that checks every report.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Send a seeded order flow to a node over kernel sockets and check every report.",
        discussion: """
            Open loop (--rate) sends at scheduled times and takes latency from the schedule, so a slow node cannot hide \
            behind a slow client. Closed loop (--window) keeps a number of commands outstanding; 1 is ping-pong. Leaves \
            with 1 when a command was not answered exactly once or quantities do not conserve.

            example: wissel load --node 198.18.0.2:9000 --session 1 --key 6d1f0c52a9e84b7d6d1f0c52a9e84b7d --rate 10000
            """)

    @Option(help: "Address and port of the node's order entry.") var node = "198.18.0.2:9000"
    @Option(help: "Source address; the node knows a session by it too.") var local = "0.0.0.0"
    @Option(help: "Session from the node's configuration.") var session: UInt32 = 1
    @Option(help: "Participant from the node's configuration.") var participant: UInt32 = 1
    @Option(help: "The participant's access key.") var key: String
    @Option(help: "Open loop: commands per second.") var rate: Double?
    @Option(help: "Closed loop: commands outstanding.") var window = 1
    @Option(help: "Commands to send.") var orders: UInt64 = 10_000
    @Option(help: "Stop sending after so many seconds.") var seconds: Double?
    @Option(help: "Seed of the flow and of the faults: same seed, same commands.") var seed: UInt64 = 1
    @Option(help: "Instrument to trade.") var instrument: UInt32 = 1
    @Option(help: "Price around which the flow trades, ticks.") var midPrice: Int64 = 10_000
    @Option(help: "Part of own datagrams dropped, duplicated and reordered, each, in and out (0…0.5).")
    var faults = 0.0
    @Flag(help: "Every trade must have both sides here: nobody else trades the instrument.") var sole = false
    @Flag(help: "Cancel the session's orders when it ends.") var cancelOnDisconnect = false
    @Flag(help: "Poll the socket all the time: the shortest latency, a whole CPU.") var spin = false
    @Option(help: "Write the report as JSON to this file, - for standard output.") var json: String?

    func run() throws {
        try failing {
            let stop = SignalFlag.stop()
            let report = try LoadRun(options: options()).run(
                isStopRequested: { stop.isRaised },
                progress: { progress in
                    guard isTerminal(STDERR_FILENO) else { return }
                    FileHandle.standardError.write(Data("\r\(line(progress))\u{1B}[K".utf8))
                })
            if isTerminal(STDERR_FILENO) { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
            if let json {
                try write(try report.json(), to: json)
            }
            if json != "-" { print(report.table()) }
            if !report.hasPassed { throw ExitCode.failure }
        }
    }

    private func options() throws -> LoadOptions {
        var options = LoadOptions(
            node: try socketAddress(node, option: "--node", example: "198.18.0.2:9000"),
            local: try SocketAddress(local, port: 0),
            session: session, participant: participant, accessKey: Array(key.utf8))
        options.pace = rate.map { .openLoop(ratePerSecond: $0) } ?? .closedLoop(window: window)
        options.orders = orders
        options.idle = spin ? .spin : .sleep
        options.durationNanoseconds = seconds.map { UInt64(max($0, 0) * 1e9) }
        options.seed = seed
        options.flow.instrument = instrument
        options.flow.midPriceTicks = midPrice
        options.isSoleParticipant = sole
        options.cancelsOnDisconnect = cancelOnDisconnect
        options.sendFaults = LinkFaultOptions(dropShare: faults, duplicateShare: faults, reorderShare: faults)
        options.receiveFaults = options.sendFaults
        if let problem = options.problem { throw ValidationError(problem) }
        return options
    }

    private func line(_ progress: LoadProgress) -> String {
        "\(progress.phase.rawValue): \(progress.sent) sent, \(progress.acknowledged) answered, \(progress.fills) fills, "
            + "\(progress.rejects) rejects, \(progress.resends) resends, \(Int(progress.ratePerSecond))/s"
    }
}
