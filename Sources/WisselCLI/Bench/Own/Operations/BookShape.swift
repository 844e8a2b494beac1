import Orders

/// How many orders rest in a measured book, and where.
package struct BookShape: Sendable {
    package let name: String
    package let algorithm: MatchingAlgorithm
    /// Orders at each level of one side, best first; both sides have the same.
    package let levels: [Int]

    /// Lots of every order: large enough to lose one lot many times, so small that ten levels are one order's quantity.
    static let quantity: UInt32 = 200_000
    static let middlePrice: Int64 = 100_000
    static let instrument: UInt32 = 1

    /// Five orders at each of the ten best levels of a side, all others evenly behind them on at most 4,000 levels.
    package static func fifo(resting: Int) -> BookShape {
        let rest = resting / 2 - 50
        var levels = Array(repeating: 5, count: 10)
        if rest > 0 {
            let count = min(4_000, max(1, rest / 50))
            levels += (0..<count).map { rest * ($0 + 1) / count - rest * $0 / count }
        }
        return BookShape(name: "fifo_\(resting)", algorithm: .fifo, levels: levels)
    }

    /// `perSide` orders on each side, `atLevel` at each level.
    package static func proRata(atLevel: Int, perSide: Int) -> BookShape {
        BookShape(
            name: "pro_rata_\(atLevel)_at_level", algorithm: .proRata,
            levels: Array(repeating: atLevel, count: perSide / atLevel))
    }

    package static let full = [
        fifo(resting: 100), fifo(resting: 10_000), fifo(resting: 1_000_000), proRata(atLevel: 10, perSide: 10_000),
        proRata(atLevel: 100, perSide: 10_000), proRata(atLevel: 1_000, perSide: 10_000),
    ]
    /// For tests: what a slow exchange can follow in seconds.
    package static let small = [fifo(resting: 100), proRata(atLevel: 10, perSide: 100)]

    package var restingOrders: Int { 2 * levels.reduce(0, +) }

    package var specification: InstrumentSpecification {
        var specification = InstrumentSpecification(
            id: Self.instrument, symbol: "BENCH", minimumPrice: 1, maximumPrice: 2 * Self.middlePrice,
            referencePrice: Self.middlePrice, maximumOrders: restingOrders + 4 * 64)
        specification.allocation = AllocationRule(algorithm)
        return specification
    }

    /// The most reports one command can make here.
    package var reportsPerCommand: Int { 2 * levels.prefix(10).reduce(0, +) + 2 * 64 + 16 }

    func price(_ side: Side, level: Int) -> Int64 {
        side == .buy ? Self.middlePrice - 1 - Int64(level) : Self.middlePrice + 1 + Int64(level)
    }
}
