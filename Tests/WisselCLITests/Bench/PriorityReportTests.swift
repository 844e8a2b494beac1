import Testing

/// The whole benchmark, short, and its report. How good the figures are is no matter of a test.
@Suite(.serialized) struct PriorityReportTests {
    @Test func ordersAloneAndBesideAFlood() throws {
        let report = try BenchReport(["priority", "--seconds", "0.2", "--overload", "0.5"], limitSeconds: 180)
        for phase in ["unloaded", "flood", "flood_priority_off", "attack", "attack_priority_off"] {
            #expect(try report.figure("order_commands_\(phase)") > 0)
            #expect(try report.figure("order_unanswered_\(phase)") == 0)
            let percentiles = try ["p50", "p99", "p999"].map { try report.figure("order_\($0)_\(phase)_ns") }
            #expect(percentiles == percentiles.sorted() && percentiles[0] > 0, "\(phase): \(percentiles)")
        }
        #expect(try report.figure("order_loss") >= 0 && report.figure("order_p999_flood_ratio") > 0)
        #expect(try report.figure("market_data_capacity_pps") >= 10_000)
        try report.expectWhole()
        let pictures = report.page.components(separatedBy: "<svg").dropFirst()
        #expect(pictures.count == 1)
        for name in ["orders alone", "flood", "flood, priority off", "attack", "attack, priority off"] {
            // In the legend and at the line's end, and as a row of the table.
            #expect(pictures.first?.components(separatedBy: ">\(name)</text>").count == 3, "\(name)")
            #expect(report.cells.contains(name))
        }
        #expect(pictures.first?.components(separatedBy: "dashed").count == 5, "two lines and two keys are dashed")
    }

    @Test func wrongArgumentsAreSaidWithTheRemedy() throws {
        for (arguments, words) in [
            (["--repetitions", "4"], "odd number"), (["--overload", "0"], "0.1 to 20"),
            (["--seconds", "0"], "0.2 to 60"),
            (["--report", "-"], "file name"),
        ] {
            let result = try Program.run(command: Program.path, ["bench", "priority"] + arguments)
            #expect(result.status == 64 && result.error.contains(words), "\(arguments): \(result.error)")
        }
        let missing = try Program.run("bench", "priority", "--report", "/nowhere/report.html")
        #expect(missing.status == 1 && missing.error.contains("/nowhere"), "\(missing.error)")
    }
}
