import Node
import Orders
import Runtime

/// One plan, for so many seconds: what the parent tells the process that measures, as one line of JSON.
struct MeasurementRequest: Codable, Equatable {
    struct Core: Codable, Equatable {
        var name: String
        var cpu: Int?
        var stages: [String]
    }

    var cores: [Core]
    /// The word of the configuration.
    var idle: String
    var clientCPUs: [Int]
    var conditions: MeasurementConditions

    init(_ candidate: PlanCandidate, _ conditions: MeasurementConditions) {
        cores = candidate.plan.cores.map { Core(name: $0.name, cpu: $0.cpu, stages: $0.stages) }
        idle = NodeConfiguration.Cores(candidate.plan).idleWord
        clientCPUs = candidate.clientCPUs
        self.conditions = conditions
    }

    var candidate: PlanCandidate { PlanCandidate(name: "", plan: plan, clientCPUs: clientCPUs) }

    var plan: CorePlan {
        CorePlan(
            cores: cores.map { CorePlan.Core(name: $0.name, cpu: $0.cpu, stages: $0.stages) },
            idle: idle == "busy" ? .busy : idle == "yield" ? .yield : .shared)
    }
}

/// What all plans are measured with.
struct MeasurementConditions: Codable, Equatable {
    /// Queues of each interface.
    var queues: [Int]
    /// Of the engine, with an instrument each.
    var shards: Int
    var waitsForJournal: Bool
    var isStrict: Bool
    var buffers: Int
    /// Where the journal's folder is made.
    var journalFolder: String
    var usesHugePages: Bool
    /// Of each of the two phases.
    var phaseSeconds: Double
    /// Offered in the second phase.
    var ordersPerSecond: Double
    var marketDataPerSecond: Double

    var networkStages: Int { queues.reduce(0, +) }
}

/// What one measurement found.
struct MeasurementFigures: Codable, Equatable {
    /// Answered a second while the clients send as fast as they are answered.
    var ordersPerSecond: Double
    /// Frames in and out meanwhile.
    var packetsPerSecond: Double
    /// Round trip at a set rate beside market data, nanoseconds from the scheduled time of sending.
    var p50: UInt64
    var p99: UInt64
    var p999: UInt64
    /// Commands of the second phase, and those without an answer after five seconds.
    var commands: UInt64
    var unanswered: UInt64
}
