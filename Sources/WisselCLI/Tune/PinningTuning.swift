import Foundation
import Node
import Runtime

/// Measures the plans that make sense on this machine in turn, and keeps each result at once.
struct PinningTuning {
    let candidates: [PlanCandidate]
    let conditions: MeasurementConditions
    let circumstances: TuneLog.Circumstances
    let file: TuneFile

    /// - Parameters:
    ///   - text: of the configuration, to tell whether it is the same the next time.
    ///   - plan: made for this machine, or for a copy of another's /sys, whose plans can be listed.
    init(
        configuration: NodeConfiguration, text: Data, plan: MachinePlan, options: TuneOptions, file: TuneFile
    ) throws {
        let networkNodes = plan.interfaces.flatMap { [Int?](repeating: $0.numaNode, count: $0.queues) }
        // What the configuration's own plan says of idling, or the planner, stands where it says nothing.
        let cores = configuration.cores
        let written =
            cores.plan.isEmpty
            ? nil
            : configuration.addingShardCores(
                to: CorePlan(cores: cores.plan, idle: cores.idle ?? plan.placement.idle))
        if let written {
            try configuration.check(written, availableCPUs: plan.available ?? AvailableCPUs(plan.topology.online))
        }
        candidates = PlanCandidate.all(
            on: plan.topology, proposed: plan.placement, available: plan.available, networkNodes: networkNodes,
            configured: written, clients: networkNodes.count)
        var conditions = MeasurementConditions(
            queues: configuration.interfaces.map(\.queues), shards: configuration.shards,
            waitsForJournal: configuration.acknowledgement == .journaled, isStrict: configuration.priority == .strict,
            buffers: configuration.memory.buffers, journalFolder: options.journalFolder, usesHugePages: false,
            phaseSeconds: options.phaseSeconds, ordersPerSecond: options.ordersPerSecond,
            marketDataPerSecond: options.marketDataPerSecond)
        let needed = PlanMeasurement.megabytes(conditions, onHugePages: true)
        conditions.usesHugePages =
            configuration.memory.hugePages != .none
            && HugePages.status().pools.contains { $0.node != nil && $0.freeBytes >> 20 >= needed }
        self.conditions = conditions
        circumstances = try TuneLog.Circumstances(
            topology: plan.topology, configuration: text, conditions: conditions, candidates: candidates)
        self.file = file
    }

    /// Plans that leave the clients a CPU, where the proposed one does not, or the other way round.
    var incomparable: Set<String> {
        let usual = candidates.first?.sharesCPUWithClients
        return Set(candidates.filter { $0.sharesCPUWithClients != usual }.map(\.name))
    }

    /// The plans, and where the clients of each run.
    var list: String {
        candidates.map { candidate in
            "\(candidate.name)\n    \(candidate.plan.text)\n    clients on CPU "
                + candidate.clientCPUs.map(String.init).joined(separator: ", ")
        }.joined(separator: "\n")
    }

    /// Goes on where the last run ended.
    /// - Parameter say: is told what a person should know, one line each.
    /// - Returns: all measurements there are, and whether these are all that were asked for.
    func run(
        rounds: Int, fresh: Bool, json: String?, isInterrupted: () -> Bool, say: (String) -> Void
    ) throws -> (entries: [TuneLog.Entry], isWhole: Bool) {
        let (log, news) = try file.open(circumstances, fresh: fresh)
        news.forEach(say)
        let missing = log.missing(rounds: rounds, plans: candidates.map(\.name))
        var entries = log.entries
        let progress = BenchProgress(total: missing.count, json: json)
        defer { progress.finish() }
        if missing.isEmpty { say("all measurements are there: --fresh makes them anew, --rounds more of them") }
        for (round, name) in missing {
            guard let candidate = candidates.first(where: { $0.name == name }) else { continue }
            var entry = TuneLog.Entry(round: round, plan: name, figures: nil)
            let outcome: String
            do throws(MeasurementProcess.Failure) {
                let found = try MeasurementProcess.measure(
                    MeasurementRequest(candidate, conditions), isInterrupted: isInterrupted)
                entry.figures = TuneFigures(
                    ordersPerSecond: found.ordersPerSecond.rounded(),
                    packetsPerSecond: found.packetsPerSecond.rounded(),
                    p50: Double(found.p50), p99: Double(found.p99))
                outcome =
                    "\(grouped(Int(found.ordersPerSecond))) orders/s, p50 \(duration(nanoseconds: found.p50)), p99 "
                    + duration(nanoseconds: found.p99)
            } catch {
                guard case .failed(let reason) = error else { return (entries, false) }
                entry.failure = reason
                outcome = "failed: \(reason)"
            }
            try file.append(try TuneLog.line(entry))
            entries.append(entry)
            progress.step("round \(round) of \(rounds), \(name): \(outcome)")
        }
        return (entries, true)
    }
}

/// What of a tuning can be chosen.
struct TuneOptions {
    /// Of each of the two phases of one measurement.
    var phaseSeconds: Double
    var ordersPerSecond: Double
    var marketDataPerSecond: Double
    var journalFolder: String
}
