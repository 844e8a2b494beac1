import Foundation
import LoadClient
import Orders
import Runtime

/// How many orders go through a whole node: datagram in, session, risk gate, matching, journal, report out. At the other end
/// of its port a client in a closed loop that trades one instrument.
struct OrderBenchmark {
    struct Options {
        /// Rounds of all runs in turn, odd.
        var repetitions = 5
        var seconds = 1.0
        /// Commands unanswered at most, a run each.
        var windows = [1, 16, 256, 4_096]
        /// What is between node and client.
        var device = NodeLink.Kind.memif
        /// When a report may leave.
        var acknowledgement = AcknowledgementMode.journaled
    }

    struct Run: Sendable {
        var window: Int
        var outcome: WireSide.Outcome
    }

    struct Result {
        var runs: [Run]
        var conditions: [String]
    }

    let options: Options
    let cpus: (wire: Int, node: [Int])

    init(_ options: Options) throws {
        self.options = options
        cpus = try WiredNode.cpus(forBenchmark: "order", waitsForDisk: options.acknowledgement == .journaled)
    }

    /// Network and engine on a CPU; the journal on one of its own, or on what the client leaves of its CPU.
    static func plan(nodeCPUs: [Int], wireCPU: Int) -> CorePlan {
        let journalCPU = nodeCPUs.count > 1 ? nodeCPUs[nodeCPUs.count - 1] : wireCPU
        return CorePlan(
            cores: [
                .init(name: "network0", cpu: nodeCPUs[0], stages: ["network0", "engine", "marketData"]),
                .init(
                    name: "journal", cpu: journalCPU, stages: ["journal"],
                    idle: journalCPU == wireCPU ? .shared : .busy),
            ], idle: .busy)
    }

    /// Runs everything; `progress` is told what is being done.
    func run(progress: @escaping (String) -> Void) throws -> Result {
        let options = options
        let sharesCPU = cpus.node.count == 1
        let wired = try WiredNode(
            options.device, plan: Self.plan(nodeCPUs: cpus.node, wireCPU: cpus.wire), wireCPU: cpus.wire
        ) {
            $0.acknowledgement = options.acknowledgement
        }
        let messages = MessageQueue()
        let thread = PinnedThread(cpu: cpus.wire) {
            defer { messages.finish() }
            var side = try WireSide(wired, yieldsWhenIdle: sharesCPU)
            var flow = OrderFlow(options: OrderFlowOptions(), seed: 1)
            var runs: [Run] = []
            for round in 1...options.repetitions {
                for window in options.windows {
                    let run = Run(
                        window: window,
                        outcome: side.run(nanoseconds: UInt64(options.seconds * 1e9), window: window, flow: &flow))
                    runs.append(run)
                    messages.post(
                        "\(round)/\(options.repetitions) \(grouped(window)) unanswered: "
                            + "\(grouped(Int(run.commandsPerSecond))) commands/s")
                }
            }
            return runs
        }
        while let text = messages.next() { progress(text) }
        let outcome = Swift.Result { try thread.result() }
        try wired.stop()
        // Stopping throws unless every command is on the disk.
        let journal = wired.node.statistics
        return Result(
            runs: try outcome.get(),
            conditions: [
                "client on CPU \(cpus.wire)\(sharesCPU ? ", which it shares with the journal" : ""), closed loop: new orders, cancels, replaces and crossing orders of one session in "
                    + "one instrument, 50 : 25 : 15 : 10, up to 1,000 live; acknowledgement: \(options.acknowledgement)",
                "a command is answered when its report has been read; a fill is a report besides",
                "medians of \(options.repetitions) rounds of all windows in turn, \(options.seconds) s each",
            ] + wired.conditions + [
                "journal at the end: \(grouped(journal.journalRecords)) records in \(grouped(journal.journalBytes >> 20)) MB, durable"
            ])
    }
}

extension OrderBenchmark.Run {
    var commandsPerSecond: Double {
        outcome.nanoseconds == 0 ? 0 : Double(outcome.answeredInTime) * 1e9 / Double(outcome.nanoseconds)
    }
}
