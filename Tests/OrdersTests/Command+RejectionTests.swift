import Orders
import Testing

@Suite struct CommandRejectionTests {
    @Test(arguments: CommandKind.allCases) func carriesWhatTheClientNeeds(_ kind: CommandKind) {
        let command = Command(
            kind: kind, sequence: 1, timestampNanoseconds: 2, clientSequence: 3, clientOrderID: 4,
            originalClientOrderID: 5, price: -6, quantity: 7, session: 8, instrument: 9, side: .sell,
            timeInForce: .day, flags: 0xFF)
        let report = ExecutionReport(
            kind: kind == .newOrder ? .rejected : .cancelRejected, sequence: 1, timestampNanoseconds: 2,
            clientSequence: 3, clientOrderID: 4, originalClientOrderID: 5, price: -6, session: 8, instrument: 9,
            side: .sell, reason: .bookFull)
        #expect(command.rejection(reason: .bookFull) == report)
    }
}
