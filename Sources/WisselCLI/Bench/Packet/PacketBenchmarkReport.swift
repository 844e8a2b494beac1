import Foundation

/// The figures of `wissel bench packet` for people and for machines.
struct PacketBenchmarkReport {
    var cases: [PacketBenchmark.Case]
    var conditions: [String]

    private static func median(_ values: [Double]) -> Double { RingBenchmarkReport.median(values) ?? 0 }

    var warnings: [String] { cases.compactMap(\.warning) }

    /// A table with both rates, their ratio and its spread.
    var table: String {
        func row(_ columns: [String]) -> String {
            let widths = [10, 20, 12, 12, 9, 17, 14]
            return zip(columns, widths).enumerated().map { index, cell in
                let (text, width) = cell
                let space = String(repeating: " ", count: max(0, width - text.count))
                return index < 2 ? text + space : space + text
            }.joined()
        }
        var lines = [
            row(["mode", "device", "Wissel", "testpmd", "ratio", "least … most", "cycles/packet"])
        ]
        for item in cases {
            lines.append(
                row([
                    item.mode.rawValue, item.device, Self.megapackets(Self.median(item.ours)),
                    Self.megapackets(Self.median(item.peers)), String(format: "%.2f", Self.median(item.ratios)),
                    String(format: "%.2f … %.2f", item.ratios.min() ?? 0, item.ratios.max() ?? 0),
                    String(format: "%.1f", item.ticksPerPacket),
                ]))
        }
        return (lines + conditions + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }

    /// Keys: `io_ratio_testpmd`, `macswap_ratio_testpmd` (with copy), `pipeline_ratio_macswap`, `macswap_memif_ratio_testpmd`,
    /// and the rates behind them.
    func json() throws -> String {
        var figures: [String: Double] = [:]
        for item in cases {
            // The plain names are the devices the figures are asked for: io without, macswap with copy.
            let copies = item.device.hasSuffix("copy")
            let isPlain = item.mode == .pipeline || copies == (item.mode == .macswap)
            let suffix = item.device == "net_memif" ? "_memif" : isPlain ? "" : copies ? "_copy" : "_nocopy"
            let name = item.mode.rawValue + suffix
            figures[item.mode == .pipeline ? "pipeline_ratio_macswap" : "\(name)_ratio_testpmd"] = Self.median(
                item.ratios)
            figures["\(name)_mpps"] = Self.median(item.ours) / 1e6
            figures["\(name)_testpmd_mpps"] = Self.median(item.peers) / 1e6
            figures["\(name)_cycles_per_packet"] = item.ticksPerPacket
            figures["\(name)_dropped"] = Double(item.dropped)
            figures["\(name)_empty_polls"] = Double(item.emptyPolls)
        }
        struct Whole: Encodable {
            var conditions: [String]
            var warnings: [String]
            var figures: [String: Double]
        }
        return try prettyJSON(Whole(conditions: conditions, warnings: warnings, figures: figures))
    }

    static func megapackets(_ rate: Double) -> String { String(format: "%.1f Mpps", rate / 1e6) }
}
