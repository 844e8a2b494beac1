import ArgumentParser
import Orders
import Runtime

/// `wissel bench orders`: how many orders go through a whole node.
struct OrderBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders",
        abstract: "Orders per second through a whole node, and their latency, by how many are unanswered at once.",
        discussion: """
            A whole node (network, sessions, risk gate, matching engine, journal, reports) on a port of its own, and at the \
            other end, on another CPU, a client that sends new orders, cancels, replaces and crossing orders as fast as they \
            are answered. With one unanswered command it is ping-pong; with thousands the node is full.

            Between them: memif, DPDK's driver at both ends of shared memory; wire, a wire in memory that posts and fills \
            buffers as two NICs do; or tap, the kernel, with a TAP device on one side and a packet socket on the other \
            (takes root). Where there are two CPUs the client shares its own with the journal; with --acknowledgement \
            journaled that is the one the disk interrupts.

            example: wissel bench orders --acknowledgement matched --json orders.json
            """)

    @Option(help: "Rounds of all windows, odd.") var repetitions = 5
    @Option(help: "Seconds of a run, 0.1…60.") var seconds = 1.0
    @Option(help: "Between node and client: memif (DPDK's shared memory), wire (in memory), or tap (the kernel).")
    var device = "memif"
    @Option(
        name: .customLong("window"),
        help: "Commands unanswered at most, 1…65536; more than once. Default: 1 16 256 4096.")
    var windows: [Int] = []
    @Option(help: "When a report may leave: matched, or journaled (its command is on the disk).")
    var acknowledgement = "journaled"
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?

    private static let modes: [String: AcknowledgementMode] = ["matched": .matched, "journaled": .journaled]

    func validate() throws {
        guard repetitions >= 1, !repetitions.isMultiple(of: 2) else {
            throw ValidationError("--repetitions takes an odd number, so that there is a median")
        }
        guard seconds >= 0.1, seconds <= 60 else { throw ValidationError("--seconds takes 0.1 to 60") }
        guard NodeLink.Kind(rawValue: device) != nil else {
            throw ValidationError("--device takes memif, wire or tap")
        }
        guard windows.allSatisfy({ (1...65_536).contains($0) }) else {
            throw ValidationError("--window takes 1 to 65536")
        }
        guard Self.modes[acknowledgement] != nil else {
            throw ValidationError("--acknowledgement takes matched or journaled")
        }
    }

    func run() throws {
        try failing {
            var options = OrderBenchmark.Options()
            options.repetitions = repetitions
            options.seconds = seconds
            options.device = NodeLink.Kind(rawValue: device) ?? .memif
            if !windows.isEmpty { options.windows = windows }
            options.acknowledgement = Self.modes[acknowledgement] ?? .journaled
            if let json, json != "-" { try write("", to: json) }
            let benchmark = try OrderBenchmark(options)
            let result = try benchmark.run { narrate($0, json: json) }
            let report = OrderBenchmarkReport(
                result, host: HostFingerprint(cpu: benchmark.cpus.node[0], clock: try Clock.calibrated()))
            if let json { try write(try report.json(), to: json) }
            if json != "-" { print(report.table) }
        }
    }
}
