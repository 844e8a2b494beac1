import OrderEntry
import Testing

/// How a client's session is kept, lost, confirmed and ended.
@Suite struct ClientSessionLifeTests {
    typealias Sent = ClientScript.Sent

    @Test func confirmationFindsReportsLostAtTheEnd() {
        let script = ClientScript.established()
        script.orders(1)
        _ = script.sent()
        script.report(1, answering: 1)
        script.session.confirm(now: script.now)
        #expect(script.sent() == [Sent(type: .establish)] && !script.isComplete)
        script.ack(1, 1)
        #expect(!script.isComplete, "an answer from before the command")
        script.after(milliseconds: 100)
        #expect(script.sent() == [Sent(type: .establish)])
        script.ack(2, 3)
        #expect(script.sent() == [Sent(type: .retransmitRequest, first: 2, count: 1)] && !script.isComplete)
        script.report(2)
        #expect(script.isComplete)
    }

    @Test func aSilentNodeIsLostAndAskedAgain() {
        let script = ClientScript.established()
        script.orders(3)
        _ = script.sent()
        script.report(1, answering: 1)
        for _ in 0..<3_001 { script.after(milliseconds: 1) }
        #expect(script.state == .lost && script.order() == nil && script.counters.losses == 1)
        _ = script.sent()
        script.after(milliseconds: 100)
        #expect(script.sent() == [Sent(type: .establish)])
        script.ack(3, 3)
        #expect(script.state == .established)
        #expect(
            script.sent() == [
                Sent(type: .retransmitRequest, first: 2, count: 1), Sent(type: .newOrder, sequence: 3),
            ])
        #expect(script.order() == 4)
    }

    @Test(arguments: [TerminationReason.notEstablished, .heartbeatTimeout])
    func aNodeThatForgotTheSessionIsAskedAgain(reason: TerminationReason) {
        let script = ClientScript.established()
        script.terminate(reason)
        #expect(script.state == .lost)
        script.after(milliseconds: 100)
        #expect(script.sent() == [Sent(type: .establish)])
    }

    @Test func anotherClientsCommandsAreNoticed() {
        let script = ClientScript.established()
        script.terminate(.notEstablished)
        script.ack(7, 1)
        #expect(script.state == .failed(.sequenceMismatch(expectedByNode: 7, nextHere: 1)))
    }

    @Test(arguments: [TerminationReason.shutdown, .replaced, .finished, .none])
    func theNodeMayEndIt(reason: TerminationReason) {
        let script = ClientScript.established()
        script.terminate(reason)
        #expect(script.state == .ended(reason))
    }

    @Test func takesLeaveUntilAnswered() {
        let script = ClientScript.established()
        script.session.terminate(now: script.now)
        #expect(script.sent() == [Sent(type: .terminate)])
        script.after(milliseconds: 100)
        #expect(script.sent() == [Sent(type: .terminate)])
        script.terminate(.notEstablished)
        #expect(script.state == .ended(.finished))
    }

    @Test func takesLeaveOfADeadNodeAfterASecond() {
        let script = ClientScript.established()
        script.session.terminate(now: script.now)
        for _ in 0..<10 { script.after(milliseconds: 100) }
        #expect(script.state == .ended(.none))
    }

    @Test func keepsTheSessionAlive() {
        let script = ClientScript.established()
        script.orders(1)
        _ = script.sent()
        script.report(1, answering: 1)
        script.after(milliseconds: 999)
        #expect(script.sent() == [])
        script.after(milliseconds: 1)
        #expect(script.sent() == [Sent(type: .heartbeat, sequence: 2)])
    }

    @Test func strayAndBrokenDatagramsChangeNothing() {
        let script = ClientScript.established()
        script.receive { SessionMessage.encodeTerminate(session: 4, reason: .shutdown, into: $0) }
        script.receive { SessionMessage.encodeTerminate(session: 3, reason: .shutdown, into: $0) - 1 }
        script.receive { SessionMessage.encodeRetransmitRequest(session: 3, from: 1, count: 1, into: $0) }
        #expect(script.state == .established && script.counters.strays == 3)
    }
}
