import OrderEntry
import Orders
import Testing

/// The part of the sessions that follows from the log.
@Suite struct SessionTableTests {
    @Test func reportsAreNumberedPerSession() {
        let server = ServerHarness(sessions: [7, 1_024])
        server.receive(Script.establish())
        server.receive(Script.establish(session: 1_024), from: Peer(ipv4: 0x0A00_0003, port: 1))
        let first = server.receive(Script.order(1) + Script.order(2)).map(\.report.reportSequence)
        let other = server.receive(Script.order(1, session: 1_024), from: Peer(ipv4: 0x0A00_0003, port: 1))
        #expect(first == [1, 2])
        #expect(other.map(\.report.reportSequence) == [1])
        #expect(server.history(2)?.clientSequence == 2)
        #expect(server.history(3) == nil)
        #expect(server.history(0) == nil)
        #expect(server.history(1, session: 5_000) == nil)
    }

    @Test func aReplayGivesTheSameStateWithoutConnections() {
        let live = ServerHarness()
        live.receive(Script.establish(version: 3, cancelsOnDisconnect: true))
        for sequence in 1...50 as ClosedRange<UInt64> { live.receive(Script.order(sequence)) }
        let replayed = ServerHarness()
        #expect(replayed.stateHash != live.stateHash)
        replayed.replay(live.log)
        #expect(replayed.stateHash == live.stateHash)
        #expect(replayed.table.peer(of: 7) == nil)
        for sequence in 1...50 as ClosedRange<UInt64> { #expect(replayed.history(sequence) == live.history(sequence)) }
        // The client goes on: told to establish, answered from the state before the restart, then further.
        #expect(replayed.receive(Script.order(51)).map(\.termination) == [.notEstablished])
        let ack = replayed.receive(Script.establish(version: 3, cancelsOnDisconnect: true, nextReport: 51)).map(\.ack)
        #expect(ack.map(\.nextClientSequence) == [51])
        #expect(ack.map(\.nextReportSequence) == [51])
        #expect(replayed.receive(Script.order(50)).map(\.report.reportSequence) == [50])
        #expect(replayed.receive(Script.order(51)).map(\.report.reportSequence) == [51])
        #expect(replayed.executed.map(\.clientSequence) == Array(1...51))
    }

    @Test func everyPartOfTheStateIsInTheHash() {
        var hashes: Set<UInt64> = []
        let server = ServerHarness()
        hashes.insert(server.stateHash)
        server.receive(Script.establish())
        hashes.insert(server.stateHash)
        server.receive(Script.establish(version: 2))
        hashes.insert(server.stateHash)
        server.receive(Script.establish(version: 2, cancelsOnDisconnect: true))
        hashes.insert(server.stateHash)
        server.receive(Script.order(1))
        hashes.insert(server.stateHash)
        server.receive(Script.terminate())
        hashes.insert(server.stateHash)
        #expect(hashes.count == 6)
    }
}
