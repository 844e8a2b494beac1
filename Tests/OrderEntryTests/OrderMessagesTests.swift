import OrderEntry
import Orders
import Testing

@Suite struct OrderMessagesTests {
    @Test(arguments: [Example.newOrder, Example.cancel, Example.replace])
    func comesBackWhole(_ command: Command) {
        #expect(read(encoded(command)) { OrderMessage.decode($0) } == command)
    }

    @Test func everySideAndTimeInForceIsReadOrMadeNone() {
        for value in UInt8.min...UInt8.max {
            for (command, sideOffset, timeOffset) in [
                (Example.newOrder, 40, 41), (Example.cancel, 36, nil), (Example.replace, 48, 49),
            ] as [(Command, Int, Int?)] {
                var bytes = encoded(command)
                bytes[sideOffset] = value
                if let timeOffset { bytes[timeOffset] = value }
                let back = read(bytes) { OrderMessage.decode($0) }
                #expect(back.side == Side(rawValue: value) ?? .none)
                if timeOffset != nil { #expect(back.timeInForce == TimeInForce(rawValue: value) ?? .none) }
                #expect(back.clientOrderID == command.clientOrderID)
            }
        }
    }

    @Test(arguments: Example.all.filter { ![.newOrder, .cancel, .replace].contains($0.type) })
    func otherMessagesGiveNoCommand(_ example: Example) {
        #expect(read(example.bytes) { OrderMessage.decode($0) }.kind == .none)
    }

    @Test func nothingBehindAMessageOfAnotherTypeIsRead() {
        let heartbeat = Script.heartbeat(next: 1)
        #expect(heartbeat.count == 16)
        let command = read(heartbeat + [UInt8](repeating: 0xFF, count: 48)) { OrderMessage.decode($0) }
        #expect(command == Command(kind: .none, clientSequence: 1, session: 7))
    }

    @Test(arguments: [CommandKind.none, .sessionEstablished, .sessionTerminated, .checkpoint])
    func theNodesOwnCommandsAreNotWritten(_ kind: CommandKind) {
        #expect(encoded(Command(kind: kind)).isEmpty)
    }
}
