import Node
import Testing

@Suite struct LimitsTests {
    @Test func capacitiesFitTogether() { #expect(Limits.relationsHold) }

    @Test func ringCapacitiesArePowersOfTwo() {
        let rings = [
            Limits.laneCapacity, Limits.marketDataLaneCapacity, Limits.orderRingCapacity, Limits.marketDataRingCapacity,
            Limits.reportRingCapacity,
            Limits.replyRingCapacity, Limits.grantRingCapacity, Limits.journalRingCapacity,
            Limits.reportHistoryCapacity,
        ]
        for capacity in rings { #expect(capacity.nonzeroBitCount == 1) }
    }
}
