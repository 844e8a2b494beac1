import Edge
import Testing

@Suite struct LaneKindTests {
    @Test func rawValuesIndexTablesOfThree() {
        #expect(LaneKind.allCases.map(\.rawValue) == [0, 1, 2])
        #expect([LaneKind.order, .control, .marketData] == LaneKind.allCases)
    }
}
