import Foundation
import Testing

/// The whole benchmark, short, and its report. How good the figures are is no matter of a test.
@Suite(.serialized) struct PacketReportTests {
    @Test func forwardingBySizeBesideTestpmd() throws {
        let report = try BenchReport(
            ["packet", "--device", "net_null", "--device", "net_ring", "--size", "64,256", "--seconds", "0.05"]
                + ["--repetitions", "5"], limitSeconds: 180)
        for mode in ["io", "macswap_nocopy", "pipeline_nocopy", "io_ring", "macswap_ring", "pipeline_ring"] {
            for name in [mode, "\(mode)_256b"] {
                let polls = try #require(report.burstHistograms?[name], "\(name) has no histogram")
                #expect(polls.count == 33)
                let packets = polls.enumerated().reduce(0) { $0 + UInt64($1.offset) * $1.element }
                #expect(Double(packets) == report.figures["\(name)_packets"] && packets > 0, "\(name)")
                #expect(Double(polls[0]) == report.figures["\(name)_empty_polls"])
                let rates = ["_mpps_min", "_mpps", "_mpps_max"].compactMap { report.figures[name + $0] }
                #expect(rates.count == 3 && rates == rates.sorted() && rates[0] > 0, "\(name): \(rates)")
                #expect((report.figures["\(name)_testpmd_mpps"] ?? 0) > 0, "\(name) has no peer")
                #expect((report.figures["\(name)_cycles_per_packet"] ?? 0) > 0)
                #expect(report.figures["\(name)_dropped"] == 0)
            }
        }
        #expect(
            report.figures["pipeline_nocopy_ratio_macswap"] != nil && report.figures["io_256b_ratio_testpmd"] != nil)
        // The variants add up: each cumulative figure is the one before and its step.
        var sum = 0.0
        for stage in ["driver", "recognise", "lane_scheduler", "ring", "macswap", "node_rest"] {
            sum += try report.figure("stage_\(stage)_cycles")
            let cumulative = try report.figure("stage_\(stage)_cumulative_cycles")
            #expect(abs(cumulative - sum) < 0.01 * max(sum, 1) && cumulative > 0)
        }
        try report.expectWhole()
        #expect(report.page.components(separatedBy: "<svg").count >= 4)
    }

    /// Real frames over real rings, for a short moment.
    @Test func theFourTestsOfRFC2544() throws {
        let report = try BenchReport(
            ["packet", "--mode", "io", "--mode", "pipeline", "--trial-seconds", "0.02", "--repetitions", "5"]
                + ["throughput", "latency", "loss-rate", "back-to-back"].flatMap { ["--test", $0] }, limitSeconds: 240)
        for mode in ["io", "pipeline"] {
            let limit = try report.figure("throughput_\(mode)_highest_offered_mpps")
            let (ndr, pdr) = (
                try report.figure("throughput_\(mode)_ndr_mpps"), try report.figure("throughput_\(mode)_pdr_mpps")
            )
            #expect(0 <= ndr && ndr <= pdr * 1.000_01 && pdr <= limit * 1.000_01 && limit > 0, "\(ndr) \(pdr) \(limit)")
            for load in ["1", "10", "50", "90"] {
                let percentiles = try ["p50", "p90", "p99", "p99.9", "p99.99", "max"].map {
                    try report.figure("latency_\(mode)_at_\(load)_percent_\($0)_ns")
                }
                #expect(percentiles == percentiles.sorted() && percentiles[0] > 0, "\(percentiles)")
                #expect(try report.figure("latency_\(mode)_at_\(load)_percent_reordered") == 0)
            }
            let loss = try report.figure("loss_rate_\(mode)_at_100_percent_loss_ratio")
            #expect((0...1).contains(loss))
            #expect(try report.figure("back_to_back_\(mode)_frames") > 0)
        }
        #expect(report.conditions.contains { $0.contains("the RFC asks for 60 s") })
        try report.expectWhole()
    }

    /// Ports by their specification, opened anew for each measurement, as NICs are.
    @Test func portsOfTheCallersOwn() throws {
        let report = try BenchReport(
            ["packet", "--device", "null:64,null:64", "--mode", "io", "--seconds", "0.05", "--repetitions", "5"],
            limitSeconds: 120)
        #expect(try report.figure("io_ports_ratio_testpmd") > 0)
        try report.expectWhole()
    }

    /// A ring nobody fills: what is missing is said, and nothing is made up.
    @Test func portsWithoutASenderAreSaid() throws {
        let result = try Program.run(
            command: Program.path,
            ["bench", "packet", "--device", "ring:a,ring:b", "--mode", "io", "--seconds", "0.05"])
        #expect(result.status == 1 && result.error.contains("connect something that sends"), "\(result.error)")
    }

    @Test func wrongArgumentsAreSaidWithTheRemedy() throws {
        for (arguments, words) in [
            (["--size", "64,9"], "60 to 1518"), (["--size", ""], "rfc2544"),
            (["--device", "net_nul"], "net_null_copy"),
            (["--device", "pci:0000:03:00.0"], "with a comma"), (["--device", "pci:3,ring:a"], "lspci"),
            (["--test", "speed"], "back-to-back"), (["--trial-seconds", "0"], "0.01 to 60"),
            (["--pdr-percent", "0"], "--pdr-percent"), (["--report", "-"], "file name"),
            (["--mode", "pipeline", "--device", "net_null_copy"], "net_null, net_ring or net_memif"),
        ] {
            let result = try Program.run(command: Program.path, ["bench", "packet"] + arguments)
            #expect(result.status == 64 && result.error.contains(words), "\(arguments): \(result.error)")
        }
        let missing = try Program.run("bench", "packet", "--report", "/nowhere/report.html")
        #expect(missing.status == 1 && missing.error.contains("/nowhere"), "\(missing.error)")
    }
}
