import Foundation
import LoadClient

/// A plot of lines as inline SVG: several series over two axes, a legend above, each line named at its end.
///
/// For latency percentiles of any runs beside each other use `SVGPlot.latencies`.
package struct SVGPlot: Sendable {
    package struct Point: Sendable {
        package var x: Double
        package var y: Double
        /// Ends of a bar that shows the spread; nil for none.
        package var low: Double?
        package var high: Double?

        package init(x: Double, y: Double, low: Double? = nil, high: Double? = nil) {
            (self.x, self.y, self.low, self.high) = (x, y, low, high)
        }
    }

    package struct Series: Sendable {
        /// In the legend.
        package var name: String
        /// At the end of the line; short.
        package var label: String
        /// Colour of the page's palette, 0…5; the same for lines that belong together.
        package var colour: Int
        package var isDashed: Bool
        package var points: [Point]

        package init(_ name: String, label: String? = nil, colour: Int, isDashed: Bool = false, points: [Point]) {
            self.name = name
            self.label = label ?? name
            self.colour = colour
            self.isDashed = isDashed
            self.points = points
        }

        var style: String { "line c\(colour % 6)" + (isDashed ? " dashed" : "") }
    }

    package var title: String
    package var x: PlotAxis
    package var y: PlotAxis
    package var series: [Series]
    /// A dot at each point; off for curves of many.
    package var hasDots = true
    package var width = 680.0
    package var height = 330.0

    package init(_ title: String, x: PlotAxis, y: PlotAxis, series: [Series], hasDots: Bool = true) {
        self.title = title
        self.x = x
        self.y = y
        self.series = series
        self.hasDots = hasDots
    }

    /// Latency over percentiles, both so that the tail is seen: one line per run, such as without and with load, or
    /// with priority on and off.
    package static func latencies(
        _ title: String, _ runs: [(name: String, colour: Int, isDashed: Bool, latency: LatencyHistogram)]
    ) -> SVGPlot {
        let series = runs.map { run in
            Series(
                run.name, colour: run.colour, isDashed: run.isDashed,
                points: run.latency.curve.map { Point(x: $0.percentile, y: Double(max($0.nanoseconds, 1))) })
        }
        return SVGPlot(title, x: .percentiles, y: .latency(), series: series, hasDots: false)
    }

    package func svg() -> String {
        let points = series.flatMap(\.points)
        let horizontal = PlotRange(x, holding: points.map(\.x))
        let vertical = PlotRange(y, holding: points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] })
        let legend = legendRows()
        let longestTick = vertical.ticks.map { y.format($0).count }.max() ?? 0
        let longestLabel = series.map(\.label.count).max() ?? 0
        let frame = PlotFrame(
            left: 34 + Double(longestTick) * SVG.characterWidth,
            right: width - 16 - Double(longestLabel) * SVG.boldCharacterWidth,
            top: 12 + Double(legend.count) * 18, bottom: height - 44, horizontal: horizontal, vertical: vertical)
        let parts = grid(frame) + series.map { lines($0, frame) } + labels(frame) + draw(legend)
        return SVG.picture(width, height, title: title, parts)
    }

    private func grid(_ frame: PlotFrame) -> [String] {
        var parts: [String] = []
        for tick in frame.vertical.ticks {
            let y = frame.y(tick)
            parts.append(SVG.line(frame.left, y, frame.right, y, style: "grid"))
            parts.append(SVG.text(self.y.format(tick), frame.left - 7, y + 4, .end, style: "tick"))
        }
        for tick in frame.horizontal.ticks {
            parts.append(SVG.line(frame.x(tick), frame.bottom, frame.x(tick), frame.bottom + 5, style: "axis"))
        }
        for tick in namedTicks(frame) {
            parts.append(SVG.text(self.x.format(tick), frame.x(tick), frame.bottom + 18, .middle, style: "tick"))
        }
        parts.append(SVG.line(frame.left, frame.bottom, frame.right, frame.bottom, style: "axis"))
        parts.append(SVG.text(x.title, (frame.left + frame.right) / 2, height - 6, .middle, style: "title"))
        parts.append(
            SVG.text(y.title, 13, (frame.top + frame.bottom) / 2, .middle, style: "title", turned: true))
        return parts
    }

    /// The horizontal ticks whose names fit: the ends always, one between them where it touches neither neighbour.
    private func namedTicks(_ frame: PlotFrame) -> [Double] {
        let ticks = frame.horizontal.ticks
        guard ticks.count > 2, let last = ticks.last else { return ticks }
        func half(_ tick: Double) -> Double { Double(x.format(tick).count) * SVG.characterWidth / 2 + 3 }
        func touch(_ one: Double, _ other: Double) -> Bool {
            abs(frame.x(other) - frame.x(one)) < half(one) + half(other)
        }
        var named = [ticks[0]]
        for tick in ticks.dropFirst().dropLast() where !touch(named[named.count - 1], tick) && !touch(tick, last) {
            named.append(tick)
        }
        return named + [last]
    }

    private func lines(_ series: Series, _ frame: PlotFrame) -> String {
        var parts = [SVG.path(series.points.map { (frame.x($0.x), frame.y($0.y)) }, style: series.style)]
        for point in series.points {
            let x = frame.x(point.x)
            if let low = point.low, let high = point.high {
                parts.append(SVG.line(x, frame.y(low), x, frame.y(high), style: "spread c\(series.colour % 6)"))
            }
            if hasDots {
                let style = series.isDashed ? "hollow" : "dot"
                parts.append(SVG.circle(x, frame.y(point.y), 3, style: "\(style) c\(series.colour % 6)"))
            }
        }
        return "<g>\(parts.joined())</g>"
    }

    private func labels(_ frame: PlotFrame) -> [String] {
        let ended = series.filter { !$0.points.isEmpty }
        let places = SVG.spread(
            ended.map { frame.y($0.points.last!.y) + 4 }, distance: SVG.lineHeight,
            within: frame.top + 4...frame.bottom + 4)
        return zip(ended, places).map { item, place in
            SVG.text(
                item.label, frame.x(item.points.last!.x) + 8, place, style: "label c\(item.colour % 6)")
        }
    }

    /// Which series stand in which row, from left to right.
    private func legendRows() -> [[Series]] {
        guard series.count > 1 else { return [] }
        var rows: [[Series]] = [[]]
        var used = 0.0
        for item in series {
            let needed = 46 + Double(item.name.count) * SVG.characterWidth
            if used + needed > width - 40, !rows[rows.count - 1].isEmpty {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1].append(item)
            used += needed
        }
        return rows
    }

    private func draw(_ rows: [[Series]]) -> [String] {
        rows.enumerated().flatMap { row, items in
            var x = 34.0
            let y = 10 + Double(row) * 18
            return items.flatMap { item in
                defer { x += 46 + Double(item.name.count) * SVG.characterWidth }
                return [
                    SVG.line(x, y, x + 22, y, style: item.style),
                    SVG.text(item.name, x + 28, y + 4, style: "legend"),
                ]
            }
        }
    }
}

/// Where the values of a plot lie in its picture.
private struct PlotFrame {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double
    var horizontal: PlotRange
    var vertical: PlotRange

    func x(_ value: Double) -> Double { left + (right - left) * horizontal.place(value) }
    func y(_ value: Double) -> Double { bottom - (bottom - top) * vertical.place(value) }
}
