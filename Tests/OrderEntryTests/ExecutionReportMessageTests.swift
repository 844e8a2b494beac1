import OrderEntry
import Orders
import Testing

@Suite struct ExecutionReportMessageTests {
    @Test func comesBackWhole() {
        let bytes = encoded { ExecutionReportMessage.encode(Example.report, into: $0) }
        #expect(bytes.count == 104)
        #expect(read(bytes) { ExecutionReportMessage.decode($0) } == Example.report)
    }

    @Test func everyKindSideAndReasonIsReadOrMadeNone() {
        var bytes = encoded { ExecutionReportMessage.encode(Example.report, into: $0) }
        for value in UInt8.min...UInt8.max {
            for offset in 96...99 { bytes[offset] = value }
            let back = read(bytes) { ExecutionReportMessage.decode($0) }
            #expect(back.kind == ReportKind(rawValue: value) ?? .none)
            #expect(back.side == Side(rawValue: value) ?? .none)
            #expect(back.reason == RejectReason(rawValue: value) ?? .none)
            #expect(back.flags.rawValue == value)
        }
    }
}
