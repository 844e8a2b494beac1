import Orders
import TestSupport
import Testing

/// Whatever happens, in whatever order: the gate's verdicts and sums are those of a naive reckoning.
@Suite struct RiskFlowTests {
    @Test(arguments: FlowProfile.all, [1, 2] as [UInt64])
    func everyVerdictAndSumIsThatOfTheNaiveReckoning(profile: FlowProfile, seed: UInt64) throws {
        let flow = try RiskFlow(seed: seed, profile: profile)
        flow.run(count: 3_000)
        #expect(flow.failure == nil, "seed \(seed)")
    }

    @Test func theFlowMeetsEveryLimit() throws {
        var met = Set<RejectReason>()
        for seed in 1...3 as ClosedRange<UInt64> {
            let flow = try RiskFlow(seed: seed, profile: .everything)
            flow.run(count: 3_000)
            met.formUnion(flow.refusals.keys)
        }
        #expect(
            met == [
                .positionAboveMaximum, .grossPositionAboveMaximum, .creditExceeded, .tooManyOpenOrders, .killed,
                .reduceOnly,
            ])
    }
}
