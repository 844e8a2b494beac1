import OrderEntry
import Orders
import Testing

@Suite struct SessionTableReceiveTests {
    private func established(historyCapacity: Int = 4_096) -> ServerHarness {
        let server = ServerHarness(historyCapacity: historyCapacity)
        server.receive(Script.establish())
        return server
    }

    @Test func commandsInTheirTurnAreApplied() {
        let server = established()
        let sent = server.receive(Script.order(1) + Script.order(2) + Script.order(3))
        #expect(server.executed.map(\.clientOrderID) == [1_001, 1_002, 1_003])
        #expect(sent.map(\.report.clientSequence) == [1, 2, 3])
        #expect(sent.map(\.gate) == [2, 3, 4])
    }

    @Test func aRepeatedCommandIsAnsweredAndNotExecuted() {
        let server = established()
        let original = server.receive(Script.order(1) + Script.order(2)).map(\.report)
        let again = server.receive(Script.order(1)).map(\.report)
        #expect(server.executed.count == 2)
        #expect(again.count == 1)
        var marked = original[0]
        marked.flags = .possibleDuplicate
        #expect(again == [marked])
        #expect(server.receive(Script.order(2)).map(\.report.reportSequence) == [2])
    }

    @Test func aRepeatedCommandWithAnotherContentIsStillTheFirst() {
        let server = established()
        server.receive(Script.order(1))
        let other = Command(kind: .cancel, clientSequence: 1, clientOrderID: 5, session: 7)
        #expect(server.receive(encoded(other)).map(\.report.clientOrderID) == [1_001])
        #expect(server.executed.map(\.kind) == [.newOrder])
    }

    @Test func aGapIsReportedOnce() {
        let server = established()
        server.receive(Script.order(1), now: 10)
        let gap = NotApplied(expected: 2, reason: .gap)
        #expect(server.receive(Script.order(3) + Script.order(4) + Script.order(5), now: 20).map(\.notApplied) == [gap])
        #expect(server.receive(Script.order(6), now: 1_000_019).isEmpty)
        #expect(server.receive(Script.order(6), now: 1_000_020).map(\.notApplied) == [gap], "again after a millisecond")
        #expect(server.executed.count == 1)
        server.receive(Script.order(2), now: 1_000_030)
        let next = NotApplied(expected: 3, reason: .gap)
        #expect(server.receive(Script.order(9), now: 1_000_031).map(\.notApplied) == [next], "a new gap at once")
    }

    @Test func aHeartbeatBehindLostCommandsReportsTheGap() {
        let server = established()
        #expect(server.receive(Script.heartbeat(next: 1)).isEmpty)
        #expect(
            server.receive(Script.heartbeat(next: 4)).map(\.notApplied) == [NotApplied(expected: 1, reason: .gap)])
    }

    @Test func aCommandOlderThanTheHistoryIsNamedSo() {
        let server = established(historyCapacity: 8)
        for sequence in 1...20 as ClosedRange<UInt64> { server.receive(Script.order(sequence)) }
        let tooOld = NotApplied(expected: 21, reason: .tooOld)
        for sequence in 0...12 as ClosedRange<UInt64> {
            #expect(server.receive(Script.order(sequence)).map(\.notApplied) == [tooOld], "command \(sequence)")
        }
        // The map of the commands holds one less than the history, because the end of a command is the next one's begin.
        for sequence in 14...20 as ClosedRange<UInt64> {
            #expect(server.receive(Script.order(sequence)).map(\.report.reportSequence) == [sequence])
        }
        #expect(server.executed.count == 20)
    }

    @Test func retransmissionSendsWhatIsKept() {
        let server = established(historyCapacity: 16)
        for sequence in 1...40 as ClosedRange<UInt64> { server.receive(Script.order(sequence)) }
        let sent = server.receive(Script.retransmit(from: 25, count: 4))
        #expect(sent.map(\.report.reportSequence) == [25, 26, 27, 28])
        #expect(sent.allSatisfy { $0.report.flags.contains(.possibleDuplicate) })
        #expect(server.receive(Script.retransmit(from: 39, count: .max)).map(\.report.reportSequence) == [39, 40])
        #expect(server.receive(Script.retransmit(from: 41, count: 1)).isEmpty)
        #expect(server.receive(Script.retransmit(from: .max, count: .max)).isEmpty)
        #expect(server.receive(Script.retransmit(from: 30, count: 0)).isEmpty)
        let refused = server.receive(Script.retransmit(from: 24, count: 1))
        #expect(refused.map(\.type) == [.retransmitReject])
        #expect(read(refused[0].bytes) { SessionMessage.retransmitReject(at: $0) } == (24, 25))
        #expect(server.receive(Script.retransmit(from: 0, count: 1)).map(\.type) == [.retransmitReject])
    }

    @Test func aRetransmissionIsBounded() {
        let server = established()
        for sequence in 1...600 as ClosedRange<UInt64> { server.receive(Script.order(sequence)) }
        #expect(server.receive(Script.retransmit(from: 1, count: .max)).count == 256)
    }

    @Test func aRefusedCommandKeepsItsNumber() {
        let server = established()
        for reason in [NotAppliedReason.journalUnavailable, .busy] {
            server.refusal = reason
            #expect(server.receive(Script.order(1)).map(\.notApplied) == [NotApplied(expected: 1, reason: reason)])
        }
        server.refusal = nil
        #expect(server.executed.isEmpty)
        #expect(server.receive(Script.order(1)).map(\.report.clientSequence) == [1])
    }

    @Test func anotherEndpointIsDropped() {
        let server = established()
        for (ipv4, port) in [(0x0A00_0002, 40_001), (0x0A00_0003, 40_000)] as [(UInt32, UInt16)] {
            #expect(server.receive(Script.order(1), from: Peer(ipv4: ipv4, port: port)).isEmpty)
        }
        #expect(server.drops == [.endpointMismatch, .endpointMismatch])
        #expect(server.executed.isEmpty)
    }

    @Test(arguments: [0, 8, 1_025, .max] as [UInt32])
    func anUnknownSessionIsDropped(_ session: UInt32) {
        let server = established()
        #expect(server.receive(Script.order(1, session: session)).isEmpty)
        #expect(server.drops == [.sessionUnknown])
    }

    @Test func aNodesMessagesAreDropped() {
        let server = established()
        let types: [MessageType] = [.establishAck, .establishReject, .retransmitReject, .notApplied, .executionReport]
        for example in Example.all where types.contains(example.type) {
            var bytes = example.bytes
            bytes.replaceSubrange(4..<8, with: [7, 0, 0, 0])
            #expect(server.receive(bytes).isEmpty)
        }
        #expect(server.drops == Array(repeating: .typeNotAClients, count: types.count))
    }

    @Test func aFullSinkLosesAnAnswerAndNothingElse() {
        let server = established()
        let gaps = (2...3).flatMap { Script.order(UInt64($0)) }
        for round in 1...100 as ClosedRange<UInt64> { server.receive(gaps, now: round * 2_000_000) }
        #expect(server.sinkOverflow == 0)
        var sink = MessageSink(capacity: 1)
        defer { sink.deallocate() }
        server.table.acknowledge(session: 7, gate: 1, replies: &sink)
        server.table.acknowledge(session: 7, gate: 1, replies: &sink)
        #expect(sink.count == 1)
        #expect(sink.overflow == 1)
        #expect(sink.session(at: 0) == 7)
    }
}
