import OrderEntry
import Orders
import Testing

@Suite struct SessionTableEstablishTests {
    private static let elsewhere = Peer(mac: 2, ipv4: 0x0A00_0009, port: 555)

    @Test func theAcknowledgementWaitsForItsCommand() {
        let server = ServerHarness()
        let sent = server.receive(Script.establish(version: 9, cancelsOnDisconnect: true, heartbeat: 250))
        #expect(server.log.map(\.kind) == [.sessionEstablished])
        #expect(server.log.map(\.clientOrderID) == [9])
        #expect(server.log.map(\.flags) == [1])
        #expect(sent.map(\.gate) == [1])
        #expect(sent.map(\.peer) == [ServerHarness.peer])
        #expect(
            sent.map(\.ack) == [
                EstablishAck(
                    session: 7, nextClientSequence: 1, nextReportSequence: 1, sessionVersion: 9,
                    heartbeatMilliseconds: 250, acknowledgementMode: 1)
            ])
    }

    @Test func twiceIsOnce() {
        let server = ServerHarness()
        let first = server.receive(Script.establish())
        let second = server.receive(Script.establish())
        #expect(first == second, "the same answer, and no earlier than the first")
        #expect(server.log.count == 1)
    }

    @Test(arguments: [
        Script.establish(key: EstablishRequest.InlineKey(2...33)), Script.establish(participant: 71),
    ])
    func aWrongSecretOrParticipantGetsNoAnswer(_ datagram: [UInt8]) {
        let server = ServerHarness()
        #expect(server.receive(datagram).isEmpty)
        #expect(server.drops == [.authenticationFailed])
        #expect(server.log.isEmpty)
    }

    @Test func aWrongSourceGetsNoAnswer() {
        let server = ServerHarness()
        let stranger = Peer(ipv4: 0x0A00_0102, port: 40_000)
        #expect(server.receive(Script.establish(), from: stranger).isEmpty)
        #expect(server.receive(Script.order(1), from: stranger).isEmpty, "nothing to reflect at a forged sender")
        #expect(server.drops == [.authenticationFailed, .sessionNotEstablished])
    }

    @Test func aLowerVersionIsRefused() {
        let server = ServerHarness()
        server.receive(Script.establish(version: 5))
        #expect(server.receive(Script.establish(version: 4)).map(\.rejection) == [.versionTooOld])
        #expect(server.receive(Script.establish(version: 0)).map(\.rejection) == [.versionTooOld])
        #expect(server.receive(Script.order(1)).map(\.type) == [.executionReport], "the session is as it was")
    }

    @Test func anEqualVersionDoesNotTakeALiveSession() {
        let server = ServerHarness()
        server.receive(Script.establish(version: 5))
        #expect(server.receive(Script.establish(version: 5), from: Self.elsewhere).map(\.rejection) == [.versionTooOld])
        #expect(server.table.peer(of: 7) == ServerHarness.peer)
    }

    @Test func aGreaterVersionDoes() {
        let server = ServerHarness()
        server.receive(Script.establish(version: 5))
        let sent = server.receive(Script.establish(version: 6), from: Self.elsewhere)
        #expect(sent.map(\.type) == [.terminate, .establishAck])
        #expect(sent[0].termination == .replaced)
        #expect(sent.map(\.peer) == [ServerHarness.peer, Self.elsewhere])
        server.receive(Script.order(1))
        #expect(server.drops == [.endpointMismatch])
        #expect(server.executed.isEmpty)
        #expect(server.receive(Script.order(1), from: Self.elsewhere).map(\.type) == [.executionReport])
    }

    @Test func aChangedHardwareAddressIsTakenOver() {
        let server = ServerHarness()
        server.receive(Script.establish())
        var moved = ServerHarness.peer
        moved.mac = 99
        #expect(server.receive(Script.order(1), from: moved).map(\.type) == [.executionReport])
        server.receive(Script.establish(), from: moved)
        #expect(server.receive(Script.order(2), from: moved).map(\.peer) == [moved])
    }

    @Test(arguments: [0, 49, 10_001, .max] as [UInt32])
    func aHeartbeatOutsideTheRangeIsRefused(_ milliseconds: UInt32) {
        let server = ServerHarness()
        #expect(server.receive(Script.establish(heartbeat: milliseconds)).map(\.rejection) == [.heartbeatInvalid])
        #expect(server.log.isEmpty)
    }

    @Test func reportsNeverNumberedAreRefused() {
        let server = ServerHarness()
        #expect(server.receive(Script.establish(nextReport: 2)).map(\.rejection) == [.reportSequenceInvalid])
    }

    // MARK: The end

    @Test func terminateEndsIt() {
        let server = ServerHarness()
        server.receive(Script.establish())
        let sent = server.receive(Script.terminate())
        #expect(server.log.map(\.kind) == [.sessionEstablished, .sessionTerminated])
        #expect(server.log[1].flags == TerminationReason.finished.rawValue)
        #expect(sent.map(\.termination) == [.finished])
        #expect(sent.map(\.gate) == [2])
        #expect(server.receive(Script.terminate()).map(\.termination) == [.notEstablished])
        #expect(server.log.count == 2)
        #expect(server.receive(Script.establish()).map(\.type) == [.establishAck], "the same version goes on")
    }

    @Test func cancelOnDisconnectIsMarkedInTheCommand() {
        let server = ServerHarness()
        server.receive(Script.establish(cancelsOnDisconnect: true))
        server.receive(Script.terminate())
        let flags = TerminationReason.finished.rawValue | SessionTable.cancelOnDisconnectFlag
        #expect(server.log[1].flags == flags)
    }

    // MARK: Time

    private static let interval: UInt64 = 100_000_000

    @Test func heartbeatsAreSentEveryInterval() {
        let server = ServerHarness()
        server.receive(Script.establish(), now: 1)
        server.receive(Script.order(1), now: 1)
        #expect(server.poll(now: Self.interval).isEmpty)
        let sent = server.poll(now: Self.interval + 1)
        #expect(sent.map(\.type) == [.heartbeat])
        #expect(read(sent[0].bytes) { MessageHeader.sequence(at: $0) } == 2)
        #expect(server.poll(now: Self.interval + 2).isEmpty)
    }

    @Test func silenceOfThreeIntervalsEndsIt() {
        let server = ServerHarness()
        server.receive(Script.establish(), now: 1)
        server.receive(Script.heartbeat(next: 1), now: Self.interval)
        #expect(server.poll(now: 4 * Self.interval).map(\.type) == [.heartbeat])
        let sent = server.poll(now: 4 * Self.interval + 1)
        #expect(sent.map(\.termination) == [.heartbeatTimeout])
        #expect(server.log.last?.kind == .sessionTerminated)
        #expect(server.poll(now: 9 * Self.interval).isEmpty)
        #expect(server.log.count == 2, "ended once")
    }

    @Test func aClockThatStepsBackEndsNothing() {
        let server = ServerHarness()
        server.receive(Script.establish(), now: 50 * Self.interval)
        #expect(server.poll(now: 1).isEmpty)
        #expect(server.log.count == 1)
    }

    @Test func manySessionsAreEndedOneAtATime() {
        let server = ServerHarness(sessions: Array(1...20))
        for session in 1...20 as ClosedRange<UInt32> { server.receive(Script.establish(session: session), now: 1) }
        var calls = 0
        while server.log.count < 40, calls < 100 {
            #expect(server.poll(now: 10 * Self.interval).count <= 9)
            calls += 1
        }
        #expect(server.log[20...].allSatisfy { $0.kind == .sessionTerminated })
        #expect(Set(server.log[20...].map(\.session)).count == 20)
    }

    @Test func aClientThatDoesNotComeBackAfterARestartIsLost() {
        let before = ServerHarness()
        before.receive(Script.establish(cancelsOnDisconnect: true))
        before.receive(Script.order(1))
        let after = ServerHarness()
        after.replay(before.log)
        let start = 1_000 * Self.interval
        let patience = 3 * 10_000 * 1_000_000 as UInt64
        after.poll(now: start)
        after.poll(now: start + patience)
        #expect(after.log.count == 2)
        #expect(after.poll(now: start + patience + 1).isEmpty, "nobody to tell")
        #expect(after.log.last?.kind == .sessionTerminated)
        #expect(after.log.last?.flags == TerminationReason.heartbeatTimeout.rawValue | 0x80)
        after.poll(now: start + 9 * patience)
        #expect(after.log.count == 3, "ended once")
    }

    @Test func aClientThatComesBackAfterARestartIsKept() {
        let before = ServerHarness()
        before.receive(Script.establish())
        let after = ServerHarness()
        after.replay(before.log)
        after.poll(now: Self.interval)
        after.receive(Script.establish(heartbeat: 10_000), now: 2 * Self.interval)
        after.receive(Script.heartbeat(next: 1), now: 300 * Self.interval)
        after.poll(now: 400 * Self.interval)
        #expect(after.log.map(\.kind) == [.sessionEstablished, .sessionEstablished])
    }
}
