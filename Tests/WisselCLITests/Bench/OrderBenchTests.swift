import Foundation
import Testing

/// The whole benchmark, short. How good the figures are is no matter of a test.
@Suite(.serialized) struct OrderBenchTests {
    private struct Report: Decodable {
        let conditions: [String]
        let figures: [String: Double]
    }

    @Test(arguments: [("memif", "matched"), ("memif", "journaled"), ("wire", "matched")])
    func everyCommandIsAnswered(device: String, acknowledgement: String) throws {
        try expectAnswers(device, acknowledgement)
    }

    @Test(.enabled(if: Program.canUseTAP, "needs root and /dev/net/tun"))
    func everyCommandIsAnsweredThroughTheKernel() throws { try expectAnswers("tap", "matched") }

    private func expectAnswers(_ device: String, _ acknowledgement: String) throws {
        let result = try Program.run(
            command: Program.path,
            [
                "bench", "orders", "--device", device, "--repetitions", "1", "--seconds", "0.2", "--acknowledgement",
                acknowledgement, "--json", "-",
            ], limitSeconds: 120)
        #expect(result.status == 0, "\(result.error)")
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        #expect(report.conditions.contains { $0.contains("acknowledgement: \(acknowledgement)") })
        let link =
            ["memif": "memif, DPDK's driver", "wire": "a wire in memory", "tap": "the kernel: a TAP"][device] ?? ""
        #expect(report.conditions.contains { $0.hasPrefix("between node and client \(link)") }, "\(report.conditions)")
        let journal = try #require(report.conditions.first { $0.hasPrefix("journal at the end: ") })
        let records = Double(journal.split(separator: " ")[4].filter(\.isNumber)) ?? 0
        let sent = [1, 16, 256, 4_096].reduce(0) { $0 + (report.figures["commands_\($1)"] ?? 0) }
        #expect(records >= sent, "every command is in the journal: \(journal)")
        for window in [1, 16, 256, 4_096] {
            func figure(_ name: String) throws -> Double { try #require(report.figures["\(name)_\(window)"]) }
            #expect(try figure("commands") > 0 && figure("commands_per_second") > 0)
            #expect(try figure("unanswered") == 0 && figure("rejected") == 0)
            let percentiles = try ["p50", "p99", "p999"].map { try figure("order_\($0)_ns") }
            #expect(percentiles == percentiles.sorted() && percentiles[0] > 0, "\(window): \(percentiles)")
        }
        #expect(try #require(report.figures["node_commands_per_second"]) > 0)
    }

    @Test func windowsAreAsAsked() throws {
        let result = try Program.run(
            command: Program.path,
            [
                "bench", "orders", "--repetitions", "1", "--seconds", "0.1", "--acknowledgement", "matched", "--window",
                "2", "--window", "16384", "--json", "-",
            ], limitSeconds: 120)
        #expect(result.status == 0, "\(result.error)")
        let figures = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).figures
        #expect(try #require(figures["commands_16384"]) >= 16_384 && figures["unanswered_16384"] == 0)
        #expect(figures["commands_2"] != nil && figures["commands_4096"] == nil)
    }

    @Test func wrongArgumentsAreSaidWithTheRemedy() throws {
        for (arguments, words) in [
            (["--repetitions", "2"], "odd number"), (["--seconds", "0"], "0.1 to 60"),
            (["--acknowledgement", "replicated"], "matched or journaled"),
            (["--device", "null"], "memif, wire or tap"),
            (["--window", "0"], "1 to 65536"),
        ] {
            let result = try Program.run(command: Program.path, ["bench", "orders"] + arguments)
            #expect(result.status == 64 && result.error.contains(words), "\(arguments): \(result.error)")
        }
    }
}
