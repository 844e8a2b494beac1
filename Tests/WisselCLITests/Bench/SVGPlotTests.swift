import Foundation
import LoadClient
import Testing
import WisselCLI

@Suite struct SVGPlotTests {
    @Test(
        "Ticks are round, enclose the values and are not too many",
        arguments: [
            (0.0, 110.4), (0, 0.37), (0, 7), (-3.2, 85), (0, 1e-3), (0, 12_345_678), (0, 0),
        ])
    func linearTicks(low: Double, high: Double) {
        let range = PlotRange(PlotAxis("rate"), holding: [low, high])
        #expect((2...8).contains(range.ticks.count), "\(range.ticks)")
        #expect(range.ticks.first! <= min(low, 0) + 1e-9 && range.ticks.last! >= high - 1e-9, "\(range.ticks)")
        #expect(range.place(low) >= -1e-9 && range.place(high) <= 1 + 1e-9)
    }

    @Test(arguments: [(90.0, 4_000_000.0), (210, 480), (1, 1e9), (1_000, 1_000)])
    func logarithmicTicks(low: Double, high: Double) {
        let range = PlotRange(.latency(), holding: [low, high])
        #expect((2...12).contains(range.ticks.count), "\(range.ticks)")
        #expect(range.ticks.first! <= low && range.ticks.last! >= high, "\(range.ticks)")
        #expect(range.place(low) >= -1e-9 && range.place(high) <= 1 + 1e-9)
    }

    @Test func ninesLieEquallyFarApart() {
        let range = PlotRange(.percentiles, holding: [0, 99.99])
        let places = [0, 90, 99, 99.9, 99.99].map(range.place)
        for (a, b) in zip(places, places.dropFirst()) { #expect(abs(b - a - 0.25) < 1e-6) }
    }

    /// Any number of runs on one plot: without and with load, priority on and off.
    @Test func everyRunIsNamedAndNoLabelLiesOnAnother() throws {
        var latency = LatencyHistogram()
        for number in 0..<UInt64(1_000) { latency.record(100 + number) }
        let names = ["no load", "priority on & flooded", "priority off <flooded>", "90 %"]
        let plot = SVGPlot.latencies(
            "order latency",
            names.enumerated().map { (name: $0.element, colour: $0.offset, isDashed: $0.offset > 1, latency: latency) })
        let svg = plot.svg()
        for name in ["no load", "priority on &amp; flooded", "priority off &lt;flooded&gt;", "90 %"] {
            // In the legend and at the line's end.
            #expect(svg.components(separatedBy: ">\(name)</text>").count == 3, "\(name)")
        }
        let heights = svg.split(separator: "\n").filter { $0.contains("class=\"label") }.compactMap { line in
            line.components(separatedBy: " y=\"").last?.split(separator: "\"").first.flatMap { Double($0) }
        }.sorted()
        #expect(heights.count == 4)
        for (a, b) in zip(heights, heights.dropFirst()) { #expect(b - a >= 13.9) }
        #expect(try XMLCheck.problem(svg) == nil)
    }
}
