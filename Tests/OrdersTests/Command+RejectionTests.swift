import Orders
import Testing

@Suite struct CommandRejectionTests {
    private func command(_ kind: CommandKind) -> Command {
        Command(
            kind: kind, sequence: 1, timestampNanoseconds: 2, clientSequence: 3, clientOrderID: 4,
            originalClientOrderID: 5, price: -6, quantity: 7, session: 8, instrument: 9, side: .sell,
            timeInForce: .day, flags: 0xFF)
    }

    @Test(arguments: [
        (CommandKind.newOrder, ReportKind.rejected, 0 as UInt64), (.quote, .rejected, 0), (.cancel, .cancelRejected, 5),
        (.replace, .cancelRejected, 5), (.massCancel, .cancelRejected, 0),
    ])
    func carriesWhatTheClientNeeds(_ kind: CommandKind, _ expected: ReportKind, original: UInt64) {
        let report = ExecutionReport(
            kind: expected, sequence: 1, timestampNanoseconds: 2, clientSequence: 3, clientOrderID: 4,
            originalClientOrderID: original, price: -6, session: 8, instrument: 9, side: .sell, reason: .bookFull)
        #expect(command(kind).rejection(reason: .bookFull) == report)
    }

    @Test(arguments: [CommandKind.phase, .setInstrument, .indicate, .timer])
    func theVenueIsAnswered(_ kind: CommandKind) {
        let report = ExecutionReport(
            kind: .commandRejected, sequence: 1, timestampNanoseconds: 2, instrument: 9, reason: .bookFull)
        #expect(command(kind).rejection(reason: .bookFull) == report)
    }
}
