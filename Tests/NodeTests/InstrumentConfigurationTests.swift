import Node
import Orders
import Testing

/// How an instrument trades, as the file says it.
@Suite struct InstrumentConfigurationTests {
    private func instrument(_ changes: (old: String, new: String)...) throws -> InstrumentSpecification {
        var text = NodeConfiguration.example
        for change in changes {
            #expect(text.contains(change.old), "the example no longer contains `\(change.old)`")
            text = text.replacing(change.old, with: change.new)
        }
        return try NodeConfiguration(yaml: text, file: "node.yaml").instruments[0].specification
    }

    /// The example shows what holds when the keys are left out.
    @Test func theExampleShowsTheDefaults() throws {
        let plain = InstrumentSpecification(
            id: 1, symbol: "WSL", minimumPrice: 1, maximumPrice: 65_536, referencePrice: 10_000, maximumOrders: 262_144)
        #expect(try instrument() == plain)
        let keys = [
            "algorithm: F ", "lotSize: 1 ", "tickTable: [] ", "marketMakers: [] ", "dynamicRange: 0 ",
            "staticRange: 0 ", "interruptionMilliseconds: 0 ", "phase: continuous ", "windowTicks: 8192 ",
        ]
        var text = NodeConfiguration.example
        for key in keys { text = text.replacing(key, with: "# ") }
        #expect(try NodeConfiguration(yaml: text, file: "node.yaml").instruments[0].specification == plain)
    }

    @Test(arguments: MatchingAlgorithm.allCases) func everyAlgorithmHasALetter(_ algorithm: MatchingAlgorithm) throws {
        let one = try instrument(
            ("algorithm: F ", "algorithm: \(algorithm.letter) "), ("# secondAlgorithm: C ", "secondAlgorithm: A "))
        #expect(one.allocation == AllocationRule(algorithm))
        #expect(one.secondAllocation == AllocationRule(.allocation))
    }

    @Test func theParametersOfAnAlgorithmHoldForBothBooks() throws {
        let one = try instrument(
            ("algorithm: F ", "algorithm: K "), ("# secondAlgorithm: C ", "secondAlgorithm: O "),
            ("# topMinimum: 1 ", "topMinimum: 3 "), ("# topMaximum: 0 ", "topMaximum: 50 "),
            ("# fifoPercent: 0 ", "fifoPercent: 40 "), ("# minimumAllocation: 1 ", "minimumAllocation: 2 "),
            ("# leveling: off ", "leveling: on "))
        let parameters = AllocationRule(
            .configurable, topMinimum: 3, topMaximum: 50, fifoPercent: 40, minimumAllocation: 2, leveling: true)
        #expect(one.allocation == parameters)
        #expect(one.secondAllocation?.algorithm == .thresholdTop)
        #expect(one.secondAllocation?.topMaximum == 50)
    }

    @Test func listsAndRangesAreRead() throws {
        let one = try instrument(
            ("tickTable: [] ", "tickTable: [{from: -5, tick: 1}, {from: 5000, tick: 5}] "),
            ("marketMakers: [] ", "marketMakers: [{session: 5, percent: 40}] "), ("lotSize: 1 ", "lotSize: 10 "),
            ("dynamicRange: 0 ", "dynamicRange: 200 "), ("staticRange: 0 ", "staticRange: 500 "),
            ("interruptionMilliseconds: 0 ", "interruptionMilliseconds: 300_000 "),
            ("phase: continuous ", "phase: preOpen "), ("windowTicks: 8192 ", "windowTicks: 262144 "))
        #expect(one.tickSteps == [.init(fromPrice: -5, tick: 1), .init(fromPrice: 5_000, tick: 5)])
        #expect(one.marketMakers == [.init(session: 5, percent: 40)])
        #expect(one.lotSize == 10)
        #expect(one.dynamicRange == 200 && one.staticRange == 500)
        #expect(one.interruptionNanoseconds == 300_000_000_000)
        #expect(one.phase == .preOpen)
        #expect(one.windowTicks == 262_144)
    }

    /// The price band is no array: it may be as wide as prices are.
    @Test func theBandMayBeWide() throws {
        let one = try instrument(
            ("minimumPrice: 1 ", "minimumPrice: -4611686018427387904 "),
            ("maximumPrice: 65536", "maximumPrice: 4611686018427387904"))
        #expect(one.minimumPrice == -InstrumentSpecification.priceBound)
        #expect(one.maximumPrice == InstrumentSpecification.priceBound)
    }

    @Test func firmsAreRead() throws {
        let text = NodeConfiguration.example.replacing("# firms:", with: "firms:")
        let participants = try NodeConfiguration(yaml: text, file: "node.yaml").orderEntry.participants
        #expect(participants.map(\.firms) == [[.init(session: 1, firm: 7)], []])
    }
}
