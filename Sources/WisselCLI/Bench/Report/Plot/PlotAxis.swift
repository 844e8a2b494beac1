import Foundation

/// One axis of a plot: what it says, how it is scaled, where its ticks are.
package struct PlotAxis: Sendable {
    package enum Scale: Sendable {
        case linear
        /// Values above 0.
        case logarithmic
        /// 0…99.99… per cent by what is left above: 90, 99 and 99.9 lie equally far apart.
        case percentile
    }

    package var title: String
    package var scale: Scale
    /// Where the ticks are; nil: round numbers.
    package var ticks: [Double]?
    package var format: @Sendable (Double) -> String

    package init(
        _ title: String, _ scale: Scale = .linear, ticks: [Double]? = nil,
        format: @escaping @Sendable (Double) -> String = shortNumber
    ) {
        self.title = title
        self.scale = scale
        self.ticks = ticks
        self.format = format
    }

    /// Latency in the unit that fits, on a logarithmic scale.
    package static func latency(_ title: String = "latency") -> PlotAxis {
        PlotAxis(title, .logarithmic) { value in
            switch value {
            case ..<1e3: "\(shortNumber(value)) ns"
            case ..<1e6: "\(shortNumber(value / 1e3)) µs"
            case ..<1e9: "\(shortNumber(value / 1e6)) ms"
            default: "\(shortNumber(value / 1e9)) s"
            }
        }
    }

    /// Percentiles up to the 99.99th.
    package static var percentiles: PlotAxis {
        PlotAxis("percentile", .percentile, ticks: [0, 50, 90, 99, 99.9, 99.99]) { "\(shortPercentile($0))" }
    }
}

/// An axis with the range it covers: from values to places between 0 and 1.
package struct PlotRange: Sendable {
    package let axis: PlotAxis
    /// Of the ends, on the scale.
    private let low: Double
    private let high: Double
    package let ticks: [Double]

    /// The range that holds all `values`, widened to round ends. A linear axis begins at 0 or below.
    package init(_ axis: PlotAxis, holding values: [Double]) {
        self.axis = axis
        let usable = values.filter { $0.isFinite && (axis.scale != .logarithmic || $0 > 0) }
        let (least, most) = (usable.min() ?? 0, usable.max() ?? 1)
        var ticks = axis.ticks ?? []
        switch axis.scale {
        case .linear:
            if axis.ticks == nil { ticks = Self.linearTicks(min(0, least), most) }
        case .logarithmic:
            if axis.ticks == nil { ticks = Self.logarithmicTicks(max(least, 1e-12), max(most, 1e-12)) }
        case .percentile: break
        }
        self.ticks = ticks
        let ends = (ticks + usable).map { Self.transform($0, axis.scale) }
        low = ends.min() ?? 0
        high = max(ends.max() ?? 1, low + 1e-12)
    }

    /// 0 at the low end, 1 at the high end.
    package func place(_ value: Double) -> Double {
        (Self.transform(value, axis.scale) - low) / (high - low)
    }

    private static func transform(_ value: Double, _ scale: PlotAxis.Scale) -> Double {
        switch scale {
        case .linear: value
        case .logarithmic: log10(max(value, 1e-12))
        case .percentile: -log10(max(1 - value / 100, 1e-6))
        }
    }

    /// Four to seven multiples of 1, 2 or 5 times a power of ten that enclose the range.
    static func linearTicks(_ low: Double, _ high: Double) -> [Double] {
        let span = max(high - low, 1e-9)
        let power = pow(10, floor(log10(span / 5)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= 6 } ?? 10 * power
        let first = floor(low / step + 1e-9)
        let last = ceil(high / step - 1e-9)
        return stride(from: first, through: max(last, first + 1), by: 1).map { $0 * step }
    }

    /// Powers of ten that enclose the range; with 2 and 5 between them when there are few.
    static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
        let decades = (Int(floor(log10(low)))...Int(ceil(log10(high) + 1e-9))).map { pow(10, Double($0)) }
        guard decades.count <= 4 else { return decades }
        let fine = decades.flatMap { [$0, 2 * $0, 5 * $0] }
        let first = fine.lastIndex { $0 <= low * (1 + 1e-9) } ?? 0
        let last = fine.firstIndex { $0 >= high * (1 - 1e-9) } ?? fine.count - 1
        return Array(fine[first...max(last, first + 1)])
    }
}
