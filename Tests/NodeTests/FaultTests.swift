import Foundation
import NetStack
import Node
import OrderEntry
import Orders
import Runtime
import TestSupport
import Testing
import Wire

/// What must not stop the node or lose anything: strangers, garbage, a full disk.
@Suite struct FaultTests {
    private func request(key: [UInt8], session: UInt32 = 1, participant: UInt32 = 1) -> [UInt8] {
        let request = EstablishRequest(
            session: session, participant: participant, cancelsOnDisconnect: false, heartbeatMilliseconds: 1_000,
            sessionVersion: 1, nextReportSequence: 1, accessKey: EstablishRequest.InlineKey(key))
        var bytes = [UInt8](repeating: 0, count: 256)
        let length = bytes.withUnsafeMutableBytes { request.encode(into: $0.baseAddress!) }
        return Array(bytes[..<length])
    }

    private func order(session: UInt32, sequence: UInt64) -> [UInt8] {
        let command = Command(
            kind: .newOrder, clientSequence: sequence, clientOrderID: sequence, price: 10_000, quantity: 1,
            session: session, instrument: 1, side: .buy, timeInForce: .day)
        var bytes = [UInt8](repeating: 0, count: 128)
        let length = bytes.withUnsafeMutableBytes { OrderMessage.encode(command, into: $0.baseAddress!) }
        return Array(bytes[..<length])
    }

    @Test func whoeverIsNotAParticipantIsDroppedAndCounted() throws {
        let bench = try Bench()
        let trader = Trader(bench, seed: 1, orders: 50)
        trader.establish()
        trader.trade(50)
        let before = bench.node.statistics[EngineCounter.commands]
        func expect(_ reason: DropReason, _ send: () -> Void) {
            let count = bench.node.statistics[reason]
            send()
            bench.settle()
            #expect(bench.node.statistics[reason] == count + 1, "\(reason)")
        }
        let key = bench.configuration.orderEntry.participants[0].accessKey
        expect(.unknownSource) {
            bench.send(request(key: key, session: 2), port: 9_000, from: IPv4Address(198, 18, 1, 1))
        }
        expect(.authenticationFailed) { bench.send(request(key: Array("wrong".utf8), session: 2), port: 9_000) }
        // Participant 2 has the right key of its own, and no right to session 2.
        let other = bench.configuration.orderEntry.participants[1].accessKey
        expect(.authenticationFailed) { bench.send(request(key: other, session: 2, participant: 2), port: 9_000) }
        expect(.sessionUnknown) { bench.send(request(key: key, session: 900), port: 9_000) }
        expect(.sessionNotEstablished) { bench.send(order(session: 2, sequence: 1), port: 9_000) }
        // The trader's session, used from another port than it was established from.
        expect(.endpointMismatch) { bench.send(order(session: 1, sequence: 51), port: 9_000) }
        expect(.noListener) { bench.send(order(session: 1, sequence: 51), port: 9_001) }
        #expect(bench.node.statistics[EngineCounter.commands] == before, "a stranger's message became a command")
        try bench.node.stop()
        while bench.receive() != nil {}
        #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
    }

    /// Random and mutated messages from an allowed address: each is dropped for a reason or handled, none stops the node,
    /// and the session that trades beside them sees nothing of it.
    @Test func garbageOnTheOrderPortIsCountedAndStopsNothing() throws {
        #if DEBUG
            let rounds = 300
        #else
            let rounds = 5_000
        #endif
        let bench = try Bench()
        let trader = Trader(bench, seed: 2, orders: rounds)
        trader.establish()
        var random = SplitMix64(seed: 5)
        // Another participant's: with the trader's own key a mutated session number could rightly take its session.
        let key = bench.configuration.orderEntry.participants[1].accessKey
        let seeds = [
            request(key: key, session: 5, participant: 2), order(session: 6, sequence: 1),
            order(session: 900, sequence: 1),
        ]
        for _ in 0..<rounds {
            for _ in 0..<40 {
                var message = seeds[random.next(below: seeds.count)]
                if random.next(below: 2) == 0 { message += seeds[random.next(below: seeds.count)] }
                for _ in 0..<random.next(below: 4) {
                    message[random.next(below: message.count)] = UInt8(truncatingIfNeeded: random.next())
                }
                if random.next(below: 4) == 0 { message = Array(message[..<random.next(below: message.count)]) }
                bench.send(message, port: 9_000)
            }
            trader.trade(1)
            #expect(trader.state == .established)
            guard trader.state == .established else { return }
            while bench.receive() != nil {}
        }
        let verdict = trader.model.verify(final: true)
        #expect(verdict.isClean, "\(verdict.lines)")
        bench.settle()
        let statistics = bench.node.statistics
        for reason in [
            DropReason.messageTruncated, .messageLengthInvalid, .protocolVersionUnsupported, .messageTypeUnknown,
            .sessionUnknown, .sessionNotEstablished, .authenticationFailed,
        ] {
            #expect(statistics[reason] > 0, "\(reason)")
        }
        // Every frame is accounted for.
        #expect(
            statistics[NetworkCounter.framesReceived]
                == statistics[NetworkCounter.orderDatagrams] + statistics[NetworkCounter.controlFrames])
        try bench.node.stop()
        while bench.receive() != nil {}
        #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }

    /// A full disk: no order is taken that could not be kept, each is told so, and with space all goes on by itself.
    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs"))
    func aFullDiskStopsOrdersNotTheNode() throws {
        let disk = try #require(SmallDisk(megabytes: 4))
        let bench = try Bench {
            $0.journal.directory = disk.path
            $0.journal.segmentMegabytes = 1
        }
        let trader = Trader(bench, seed: 3, orders: 9_000)
        trader.establish()
        trader.trade(100)
        #expect(trader.notApplied == 0)

        disk.fill()
        var sent = 100
        for _ in 0..<200_000 where trader.notApplied < 5 {
            if trader.unansweredCount < 16, sent < 9_000, trader.issue() { sent += 1 }
            trader.exchange()
        }
        #expect(trader.notApplied >= 5, "the client was told")
        #expect(!bench.node.statistics.journalIsAccepting)
        #expect(bench.node.statistics[EngineCounter.refusedByJournal] > 0)
        let sequence = bench.node.sequence
        for _ in 0..<2_000 { trader.exchange() }
        #expect(bench.node.sequence == sequence, "a command was taken on a full disk")
        // The node lives: it still answers what needs no disk.
        bench.send(order(session: 900, sequence: 1), port: 9_000)
        bench.settle()
        #expect(bench.node.statistics[DropReason.sessionUnknown] == 1)

        disk.free()
        trader.trade(0)
        let rest = min(200, 9_000 - sent)
        trader.trade(rest)
        #expect(bench.node.statistics.journalIsAccepting)
        #expect(trader.model.statistics.commandsAnswered == sent + rest, "each command answered once")
        trader.leave()
        bench.settle()
        try bench.node.stop()
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
    }
}
