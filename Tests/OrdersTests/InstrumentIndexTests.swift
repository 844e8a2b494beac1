import Orders
import Testing

@Suite struct InstrumentIndexTests {
    static let sets: [[UInt32]] = [
        [], [1], [UInt32.max], [1, UInt32.max, 2], Array(1...1_000), (0..<500).map { $0 << 16 | 1 },
        (1...63).map { $0 << 26 },
    ]

    @Test(arguments: sets) func findsEachAndNothingElse(_ ids: [UInt32]) {
        let index = InstrumentIndex(ids)
        defer { index.deallocate() }
        for (position, id) in ids.enumerated() { #expect(index.position(of: id) == position) }
        let known = Set(ids)
        for id in [0, 1, 2, 3, 1_001, 65_535, 65_537, UInt32.max - 1, UInt32.max] as [UInt32] where !known.contains(id)
        {
            #expect(index.position(of: id) == nil)
        }
    }
}
