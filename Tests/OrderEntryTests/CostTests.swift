import OrderEntry
import Orders
import Testing

/// What the hot paths cost. Prints nanoseconds; in a debug build the figures mean nothing and the run is short.
@Suite(.serialized) struct CostTests {
    private let count = sized(debug: 2_000, release: 2_000_000)

    private func measure(_ name: String, _ body: () -> Void) {
        var best = Duration.seconds(1_000)
        for _ in 0..<5 { best = min(best, ContinuousClock().measure(body)) }
        let nanoseconds = Double(best.components.attoseconds) / 1e9 + Double(best.components.seconds) * 1e9
        print("cost of \(name): \((nanoseconds / Double(count) * 10).rounded() / 10) ns")
    }

    @Test func newOrderToCommandAndReportToBytes() {
        var table = SessionTable(
            configurations: [
                SessionConfiguration(
                    session: 7, participant: 70, accessKey: ServerHarness.key, sources: [(0x0A00_0000, 24)])
            ], reportHistoryCapacity: 65_536, acknowledgementMode: 1, authenticator: AccessKeyAuthenticator())
        var sink = MessageSink(capacity: 16)
        let record = UnsafeMutablePointer<InboundMessage>.allocate(capacity: 1)
        let outbound = UnsafeMutablePointer<OutboundMessage>.allocate(capacity: 1_024)
        defer {
            sink.deallocate()
            record.deallocate()
            outbound.deallocate()
        }
        record.initialize(to: InboundMessage())
        outbound.initialize(repeating: OutboundMessage(), count: 1_024)
        record.pointee.peer = ServerHarness.peer
        let bytes = InboundMessage.bytes(of: record)
        Script.establish().withUnsafeBytes { bytes.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        guard case .command(let established) = table.receive(record, now: 1, replies: &sink) else {
            Issue.record("the establish gave no command")
            return
        }
        table.applied(established)
        Script.order(1).withUnsafeBytes { bytes.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        var sum: UInt64 = 0

        // In its turn each time, because nothing is applied.
        measure("NewOrder, receive to command") {
            for now in 0..<UInt64(count) {
                if case .command(let command) = table.receive(record, now: now, replies: &sink) {
                    sum &+= command.clientOrderID
                }
            }
        }
        #expect(sum == UInt64(count) * 5 * 1_001)

        var report = Example.report
        report.session = 7
        measure("applied and record") {
            for index in 1...UInt64(count) {
                table.applied(Command(kind: .newOrder, clientSequence: index, session: 7))
                table.record(&report)
            }
        }
        #expect(report.reportSequence == UInt64(count) * 5)

        measure("ExecutionReport, encode") {
            for index in 0..<count {
                report.reportSequence = UInt64(index)
                ExecutionReportMessage.encode(report, into: OutboundMessage.bytes(of: outbound + (index & 1_023)))
            }
        }
        #expect(read(outbound + ((count - 1) & 1_023)).reportSequence == UInt64(count - 1))
    }

    private func read(_ record: UnsafeMutablePointer<OutboundMessage>) -> ExecutionReport {
        ExecutionReportMessage.decode(OutboundMessage.bytes(of: record))
    }
}
