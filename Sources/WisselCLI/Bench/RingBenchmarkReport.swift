import Foundation

/// What `RingBenchmark.run` measured; all times in ticks of the time-stamp counter.
struct RingBenchmarkReport {
    var conditions: [String]
    var warnings: [String] = []
    /// One enqueue and one dequeue of a burst of 32, per repetition.
    var spscBurst32: [Double] = []
    var rteRingBurst32: [Double] = []
    /// Producer plus consumer per element, per repetition; empty where there are no two CPUs.
    var spscTwoCore: [Double] = []
    var rteRingTwoCore: [Double] = []
    var dpdkTest: DPDKTestRingPerf?

    /// The figures by the names that `wissel bench ring --json` writes; null where there is none.
    var json: String {
        let figures: [(String, Double?)] = [
            ("spsc_burst32_cycles", Self.median(spscBurst32)),
            ("rte_ring_sp_sc_burst32_cycles", Self.median(rteRingBurst32)),
            ("spsc_two_core_cycles", Self.median(spscTwoCore)),
            ("rte_ring_two_core_cycles", Self.median(rteRingTwoCore)),
            ("dpdk_test_sp_sc_burst32_cycles", dpdkTest?.burst32),
            ("dpdk_test_two_core_cycles", dpdkTest?.twoCore32),
        ]
        var lines = figures.map { "  \"\($0)\": \($1.map { String(format: "%.2f", $0) } ?? "null")" }
        let units = "burst32: ticks per enqueue + dequeue of 32 elements; two_core: ticks per element, both sides"
        lines.append("  \"units\": \(Self.quoted(units))")
        lines.append("  \"conditions\": [\(conditions.map(Self.quoted).joined(separator: ", "))]")
        lines.append("  \"warnings\": [\(warnings.map(Self.quoted).joined(separator: ", "))]")
        return "{\n\(lines.joined(separator: ",\n"))\n}\n"
    }

    /// A table for people, with the spread of the repetitions and every warning.
    var table: String {
        var lines = [
            Self.row("ticks of the time-stamp counter", "median", "least", "most", "per element"),
            Self.row("SPSCRing, one core, burst of 32", spscBurst32, elements: 32),
            Self.row("rte_ring from Swift, same", rteRingBurst32, elements: 32),
            Self.row("rte_ring in dpdk-test, same", dpdkTest?.burst32.map { [$0] } ?? [], elements: 32),
            Self.row("SPSCRing, two cores, per element", spscTwoCore, elements: 1),
            Self.row("rte_ring from Swift, same", rteRingTwoCore, elements: 1),
            Self.row("rte_ring in dpdk-test, same", dpdkTest?.twoCore32.map { [$0] } ?? [], elements: 1),
        ]
        lines += conditions
        lines += warnings.map { "warning: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    static func median(_ values: [Double]) -> Double? { Spread(values)?.median }

    private static func row(_ name: String, _ values: [Double], elements: Double) -> String {
        guard let median = median(values) else { return row(name, "-", "-", "-", "-") }
        func text(_ value: Double) -> String { String(format: "%.2f", value) }
        return row(name, text(median), text(values.min()!), text(values.max()!), text(median / elements))
    }

    private static func row(_ name: String, _ columns: String...) -> String {
        func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) }
        return name + pad(name, 36) + columns.map { pad($0, 12) + $0 }.joined()
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
