import Orders
import Testing

@Suite struct ExecutionReportTests {
    @Test func size() {
        #expect(MemoryLayout<ExecutionReport>.size == 96)
        #expect(MemoryLayout<ExecutionReport>.stride == 96)
        #expect(MemoryLayout<ExecutionReport>.alignment == 8)
    }

    @Test func offsets() {
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.sequence) == 0)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.timestampNanoseconds) == 8)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.reportSequence) == 16)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.clientSequence) == 24)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.orderID) == 32)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.clientOrderID) == 40)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.originalClientOrderID) == 48)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.executionID) == 56)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.price) == 64)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.lastQuantity) == 72)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.leavesQuantity) == 76)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.cumulativeQuantity) == 80)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.session) == 84)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.instrument) == 88)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.kind) == 92)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.side) == 93)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.reason) == 94)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.flags) == 95)
    }

    @Test func kindsInMemoryAreTheirRawValues() {
        for kind in ReportKind.allCases { #expect(unsafeBitCast(kind, to: UInt8.self) == kind.rawValue) }
        #expect(ReportKind.allCases.map(\.rawValue) == Array(0...14))
        #expect(ReportKind(rawValue: 15) == nil)
    }

    @Test func flagsAreSeparateBits() {
        let flags: [ExecutionReport.Flags] = [.aggressor, .possibleDuplicate, .journaled, .replicated, .auction]
        #expect(flags.map(\.rawValue) == [1, 2, 4, 8, 16])
    }
}
