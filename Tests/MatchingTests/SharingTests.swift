import Orders
import TestSupport
import Testing

/// How a level is shared: CME's published examples, some of their third-party tests, and Eurex's time pro-rata in integers.
@Suite struct SharingTests {
    struct Example: Sendable {
        var name: String
        var rule: AllocationRule
        /// Percent by number of the order; session and number are the same.
        var makers: [UInt32: UInt8] = [:]
        /// Whether the first order comes while trading is continuous, so that it is the top order.
        var hasTop = true
        var resting: [UInt32]
        var aggressor: UInt32
        var fills: [UInt32]
    }

    static let examples = [
        Example(
            name: "A, a top order", rule: AllocationRule(.allocation), resting: [10, 5, 20, 50, 75], aggressor: 60,
            fills: [10, 3, 6, 16, 25]),
        Example(
            name: "C, a minimum of 2", rule: AllocationRule(.proRata, minimumAllocation: 2),
            resting: [5, 9, 57, 4, 28, 300], aggressor: 50, fills: [3, 0, 7, 0, 3, 37]),
        Example(
            name: "A, large orders", rule: AllocationRule(.allocation), resting: [100, 200, 300, 400], aggressor: 291,
            fills: [100, 44, 63, 84]),
        Example(
            name: "A without a top order", rule: AllocationRule(.allocation), hasTop: false, resting: [50, 25, 75, 50],
            aggressor: 42, fills: [12, 5, 15, 10]),
        Example(
            name: "A, what is left to share is less the top order", rule: AllocationRule(.allocation),
            resting: [10, 40, 20, 30], aggressor: 21, fills: [10, 6, 2, 3]),
        Example(
            name: "A, half the level", rule: AllocationRule(.allocation), resting: [2, 56, 42], aggressor: 50,
            fills: [2, 28, 20]),
        Example(
            name: "C, half the level", rule: AllocationRule(.proRata, minimumAllocation: 2), resting: [2, 42, 56],
            aggressor: 50, fills: [1, 21, 28]),
        Example(
            name: "O, a bounded top order", rule: AllocationRule(.thresholdTop, topMinimum: 10, topMaximum: 100),
            resting: [150, 8, 160], aggressor: 200, fills: [124, 3, 73]),
        Example(
            name: "K with all of CME's Q", rule: AllocationRule(.configurable, topMinimum: 25, topMaximum: 250),
            makers: [3: 40], resting: [300, 15, 160], aggressor: 400, fills: [278, 8, 114]),
        Example(
            name: "S, the whole level", rule: AllocationRule(.fifoTopMarketMaker), makers: [2: 10, 3: 20],
            resting: [10, 10, 10, 10], aggressor: 40, fills: [10, 10, 10, 10]),
        Example(
            name: "T", rule: AllocationRule(.fifoMarketMaker), makers: [2: 20, 3: 80], resting: [100, 100, 100],
            aggressor: 30, fills: [0, 6, 24]),
        Example(
            name: "S, all to the top order", rule: AllocationRule(.fifoTopMarketMaker), makers: [2: 20, 3: 80],
            resting: [100, 100, 100], aggressor: 30, fills: [30, 0, 0]),
        Example(
            name: "K, all by FIFO", rule: AllocationRule(.configurable, fifoPercent: 100), makers: [2: 20, 3: 10],
            resting: [1, 59, 40], aggressor: 50, fills: [1, 45, 4]),
        Example(
            name: "K, none by FIFO", rule: AllocationRule(.configurable, minimumAllocation: 2),
            makers: [2: 20, 3: 10], resting: [1, 59, 40], aggressor: 50, fills: [1, 30, 19]),
        Example(
            name: "K, leveling",
            rule: AllocationRule(.configurable, fifoPercent: 40, minimumAllocation: 2, leveling: true),
            makers: [2: 10, 3: 20], resting: [2, 51, 47, 100, 1, 1, 1, 1], aggressor: 202,
            fills: [2, 51, 47, 98, 1, 1, 1, 1]),
        Example(
            name: "time pro-rata", rule: AllocationRule(.timeProRata), resting: [20, 20, 50], aggressor: 25,
            fills: [9, 7, 9]),
        Example(
            name: "time pro-rata, halves", rule: AllocationRule(.timeProRata), resting: [50, 50, 100], aggressor: 40,
            fills: [17, 12, 11]),
        Example(
            name: "time pro-rata, where binary fractions go wrong", rule: AllocationRule(.timeProRata),
            resting: [100, 200, 300, 400], aggressor: 100, fills: [19, 32, 33, 16]),
        Example(
            name: "pro-rata without a remainder", rule: AllocationRule(.proRata), resting: [100, 200, 300, 400],
            aggressor: 100, fills: [10, 20, 30, 40]),
        Example(
            name: "the largest first", rule: AllocationRule(.sizePriority), resting: [10, 30, 20, 30], aggressor: 65,
            fills: [0, 30, 5, 30]),
    ]

    @Test(arguments: examples)
    func shares(example: Example) {
        var instrument = ScriptedExchange.instrument(example.rule, phase: example.hasTop ? .continuous : .preOpen)
        instrument.marketMakers = example.makers.sorted { $0.key < $1.key }.map {
            .init(session: $0.key, percent: $0.value)
        }
        var lines = example.resting.enumerated().map { "\($0.offset + 1) buy \($0.element)@100" }
        if !example.hasTop { lines.append("phase continuous") }
        let reports = Rules.last(lines + ["99 sell \(example.aggressor)@100"], instrument)
        var fills = [UInt32](repeating: 0, count: example.resting.count)
        for report in reports where !report.hasPrefix("99 ") {
            let words = report.split(separator: " ")
            fills[Int(words[0])! - 1] += UInt32(words[3].split(separator: "@")[0])!
        }
        #expect(fills == example.fills, "\(example.name): \(reports)")
    }
}
