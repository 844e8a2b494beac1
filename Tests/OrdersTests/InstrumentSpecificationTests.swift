import Orders
import Testing

@Suite struct InstrumentSpecificationTests {
    @Test func everyFieldCounts() {
        let one = InstrumentSpecification(
            id: 7, symbol: "BUND", minimumPrice: -5, maximumPrice: 500, referencePrice: 100, maximumOrders: 64)
        var others = Array(repeating: one, count: 6)
        others[0].id = 8
        others[1].symbol = "BOBL"
        others[2].minimumPrice = -6
        others[3].maximumPrice = 501
        others[4].referencePrice = 101
        others[5].maximumOrders = 65
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
