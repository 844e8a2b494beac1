/// Horizontal bars as inline SVG, each with its name on the left and its figure at the end: bars beside each other, or
/// one after the other where each begins at the end of the one before.
struct SVGBars: Sendable {
    struct Row: Sendable {
        var name: String
        /// Where the bar begins and ends.
        var start = 0.0
        var end: Double
        /// Ends of the line that shows the spread.
        var low: Double?
        var high: Double?
        /// At the end of the bar.
        var text: String
        /// Colour of the page's palette, 0…5.
        var colour: Int
        /// Only an outline, for the one compared with.
        var isPale = false
        /// Room above, to set groups apart.
        var beginsGroup = false
    }

    var title: String
    var axis: PlotAxis
    var rows: [Row]
    var width = 680.0
    private static let rowHeight = 21.0
    private static let gap = 9.0

    init(_ title: String, axis: PlotAxis, rows: [Row]) {
        self.title = title
        self.axis = axis
        self.rows = rows
    }

    func svg() -> String {
        let values = rows.flatMap { row -> [Double] in [row.start, row.end, row.low ?? 0, row.high ?? 0] }
        let range = PlotRange(axis, holding: values)
        let left = 16 + Double(rows.map(\.name.count).max() ?? 0) * SVG.wideCharacterWidth
        let right = width - 14 - Double(rows.map(\.text.count).max() ?? 0) * SVG.characterWidth
        func x(_ value: Double) -> Double { left + (right - left) * range.place(value) }
        let groups = rows.dropFirst().count { $0.beginsGroup }
        let bottom = 6 + Double(rows.count) * Self.rowHeight + Double(groups) * Self.gap
        var parts: [String] = []
        for tick in range.ticks {
            parts.append(SVG.line(x(tick), 4, x(tick), bottom, style: "grid"))
            parts.append(SVG.text(axis.format(tick), x(tick), bottom + 16, .middle, style: "tick"))
        }
        var top = 6.0
        for (index, row) in rows.enumerated() {
            if row.beginsGroup, index > 0 { top += Self.gap }
            let middle = top + Self.rowHeight / 2
            let (from, to) = (x(min(row.start, row.end)), x(max(row.start, row.end)))
            parts.append(SVG.text(row.name, left - 8, middle + 4, .end, style: "tick"))
            parts.append(
                SVG.rectangle(
                    from, top + 3, max(to - from, 1), Self.rowHeight - 6,
                    style: (row.isPale ? "pale" : "bar") + " c\(row.colour % 6)"))
            var end = to
            if let low = row.low, let high = row.high {
                parts.append(SVG.line(x(low), middle, x(high), middle, style: "whisker"))
                end = max(end, x(high))
            }
            parts.append(SVG.text(row.text, end + 6, middle + 4, style: "value"))
            top += Self.rowHeight
        }
        parts.append(
            SVG.line(x(max(0, range.ticks.first ?? 0)), 4, x(max(0, range.ticks.first ?? 0)), bottom, style: "axis"))
        parts.append(SVG.text(axis.title, (left + right) / 2, bottom + 34, .middle, style: "title"))
        return SVG.picture(width, bottom + 42, title: title, parts)
    }
}
