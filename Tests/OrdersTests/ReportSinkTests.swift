import Orders
import Testing

@Suite struct ReportSinkTests {
    @Test func keepsOrderAndCountsWhatDoesNotFit() {
        var sink = ReportSink(capacity: 2)
        defer { sink.deallocate() }
        for sequence in 1...4 as ClosedRange<UInt64> {
            sink.append(ExecutionReport(kind: .accepted, sequence: sequence))
        }
        #expect(sink.count == 2)
        #expect(sink.overflow == 2)
        #expect((0..<sink.count).map { sink.base[$0].sequence } == [1, 2])
        sink.removeAll()
        #expect(sink.count == 0)
        #expect(sink.overflow == 2)
        sink.append(ExecutionReport(kind: .filled, sequence: 9))
        #expect(sink.base[0].sequence == 9)
    }
}
