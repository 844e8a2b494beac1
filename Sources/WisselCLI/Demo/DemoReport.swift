import Foundation
import LoadClient
import Node

/// What the demonstration measured; the names are the keys of the JSON form.
struct DemoReport: Codable {
    /// One phase: an order flow under a priority mode, with or without the flood.
    struct Phase: Codable {
        var priority: String
        var flooded: Bool
        var orders: LoadReport
        /// Datagrams of market data offered, and what the node's feed saw of them.
        var floodOffered: UInt64
        var floodPackets: UInt64
        var floodMessages: UInt64
        var floodMissing: UInt64
        var dropsByReason: [String: UInt64]
    }

    struct Replay: Codable {
        var records: UInt64
        var bytes: UInt64
        var recordsPerSecond: Double
        var liveStateHash: String
        var replayedStateHash: String
        var checkpoints: UInt64
        var isEqual: Bool { liveStateHash == replayedStateHash }
    }

    var device: String
    var memory: String
    var clock: String
    var journalMode: String
    var feed: String
    var phases: [Phase]
    var replay: Replay
    var failures: [String]

    func json() throws -> String { try prettyJSON(self) }

    /// One table for people: a column per phase.
    func table() -> String {
        var rows: [[String]] = []
        func row(_ title: String, _ value: (Phase) -> String) { rows.append([title] + phases.map(value)) }
        row("market-data flood") { $0.flooded ? "yes" : "no" }
        row("priority") { $0.priority == "strict" ? "orders first" : "by arrival" }
        row("orders sent") { grouped($0.orders.sent.total) }
        row("  acknowledged") { grouped($0.orders.answers.acknowledged) }
        row("  trades") { grouped($0.orders.answers.trades) }
        row("  sent again") { grouped($0.orders.link.resends) }
        for (index, percentile) in LatencySummary.percentiles.enumerated() {
            row((index == 0 ? "round trip " : "           ") + percentile.name) {
                duration(nanoseconds: $0.orders.roundTrip[keyPath: percentile.nanoseconds])
            }
        }
        row("market data offered") { $0.flooded ? grouped($0.floodOffered) : "-" }
        row("  packets seen") { $0.flooded ? grouped($0.floodPackets) : "-" }
        row("  messages seen") { $0.flooded ? grouped($0.floodMessages) : "-" }
        row("  messages missing") { $0.flooded ? grouped($0.floodMissing) : "-" }
        row("dropped") { $0.dropsByReason.isEmpty ? "0" : grouped($0.dropsByReason.values.reduce(0, +)) }
        var lines = aligned(rows)
        for phase in phases where !phase.dropsByReason.isEmpty {
            let reasons = phase.dropsByReason.sorted { $0.value > $1.value }.map { "\($0.key) \(grouped($0.value))" }
            lines.append(
                "  dropped, \(phase.priority)\(phase.flooded ? " with flood" : ""): " + reasons.joined(separator: ", "))
        }
        lines.append("")
        lines.append("journal   \(grouped(replay.records)) commands in \(grouped(replay.bytes)) bytes (\(journalMode))")
        lines.append(
            "replay    \(grouped(UInt64(replay.recordsPerSecond))) commands/s into a fresh engine, "
                + "\(grouped(replay.checkpoints)) checkpoints equal")
        lines.append(
            "state     live \(replay.liveStateHash), replayed \(replay.replayedStateHash): "
                + (replay.isEqual ? "equal" : "DIFFERENT"))
        return lines.joined(separator: "\n")
    }

    private func aligned(_ rows: [[String]]) -> [String] {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { index, cell in
                let blanks = String(repeating: " ", count: widths[index] - cell.count)
                return index == 0 ? cell + blanks : "  " + blanks + cell
            }.joined()
        }
    }
}
