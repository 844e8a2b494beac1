import Orders
import Testing

@Suite struct AllocationRuleTests {
    @Test func everyAlgorithmHasItsLetter() {
        #expect(String(MatchingAlgorithm.allCases.map(\.letter)) == "FACKOQSTZX")
        for algorithm in MatchingAlgorithm.allCases {
            #expect(MatchingAlgorithm(letter: algorithm.letter) == algorithm)
            #expect(unsafeBitCast(algorithm, to: UInt8.self) == algorithm.rawValue)
        }
        for letter in "fBDZ " where letter != "Z" { #expect(MatchingAlgorithm(letter: letter) == nil) }
    }

    @Test func stepsOfEachAlgorithm() {
        func letters(_ has: (AllocationRule) -> Bool) -> String {
            String(MatchingAlgorithm.allCases.filter { has(AllocationRule($0)) }.map(\.letter))
        }
        #expect(letters(\.hasTop) == "AKOS")
        #expect(letters(\.hasMarketMakers) == "KQST")
        #expect(letters(\.hasProRata) == "ACKOQ")
    }

    @Test func allocationHasAThresholdOfTwoUnlessTold() {
        for algorithm in MatchingAlgorithm.allCases {
            #expect(AllocationRule(algorithm).minimumAllocation == (algorithm == .allocation ? 2 : 1))
        }
        #expect(AllocationRule(.allocation, minimumAllocation: 5).minimumAllocation == 5)
    }

    @Test func phasesThatTakeOrders() {
        #expect(
            TradingPhase.allCases.filter(\.isCall)
                == [.preOpen, .openingAuction, .volatilityInterruption, .closingAuction])
        #expect(TradingPhase.allCases.filter { !$0.takesOrders } == [.closed, .halt, .endOfDay])
    }
}
