import ArgumentParser
import Foundation
import LoadClient
import Runtime

/// `wissel flood`: market data at a set rate, towards a node.
struct FloodCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flood",
        abstract: "Play market data to a multicast group at a set rate, over kernel sockets.",
        discussion: """
            A capture of a feed, or generated IEX-TP/DEEP datagrams; what a node beside it does with its orders meanwhile \
            is what `wissel load` measures. Leaves with 1 when not everything could be sent.

            example: wissel flood --group 233.215.21.4:10378 --local 198.18.0.1 --rate 50000 --seconds 5
            """)

    @Option(help: "Group and port of the feed.") var group = "233.215.21.4:10378"
    @Option(help: "This machine's address on the way to the node.") var local: String
    @Option(help: "Datagrams per second.") var rate = 50_000.0
    @Option(help: "Seconds of generated market data; a capture is played once.") var seconds = 5.0
    @Option(help: "A capture (pcap, pcapng, also .gz and .zst) to play instead of generated market data.")
    var feed: String?
    @Option(help: "How often to play it; the node sees repeated sequence numbers.") var rounds = 1
    @Option(help: "Seed of the generated market data.") var seed: UInt64 = 1
    @Option(help: "Write the result as JSON to this file, - for standard output.") var json: String?

    private struct Report: Encodable {
        var feed: String
        var datagrams: Int
        var sent: UInt64
        var notTaken: UInt64
        var datagramsPerSecond: Double
    }

    func run() throws {
        try failing {
            let destination = try socketAddress(group, option: "--group", example: "233.215.21.4:10378")
            guard rate >= 1, seconds > 0, rate * seconds <= 1e7, (1...1_000_000).contains(rounds) else {
                throw ValidationError(
                    "--rate takes 1 or more, --seconds more than 0, both together at most 10,000,000 datagrams, which are "
                        + "kept in memory, and --rounds 1 to 1,000,000")
            }
            let tape =
                try feed.map { try FeedTape(capture: $0, progress: { _ in }) }
                ?? FeedTape(generated: Int(rate * seconds), seed: seed)
            let stop = SignalFlag.stop()
            let clock = try Clock.calibrated()
            let start = clock.now()
            let player = FloodPlayer(
                tape: tape, datagramsPerSecond: rate,
                destination: destination, interface: local, clock: clock,
                rounds: rounds)
            let outcome = player.finish(isStopRequested: { stop.isRaised })
            let elapsed = Double(clock.now() &- start) / 1e9
            if let failure = outcome.failure { throw FloodFailure(description: failure) }
            let report = Report(
                feed: tape.title, datagrams: tape.count * rounds, sent: outcome.offered, notTaken: outcome.notTaken,
                datagramsPerSecond: Double(outcome.offered) / elapsed)
            if let json { try write(try prettyJSON(report), to: json) }
            if json != "-" {
                print(
                    "\(grouped(Int(outcome.offered))) of \(grouped(report.datagrams)) datagrams of \(tape.title) sent, "
                        + "\(grouped(Int(report.datagramsPerSecond)))/s")
            }
            if outcome.offered < UInt64(report.datagrams) { throw ExitCode.failure }
        }
    }
}

private struct FloodFailure: Error, CustomStringConvertible { var description: String }
