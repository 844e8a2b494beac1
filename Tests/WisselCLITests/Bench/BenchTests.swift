import Foundation
import Testing

/// The benchmarks run and write the figures they promise. How good the figures are is no matter of a test.
@Suite(.serialized) struct BenchTests {
    private struct PacketFigures: Decodable {
        var conditions: [String]
        var figures: [String: Double]
    }

    @Test func packetsBesideTestpmd() throws {
        let result = try Program.run(
            command: Program.path, ["bench", "packet", "--seconds", "0.1", "--repetitions", "5", "--json", "-"],
            limitSeconds: 180)
        #expect(result.status == 0, "\(result.error)")
        let report = try JSONDecoder().decode(PacketFigures.self, from: Data(result.output.utf8))
        for key in [
            "io_ratio_testpmd", "macswap_ratio_testpmd", "io_mpps", "io_testpmd_mpps",
            "macswap_mpps", "macswap_memif_ratio_testpmd", "pipeline_ratio_macswap",
        ] {
            let value = try #require(report.figures[key], "\(key) is missing")
            #expect(value > 0 && value.isFinite, "\(key) is \(value)")
        }
        // net_null takes every frame: what is offered leaves.
        #expect(report.figures["io_dropped"] == 0 && report.figures["io_empty_polls"] == 0)
        #expect(report.conditions.contains { $0.hasPrefix("DPDK ") })
        #expect(result.error.contains("5/5 net_null, io"), "no progress was told: \(result.error)")
    }

    @Test func ringsBesideDPDKs() throws {
        let result = try Program.run("bench", "ring", "--repetitions", "5", "--json", "-", limitSeconds: 180)
        #expect(result.status == 0, "\(result.error)")
        let figures = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        for key in [
            "spsc_burst32_cycles", "rte_ring_sp_sc_burst32_cycles", "spsc_two_core_cycles", "rte_ring_two_core_cycles",
        ] {
            let value = try #require(figures[key] as? Double, "\(key) is missing")
            #expect(value > 0 && value.isFinite)
        }
    }

    private struct FilterFigures: Decodable {
        struct Counts: Decodable {
            var offered: Int
            var passed: Int
            var grantedOffered: Int
            var grantedLoss: Int
            var drops: [String: Int]
        }
        var filterMpps: [String: Double]
        var filterCyclesPerPacket: [String: Double]
        var grantedLoss: Int
        var scenarios: [String: Counts]
    }

    @Test func theFilterUnderAttack() throws {
        let result = try Program.run(
            command: Program.path, ["bench", "filter", "--seconds", "0.1", "--json", "-"], limitSeconds: 120)
        #expect(result.status == 0, "\(result.error)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let report = try decoder.decode(FilterFigures.self, from: Data(result.output.utf8))
        let reasons = [
            "sources": nil, "spoofed": "more than all sources without a session may send",
            "amplification": "answer from a service used for amplification", "acl": "refused by the access list",
            "fragments": "IPv4 fragment", "checksums": "UDP checksum wrong",
        ]
        #expect(report.grantedLoss == 0)
        #expect(Set(report.scenarios.keys) == Set(reasons.keys))
        for (name, counts) in report.scenarios {
            #expect(report.filterMpps[name] ?? 0 > 0 && report.filterCyclesPerPacket[name] ?? 0 > 0)
            #expect(counts.offered == counts.passed + counts.drops.values.reduce(0, +), "\(name)")
            #expect(counts.grantedOffered > 0 && counts.grantedLoss == 0)
            #expect(Set(counts.drops.keys) == Set([reasons[name] ?? nil].compactMap { $0 }), "\(name): \(counts.drops)")
            // Of an attack nothing passes but what is granted, and what the channel of unknown sources is for.
            if name != "sources", name != "spoofed" { #expect(counts.passed == counts.grantedOffered) }
        }
        #expect(try Program.run("bench", "filter", "--repetitions", "4").status == 64)
        #expect(try Program.run("bench", "filter", "--scenario", "none").status == 64)
    }

    @Test func wrongArgumentsAreSaid() throws {
        #expect(try Program.run("bench", "packet", "--repetitions", "4").status == 64)
        #expect(try Program.run("bench", "packet", "--size", "10").status == 64)
        #expect(try Program.run("bench", "packet", "--seconds", "0").status == 64)
    }
}
