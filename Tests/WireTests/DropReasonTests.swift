import Testing
import Wire

@Suite struct DropReasonTests {
    @Test func rawValuesAreContiguousFromZero() {
        #expect(DropReason.allCases.map(\.rawValue) == (0..<UInt8(DropReason.allCases.count)).map { $0 })
    }

    @Test func everyReasonHasItsOwnWords() {
        #expect(Set(DropReason.allCases.map(\.description)).count == DropReason.allCases.count)
        #expect(DropReason.allCases.allSatisfy { !$0.description.isEmpty })
    }
}
