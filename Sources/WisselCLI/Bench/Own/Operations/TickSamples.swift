/// Measured ticks, of which percentiles are asked.
struct TickSamples: Sendable {
    /// Ticks per operation; for a block the average.
    private(set) var values: [Double] = []

    mutating func add(_ ticks: Double) { values.append(ticks) }
    mutating func sort() { values.sort() }

    /// By nearest rank, after `sort`; nil for no samples.
    func percentile(_ percent: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let rank = (percent / 100 * Double(values.count)).rounded(.up)
        return values[min(values.count - 1, max(0, Int(rank) - 1))]
    }
}
