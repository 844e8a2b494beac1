import Foundation
import Node
import Runtime

/// Does a surge of prices, or an attack, cost an order anything? A whole node on a wire in memory, and at the other end of it
/// a client that sends orders at a set rate while market data is offered at twice what the node can take.
struct PriorityBenchmark {
    struct Options {
        /// Rounds of all phases in turn; odd, at least 5.
        var repetitions = 5
        var seconds = 1.0
        /// Market data offered, as a multiple of what the node can take.
        var overload = 2.0
        /// Orders, as a share of what the node can take of market data.
        var orderShare = 0.01
    }

    /// What goes on beside the orders.
    enum Phase: String, CaseIterable {
        case unloaded
        case marketData
        case marketDataWithoutPriority
        case attack
        case attackWithoutPriority

        var background: BackgroundTraffic.Kind? {
            switch self {
            case .unloaded: nil
            case .marketData, .marketDataWithoutPriority: .marketData
            case .attack, .attackWithoutPriority: .attack
            }
        }
        var isStrict: Bool { self != .marketDataWithoutPriority && self != .attackWithoutPriority }
    }

    /// One phase of one round.
    struct Run: Sendable {
        var phase: Phase
        var outcome: WireSide.Outcome
        /// Messages that did not reach the node's session: refused by its queue or dropped inside.
        var ordersLost: UInt64
        /// Rounds of a polling core that took longer than a millisecond.
        var longRounds: UInt64
        /// Market data the node worked through.
        var marketDataTaken: UInt64
    }

    struct Result {
        /// Market-data packets a second that the node works through when offered more.
        var capacity: Double
        var runs: [Run]
        /// The longest round of a core that does not idle by choice, nanoseconds; 0 when none took a millisecond.
        var longestRoundNanoseconds: UInt64
        var conditions: [String]
    }

    let options: Options
    let cpus: (wire: Int, node: [Int])

    init(_ options: Options) throws {
        self.options = options
        cpus = try WiredNode.cpus(forBenchmark: "priority")
    }

    /// A CPU for each stage where there are so many. On few, market data shares the node's; the journal, which no answer
    /// waits for here, lives on what the wire's thread leaves of its CPU, because writing blocks for milliseconds.
    private static func plan(nodeCPUs: [Int], wireCPU: Int) -> CorePlan {
        let groups =
            switch nodeCPUs.count {
            case 1: [["network0", "engine", "marketData"]]
            case 2: [["network0", "engine"], ["marketData"]]
            case 3: [["network0", "engine"], ["marketData"], ["journal"]]
            default: [["network0"], ["engine"], ["marketData"], ["journal"]]
            }
        var cores = zip(groups, nodeCPUs).map { CorePlan.Core(name: $0[0], cpu: $1, stages: $0) }
        if !groups.joined().contains("journal") {
            cores.append(
                .init(
                    name: "journal", cpu: wireCPU, stages: ["journal"],
                    idle: .backoff(spins: 0, yields: 0, maximumSleepNanoseconds: 1_000_000)))
        }
        return CorePlan(cores: cores, idle: .busy)
    }

    /// Runs everything; `progress` is told what is being done.
    func run(progress: (String) -> Void) throws -> Result {
        let wired = try WiredNode(
            .wire, plan: Self.plan(nodeCPUs: cpus.node, wireCPU: cpus.wire), wireCPU: cpus.wire
        ) {
            $0.acknowledgement = .matched
        }
        let phases = PriorityPhases(wired, options: options)
        let thread = PinnedThread(cpu: cpus.wire) { try phases.run() }
        while let text = phases.nextMessage() { progress(text) }
        let outcome = Swift.Result { try thread.result() }
        let longest = wired.node.statistics.packetCores.map { $0[.longestRoundNanoseconds] }.max() ?? 0
        try wired.stop()
        let (capacity, runs) = try outcome.get()
        return Result(
            capacity: capacity, runs: runs, longestRoundNanoseconds: longest,
            conditions: [
                "wire and client on CPU \(cpus.wire), acknowledgement: matched",
                "orders at \(options.orderShare * 100) % and market data or attack at \(options.overload) times what "
                    + "the node can take; latency from the scheduled time of sending (open loop)",
                "medians of \(options.repetitions) rounds of all phases in turn, \(options.seconds) s each",
            ] + wired.conditions)
    }
}

/// The phases as the wire's thread goes through them, and what it says meanwhile.
final class PriorityPhases: @unchecked Sendable {
    private let wired: WiredNode
    private let options: PriorityBenchmark.Options
    private let messages = MessageQueue()

    init(_ wired: WiredNode, options: PriorityBenchmark.Options) {
        self.wired = wired
        self.options = options
    }

    private var node: TradingNode { wired.node }

    /// Waits for the next message; nil at the end.
    func nextMessage() -> String? { messages.next() }

    func run() throws -> (capacity: Double, runs: [PriorityBenchmark.Run]) {
        defer { messages.finish() }
        let configuration = wired.configuration
        var side = try WireSide(wired)
        var marketData = BackgroundTraffic(.marketData, headers: wired.headers(port: configuration.feeds[0].port))
        var attack = BackgroundTraffic(.attack, headers: wired.headers(port: configuration.orderEntry.port))
        let capacity = findCapacity(&side, &marketData)
        let orders = capacity * options.orderShare
        var runs: [PriorityBenchmark.Run] = []
        for round in 1...options.repetitions {
            for phase in PriorityBenchmark.Phase.allCases {
                node.setPriority(phase.isStrict ? .strict : .arrival)
                let rate = phase.background == nil ? 0 : capacity * options.overload
                let run =
                    phase.background == .attack
                    ? measure(phase, &side, &attack, rate, orders) : measure(phase, &side, &marketData, rate, orders)
                runs.append(run)
                let summary = run.outcome.latencies.summary
                messages.post(
                    "\(round)/\(options.repetitions) \(phase.rawValue): \(grouped(run.outcome.commands)) commands, "
                        + "\(grouped(run.ordersLost)) messages lost, \(run.longRounds) long rounds, p50 \(duration(nanoseconds: summary.p50Nanoseconds)), "
                        + "p99.9 \(duration(nanoseconds: summary.p999Nanoseconds))")
            }
        }
        return (capacity, runs)
    }

    private func measure(
        _ phase: PriorityBenchmark.Phase, _ side: inout WireSide, _ background: inout BackgroundTraffic, _ rate: Double,
        _ orders: Double
    ) -> PriorityBenchmark.Run {
        let before = node.statistics
        let outcome = side.run(
            nanoseconds: UInt64(options.seconds * 1e9), ordersPerSecond: orders, background: &background,
            backgroundPerSecond: rate)
        let after = node.statistics
        // What an attacker sends is no message and is not among these.
        let taken = after[.messagesReceived] &- before[.messagesReceived]
        return PriorityBenchmark.Run(
            phase: phase, outcome: outcome,
            ordersLost: outcome.messages > taken ? outcome.messages - taken : 0,
            longRounds: after.longRounds - before.longRounds,
            marketDataTaken: after.feeds[0].packets &- before.feeds[0].packets)
    }

    /// The highest rate of market data of which the node works through all but a hundredth, in the best of a few tries:
    /// a machine that takes the CPU away for milliseconds says nothing about the node.
    private func findCapacity(_ side: inout WireSide, _ background: inout BackgroundTraffic) -> Double {
        let search = RateSearch(upTo: Self.highestRate, precision: 1.0 / 256) { rate in
            for _ in 0..<Self.triesPerRate where isTaken(rate, &side, &background) { return true }
            return false
        }
        return max(search.highest, 10_000)
    }

    private func isTaken(_ rate: Double, _ side: inout WireSide, _ background: inout BackgroundTraffic) -> Bool {
        let before = node.statistics.feeds[0].packets
        let outcome = side.run(
            nanoseconds: 100_000_000, ordersPerSecond: 0, background: &background, backgroundPerSecond: rate,
            settleNanoseconds: 0)
        usleep(30_000)
        let taken = node.statistics.feeds[0].packets &- before
        let offered = Double(outcome.backgroundOffered) / (Double(outcome.nanoseconds) / 1e9)
        messages.post(
            "capacity: \(grouped(Int(offered))) packets/s offered, "
                + "\(grouped(outcome.backgroundOffered &- min(taken, outcome.backgroundOffered))) lost")
        // What is offered falls behind the rate when the wire's own thread is the slower side.
        return Double(taken) >= 0.99 * Double(outcome.backgroundOffered) && offered >= 0.95 * rate
    }

    private static let triesPerRate = 3
    /// More market data a second than one core of today works through.
    private static let highestRate = 16_000_000.0
}

extension NodeStatistics {
    /// The cores that poll packets; the journal's may share the wire's CPU and waits for the disk.
    fileprivate var packetCores: [Core] { cores.filter { $0.name != "journal" } }
    fileprivate var longRounds: UInt64 { packetCores.reduce(0) { $0 + $1[.longRounds] } }
}
