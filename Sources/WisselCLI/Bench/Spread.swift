/// The middle of repeated measurements and how far they lie apart.
package struct Spread: Equatable, Sendable {
    package let median: Double
    package let least: Double
    package let most: Double
    /// A quarter of the measurements lies below, a quarter above.
    package let lowerQuartile: Double
    package let upperQuartile: Double

    /// By nearest rank, so that each is one of the measurements; nil for none.
    package init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        median = sorted[sorted.count / 2]
        least = sorted[0]
        most = sorted[sorted.count - 1]
        lowerQuartile = sorted[sorted.count / 4]
        upperQuartile = sorted[min(sorted.count * 3 / 4, sorted.count - 1)]
    }
}
