import OrderEntry
import Orders
import Testing

@Suite struct ClientSessionTests {
    typealias Sent = ClientScript.Sent

    // MARK: Establishing

    @Test func asksEveryHundredMillisecondsUntilAnswered() {
        let script = ClientScript()
        #expect(script.sent() == [] && script.order() == nil)
        script.session.establish(now: script.now)
        #expect(script.sent() == [Sent(type: .establish)])
        script.after(milliseconds: 99)
        #expect(script.sent() == [])
        script.after(milliseconds: 1)
        #expect(script.sent() == [Sent(type: .establish)])
        script.ack(1, 1, version: 4)
        #expect(script.state == .establishing, "an answer to another client's establish")
        script.ack(1, 1)
        #expect(script.state == .established)
        #expect(script.order() == 1)
    }

    @Test func goesOnWhereAnOldSessionStands() {
        let script = ClientScript.established(nextClientSequence: 41, nextReportSequence: 101)
        let first = (script.session.firstClientSequence, script.session.firstReportSequence)
        #expect(first == (41, 101))
        #expect(script.order() == 41)
        #expect(script.sent() == [Sent(type: .newOrder, sequence: 41)])
        script.report(101, answering: 41)
        #expect(script.delivered() == [101] && script.unansweredCount == 0)
    }

    @Test func aRefusalEndsIt() {
        let script = ClientScript()
        script.session.establish(now: script.now)
        script.receive {
            SessionMessage.encodeEstablishReject(session: 3, sessionVersion: 5, reason: .versionTooOld, into: $0)
        }
        #expect(script.state == .failed(.rejected(.versionTooOld)))
        #expect(script.sent() == [] && script.order() == nil)
    }

    @Test func impossibleNumbersInTheAnswerAreIgnored() {
        for (client, report) in [(0, 1), (1, 0), (.max, 1), (1, .max)] as [(UInt64, UInt64)] {
            let script = ClientScript()
            script.session.establish(now: script.now)
            script.ack(client, report)
            #expect(script.state == .establishing && script.counters.strays == 1)
        }
    }

    // MARK: Commands

    @Test func packsCommandsIntoFullDatagrams() {
        let script = ClientScript.established()
        script.orders(40)
        var lengths: [Int] = []
        while let row = script.datagram() { lengths.append(row.count) }
        #expect(lengths == [29, 11], "48 bytes each, 1,400 a datagram")
    }

    @Test func theWindowIsBounded() {
        let script = ClientScript.established(windowCapacity: 4)
        script.orders(4)
        #expect(script.order() == nil)
        _ = script.sent()
        script.report(1, answering: 2)
        #expect(script.unansweredCount == 2)
        #expect(script.order() == 5 && script.order() == 6 && script.order() == nil)
    }

    @Test func theOldestIsSentAgainWithDoublingTimes() {
        let script = ClientScript.established()
        script.orders(2)
        _ = script.sent()
        var waits: [UInt64] = []
        var waited: UInt64 = 0
        while waits.count < 6 {
            script.after(milliseconds: 1)
            // The node is heard all the while.
            script.heartbeat(1)
            waited += 1
            let sent = script.sent()
            guard !sent.isEmpty, sent != [Sent(type: .heartbeat, sequence: 3)] else { continue }
            #expect(sent == [Sent(type: .newOrder, sequence: 1), Sent(type: .heartbeat, sequence: 3)])
            waits.append(waited)
            waited = 0
        }
        #expect(waits == [20, 40, 80, 160, 320, 320])
        #expect(script.counters.resends == 6)
        script.report(1, answering: 1)
        script.after(milliseconds: 20)
        #expect(script.sent().first == Sent(type: .newOrder, sequence: 2), "progress resets the time")
    }

    @Test func goesBackToTheGapSixtyFourAtOnce() {
        let script = ClientScript.established()
        script.orders(200)
        _ = script.sent()
        script.notApplied(11, .gap)
        #expect(script.sent().map(\.sequence) == Array(11..<75))
        script.notApplied(11, .gap)
        #expect(script.sent() == [], "the same gap at once is the same gap")
        for number in 1...20 as ClosedRange<UInt64> { script.report(number, answering: number) }
        #expect(script.sent().map(\.sequence) == Array(75..<85), "progress makes room")
        #expect(script.counters.notAppliedGap == 2 && script.counters.resends == 74)
    }

    @Test func newCommandsWaitBehindThoseSentAgain() {
        let script = ClientScript.established()
        script.orders(3)
        _ = script.sent()
        script.notApplied(2, .gap)
        #expect(script.order() == 4)
        #expect(script.sent().map(\.sequence) == [2, 3, 4])
        #expect(script.counters.resends == 2)
    }

    @Test func staleAndImpossibleGapsAreIgnored() {
        let script = ClientScript.established()
        script.orders(3)
        _ = script.sent()
        script.report(1, answering: 2)
        for expected in [0, 1, 2, 4, 9, .max] as [UInt64] {
            script.notApplied(expected, .gap)
            #expect(script.sent() == [])
        }
    }

    @Test func waitsWhileTheJournalIsUnavailable() {
        let script = ClientScript.established()
        script.orders(2)
        _ = script.sent()
        script.notApplied(1, .journalUnavailable)
        script.notApplied(1, .gap)
        script.after(milliseconds: 19)
        #expect(script.sent() == [])
        script.after(milliseconds: 1)
        #expect(script.sent().filter { $0.type == .newOrder }.map(\.sequence) == [1, 2])
        script.notApplied(1, .journalUnavailable)
        script.after(milliseconds: 39)
        #expect(script.sent() == [], "twice the time without progress")
        script.after(milliseconds: 1)
        #expect(script.sent().filter { $0.type == .newOrder }.map(\.sequence) == [1, 2])
        #expect(script.counters.notAppliedJournalUnavailable == 2)
    }

    // MARK: Reports

    @Test func reportsComeOnceAndInOrder() {
        let script = ClientScript.established()
        for number in [1, 1, 3, 4, 3] as [UInt64] { script.report(number) }
        #expect(script.delivered() == [1])
        #expect(script.sent() == [Sent(type: .retransmitRequest, first: 2, count: 1)])
        script.report(2)
        script.report(2)
        #expect(script.delivered() == [2, 3, 4])
        #expect(script.counters.gaps == 1 && script.counters.duplicates == 3)
    }

    @Test func missingReportsAreAskedForInBatchesAndAgain() {
        let script = ClientScript.established()
        script.heartbeat(101)
        let first = Sent(type: .retransmitRequest, first: 1, count: 64)
        #expect(script.sent() == [first])
        script.after(milliseconds: 4)
        #expect(script.sent() == [])
        script.after(milliseconds: 1)
        #expect(script.sent() == [first])
        script.after(milliseconds: 9)
        #expect(script.sent() == [])
        script.after(milliseconds: 1)
        #expect(script.sent() == [first])
        for number in 1...64 as ClosedRange<UInt64> { script.report(number) }
        #expect(script.sent() == [Sent(type: .retransmitRequest, first: 65, count: 36)])
        for number in 65...100 as ClosedRange<UInt64> { script.report(number) }
        #expect(script.delivered() == Array(1...100) && script.sent() == [])
        #expect(script.counters.retransmitRequests == 4)
    }

    @Test func reportsBeyondTheBufferAreAskedForAgain() {
        let script = ClientScript.established()
        script.report(4_097)
        #expect(script.counters.reportsBeyondWindow == 1 && script.sent() == [])
        script.report(4_096)
        #expect(script.sent() == [Sent(type: .retransmitRequest, first: 1, count: 64)])
        for number in 1..<4_096 as Range<UInt64> { script.report(number) }
        #expect(script.delivered() == Array(1...4_096))
        script.heartbeat(4_098)
        #expect(script.sent().last == Sent(type: .retransmitRequest, first: 4_097, count: 1))
        script.report(4_097)
        #expect(script.delivered() == [4_097])
    }

    @Test func reportsTheNodeNoLongerHasEndIt() {
        let script = ClientScript.established()
        script.heartbeat(9)
        for oldest in [1, 8] as [UInt64] {
            #expect(script.state == .established)
            script.receive {
                SessionMessage.encodeRetransmitReject(session: 3, from: 1, oldest: oldest, reason: .tooOld, into: $0)
            }
        }
        #expect(script.state == .failed(.reportsUnavailable(missing: 1, oldest: 8)))
    }

    @Test func aCommandTooOldToAnswerMakesItAskForTheReports() {
        let script = ClientScript.established()
        script.orders(2)
        _ = script.sent()
        script.notApplied(3, .tooOld)
        #expect(script.sent() == [Sent(type: .retransmitRequest, first: 1, count: 64)])
    }
}
