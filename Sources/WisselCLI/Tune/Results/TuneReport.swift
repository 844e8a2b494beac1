import Foundation
import Node
import Runtime

/// The outcome of a tuning, for people and for machines.
struct TuneReport {
    let ranking: TuneRanking
    let candidates: [PlanCandidate]
    let entries: [TuneLog.Entry]
    let circumstances: TuneLog.Circumstances
    let resultsPath: String

    private func candidate(_ name: String?) -> PlanCandidate? { candidates.first { $0.name == name } }

    var winner: PlanCandidate? { candidate(ranking.winner) }

    /// Why plans have no figures.
    private var failures: [String] {
        let failed = Dictionary(grouping: entries.filter { $0.figures == nil }, by: \.plan)
        return candidates.compactMap { candidate in
            failed[candidate.name].map { "\(candidate.name): \($0.last?.failure ?? "no figures")" }
        }
    }

    private static let otherTerms =
        "not compared: the clients of the measurement, who are elsewhere when the node is at work, have a CPU to "
        + "themselves beside this plan alone, or have none beside it alone"
    private static let sharing =
        "this machine has no CPU for the clients of the measurement but those of the plans: a first look; measure where "
        + "there is one CPU more than the node takes"

    /// Whether the plan proposed has clients on its CPUs.
    private var sharesCPU: Bool { candidates.first?.sharesCPUWithClients ?? false }

    var text: String {
        let best = Table(
            head: ["plan", "orders/s", "packets/s", "p50", "p99", "ratio", "spread", "rounds"],
            rows: ranking.rows.map { row in
                [
                    row.plan + (row.isComparable ? "" : " *"), grouped(Int(row.median.ordersPerSecond)),
                    grouped(Int(row.median.packetsPerSecond)),
                    duration(nanoseconds: UInt64(row.median.p50)), duration(nanoseconds: UInt64(row.median.p99)),
                    String(format: "%.2f", row.ratio), "± \(percent(row.spread))", "\(row.figures.count)",
                ]
            })
        var lines = [best.text]
        if ranking.rows.contains(where: { !$0.isComparable }) { lines.append("* " + Self.otherTerms) }
        lines += ["", ranking.verdict]
        if sharesCPU { lines.append("but " + Self.sharing) }
        if !failures.isEmpty { lines += ["not measured:"] + failures.map { "  \($0)" } }
        if let winner {
            lines += ["", "cores:   # \(winner.name)"] + NodeConfiguration.Cores(winner.plan).lines().map { "  " + $0 }
        }
        return (lines + ["", "results: \(resultsPath)"]).joined(separator: "\n")
    }

    private struct Figures: Encodable {
        struct Plan: Encodable {
            var name: String
            var cores: [MeasurementRequest.Core]
            var idle: String
            var clientCPUs: [Int]
            var median: TuneFigures
            var spread: Double
            var ratio: Double
            var ratioSpread: Double
            var isWorse: Bool
            var isComparable: Bool
            /// By round.
            var rounds: [String: TuneFigures]
        }
        var circumstances: TuneLog.Circumstances
        var rankedBy: String
        var plans: [Plan]
        var winner: String?
        var verdict: String
        /// Whether clients ran on CPUs of the proposed plan.
        var clientsShareCPUs: Bool
        var notMeasured: [String]
        var results: String
    }

    func json() throws -> String {
        try prettyJSON(
            Figures(
                circumstances: circumstances, rankedBy: ranking.measure.rawValue,
                plans: ranking.rows.compactMap { row in
                    guard let candidate = candidate(row.plan) else { return nil }
                    return Figures.Plan(
                        name: row.plan,
                        cores: candidate.plan.cores.map { .init(name: $0.name, cpu: $0.cpu, stages: $0.stages) },
                        idle: NodeConfiguration.Cores(candidate.plan).idleWord, clientCPUs: candidate.clientCPUs,
                        median: row.median, spread: figure(row.spread), ratio: figure(row.ratio),
                        ratioSpread: figure(row.ratioSpread), isWorse: row.isWorse, isComparable: row.isComparable,
                        rounds: Dictionary(uniqueKeysWithValues: row.figures.map { ("\($0.key)", $0.value) }))
                }, winner: ranking.winner, verdict: ranking.verdict, clientsShareCPUs: sharesCPU,
                notMeasured: failures, results: resultsPath))
    }
}
