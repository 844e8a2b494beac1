import Runtime
import Testing

private enum Fruit: UInt8, CaseIterable, Sendable {
    case apple
    case pear
    /// A gap in the raw values: the block must reach to the highest.
    case quince = 40
}

@Suite struct CounterBlockTests {
    @Test func countersStartAtZeroAndAreIndependent() {
        let block = CounterBlock<Fruit>()
        defer { block.deallocate() }
        block.add(.apple)
        block.add(.apple, 4)
        block.add(.quince, 7)
        #expect(Fruit.allCases.map(block.value) == [5, 0, 7])
        block.set(.apple, to: 2)
        #expect(Fruit.allCases.map(block.value) == [2, 0, 7])
    }

    @Test func counterWraps() {
        let block = CounterBlock<Fruit>()
        defer { block.deallocate() }
        block.set(.pear, to: .max)
        block.add(.pear, 3)
        #expect(block.value(.pear) == 2)
    }
}
