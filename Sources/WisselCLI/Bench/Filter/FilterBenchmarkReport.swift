import Foundation
import Wire

/// The figures of `wissel bench filter` for people and for machines.
struct FilterBenchmarkReport {
    struct Result {
        var scenario: FilterScenario
        /// Packets per second, and cycles per packet, of each repetition.
        var rates: [Double]
        var cycles: [Double]
        var offered: UInt64
        var passed: UInt64
        /// Order traffic of sources with a session, and what of it did not pass.
        var grantedOffered: UInt64
        var grantedLost: UInt64
        var drops: [(reason: DropReason, count: UInt64)]

        var dropped: UInt64 { drops.reduce(0) { $0 + $1.count } }
        var addsUp: Bool { offered == passed + dropped }
        var rate: Double { Spread(rates)?.median ?? 0 }
        var cyclesPerPacket: Double { Spread(cycles)?.median ?? 0 }
    }

    var results: [Result]
    var conditions: [String]

    var table: String {
        func row(_ cells: [String], _ rest: String) -> String {
            let widths = [14, 12, 18, 14, 14]
            return zip(cells, widths).enumerated().map { index, cell in
                let (text, width) = cell
                let space = String(repeating: " ", count: max(0, width - text.count))
                return index == 0 ? text + space : space + text
            }.joined() + "  " + rest
        }
        var lines = [row(["scenario", "median", "least … most", "cycles/packet", "granted loss"], "drops")]
        for result in results {
            let drops = result.drops.sorted { $0.count > $1.count }.map {
                "\($0.reason) \(String(format: "%.2f", 100 * Double($0.count) / Double(max(result.offered, 1)))) %"
            }
            lines.append(
                row(
                    [
                        result.scenario.rawValue, megapackets(result.rate),
                        String(format: "%.1f … %.1f", (result.rates.min() ?? 0) / 1e6, (result.rates.max() ?? 0) / 1e6),
                        String(format: "%.1f", result.cyclesPerPacket), grouped(result.grantedLost),
                    ], drops.isEmpty ? "none" : drops.joined(separator: ", ")))
        }
        return (lines + conditions).joined(separator: "\n")
    }

    /// Keys: `filter_mpps` and `filter_cycles_per_packet` with a figure per scenario, `granted_loss` over all of them,
    /// and the counts behind them, in frames.
    func json() throws -> String {
        struct Counts: Encodable {
            var offered: UInt64
            var passed: UInt64
            var grantedOffered: UInt64
            var grantedLoss: UInt64
            var drops: [String: UInt64]
            var mpps: [Double]

            enum CodingKeys: String, CodingKey {
                case offered, passed, drops, mpps
                case grantedOffered = "granted_offered"
                case grantedLoss = "granted_loss"
            }
        }
        struct Whole: Encodable {
            var rates: [String: Double]
            var cycles: [String: Double]
            var grantedLoss: UInt64
            var scenarios: [String: Counts]
            var conditions: [String]

            enum CodingKeys: String, CodingKey {
                case scenarios, conditions
                case rates = "filter_mpps"
                case cycles = "filter_cycles_per_packet"
                case grantedLoss = "granted_loss"
            }
        }
        func each<Value>(_ value: (Result) -> Value) -> [String: Value] {
            Dictionary(uniqueKeysWithValues: results.map { ($0.scenario.rawValue, value($0)) })
        }
        return try prettyJSON(
            Whole(
                rates: each { $0.rate / 1e6 }, cycles: each(\.cyclesPerPacket),
                grantedLoss: results.reduce(0) { $0 + $1.grantedLost },
                scenarios: each { result in
                    Counts(
                        offered: result.offered, passed: result.passed, grantedOffered: result.grantedOffered,
                        grantedLoss: result.grantedLost,
                        drops: Dictionary(uniqueKeysWithValues: result.drops.map { ("\($0.reason)", $0.count) }),
                        mpps: result.rates.map { $0 / 1e6 })
                }, conditions: conditions))
    }
}
