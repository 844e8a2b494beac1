import Orders
import Testing

@Suite struct InstrumentSpecificationTests {
    @Test func everyFieldCounts() {
        let one = InstrumentSpecification(
            id: 7, symbol: "BUND", minimumPrice: -5, maximumPrice: 500, referencePrice: 100, maximumOrders: 64)
        var others = Array(repeating: one, count: 17)
        others[0].id = 8
        others[1].symbol = "BOBL"
        others[2].minimumPrice = -6
        others[3].maximumPrice = 501
        others[4].referencePrice = 101
        others[5].maximumOrders = 65
        others[6].allocation = AllocationRule(.proRata)
        others[7].secondAllocation = AllocationRule()
        others[8].lotSize = 2
        others[9].tickSteps = [.init(fromPrice: 0, tick: 2)]
        others[10].marketMakers = [.init(session: 1, percent: 10)]
        others[11].dynamicRange = 1
        others[12].staticRange = 1
        others[13].interruptionNanoseconds = 1
        others[14].phase = .closed
        others[15].windowTicks = 16_384
        others[16].allocation.leveling = true
        for other in others { #expect(other != one) }
    }

    /// Part of the order-entry protocol.
    @Test func acknowledgementModes() {
        #expect(AcknowledgementMode.matched.rawValue == 0)
        #expect(AcknowledgementMode.journaled.rawValue == 1)
        #expect(AcknowledgementMode.replicated.rawValue == 2)
        #expect(AcknowledgementMode(rawValue: 3) == nil)
    }
}
