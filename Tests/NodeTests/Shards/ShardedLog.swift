import Node
import Orders
import Runtime
import TestSupport

/// A configuration of many instruments in shards, and a log of random commands for all of them.
struct ShardedLog {
    static let instrumentPairs = 4

    let profile: FlowProfile
    private var flows: [CommandFlow]
    private var random: SplitMix64
    private var sequence: UInt64 = 0
    private var time: UInt64 = 1_000
    /// The flow that an order behind its terms comes from.
    private var current: Int?

    init(seed: UInt64, profile: FlowProfile) {
        self.profile = profile
        random = SplitMix64(seed: seed)
        flows = (0..<Self.instrumentPairs).map { CommandFlow(seed: seed &* 31 &+ UInt64($0), profile: profile) }
    }

    /// Instruments 1…8, two of each flow, in `shards` shards by turns.
    static func configuration(profile: FlowProfile, shards: Int) throws -> NodeConfiguration {
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "example")
        configuration.shards = shards
        let risk = RiskLimits(maximumQuantity: 1 << 31, maximumNotional: 1 << 40, collarTicks: 9)
        let template = configuration.instruments[0]
        configuration.instruments = (0..<instrumentPairs).flatMap { pair in
            profile.instruments.map { own in
                var instrument = template
                instrument.specification = own
                instrument.specification.id += UInt32(2 * pair)
                instrument.risk = risk
                return instrument
            }
        }
        return configuration
    }

    mutating func next() -> Command {
        let flow = current ?? random.next(below: flows.count)
        var command = flows[flow].next()
        current = command.kind == .terms ? flow : nil
        sequence += 1
        time += UInt64(random.next(below: 20))
        command.sequence = sequence
        command.timestampNanoseconds = time
        if command.kind != .terms, (1...2).contains(command.instrument) { command.instrument += UInt32(2 * flow) }
        return command
    }

    /// Keeps the identifiers of the instruments apart: an identifier is a session's within its shard.
    mutating func nextWithOwnIdentifiers() -> Command {
        var command = next()
        let mark = UInt64(command.instrument) << 48
        if command.clientOrderID != 0 { command.clientOrderID |= mark }
        if command.kind == .cancel || command.kind == .replace { command.originalClientOrderID |= mark }
        return command
    }
}
