import OrderEntry
import Orders
import Testing

@Suite struct OrderMessagesTests {
    @Test(arguments: [Example.newOrder, Example.cancel, Example.replace, Example.quote, Example.massCancel])
    func comesBackWhole(_ command: Command) {
        #expect(read(encoded(command)) { OrderMessage.decode($0) } == command)
    }

    @Test func everySideAndTimeInForceIsReadOrMadeNone() {
        for value in UInt8.min...UInt8.max {
            for (command, sideOffset, timeOffset) in [
                (Example.newOrder, 40, 41), (Example.cancel, 36, nil), (Example.replace, 48, 49),
                (Example.quote, 40, nil),
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

    @Test(arguments: Example.all.filter { $0.type.rawValue < 16 || $0.type == .executionReport })
    func otherMessagesGiveNoCommand(_ example: Example) {
        #expect(read(example.bytes) { OrderMessage.decode($0) }.kind == .none)
    }

    @Test func nothingBehindAMessageOfAnotherTypeIsRead() {
        let heartbeat = Script.heartbeat(next: 1)
        #expect(heartbeat.count == 16)
        let command = read(heartbeat + [UInt8](repeating: 0xFF, count: 48)) { OrderMessage.decode($0) }
        #expect(command == Command(kind: .none, clientSequence: 1, session: 7))
    }

    @Test(arguments: [
        CommandKind.none, .sessionEstablished, .sessionTerminated, .checkpoint, .terms, .phase, .setInstrument, .timer,
        .indicate,
    ])
    func theNodesOwnCommandsAreNotWritten(_ kind: CommandKind) {
        #expect(encoded(Command(kind: kind)).isEmpty)
        #expect(OrderMessage.length(of: Command(kind: kind)) == 0)
    }

    @Test func anOrderWithTermsComesBackWhole() {
        let bytes = encoded { OrderMessage.encode(Example.newOrderTerms, terms: Example.terms, into: $0) }
        #expect(read(bytes) { OrderMessage.decode($0) } == Example.newOrderTerms)
        #expect(read(bytes) { OrderMessage.terms($0) } == Example.terms)
        #expect(read(encoded(Example.newOrder)) { OrderMessage.terms($0) } == OrderTerms())
    }

    @Test func termsThatSayNothingMakeNoRecord() {
        var command = Example.newOrderTerms
        command.flags = 0
        let bytes = encoded(command)
        #expect(bytes.count == MessageType.newOrderTerms.length, "the traits have no room in a NewOrder")
        #expect(read(bytes) { OrderMessage.decode($0) } == command)
        // One term is enough, whichever.
        for offset in [40, 48, 56, 72, 76] {
            var changed = bytes
            changed[offset] = 1
            #expect(read(changed) { OrderMessage.decode($0) }.flags == Command.hasTerms, "\(offset)")
        }
    }

    @Test(arguments: Example.all) func theLengthIsKnownBefore(_ example: Example) {
        let command = read(example.bytes) { OrderMessage.decode($0) }
        #expect(OrderMessage.length(of: command) == (command.kind == .none ? 0 : example.type.length))
    }

    @Test func aMassCancelOfNoSideMatchesNothing() {
        for value in UInt8.min...UInt8.max {
            var bytes = encoded(Example.massCancel)
            bytes[44] = value
            let back = read(bytes) { OrderMessage.decode($0) }
            if let side = Side(rawValue: value) {
                #expect(back.side == side && back.price == Example.massCancel.price)
            } else {
                #expect(back.flags == Command.hasPriceRange)
                #expect(Int64(bitPattern: back.originalClientOrderID) > back.price)
            }
        }
    }

    @Test func aReplaceSaysWhatItsQuantityMeans() {
        var bytes = encoded(Example.replace)
        #expect(read(bytes) { OrderMessage.decode($0) }.flags == Command.quantityIsLeaves)
        bytes[50] = 0xFE
        #expect(read(bytes) { OrderMessage.decode($0) }.flags == 0)
    }
}
