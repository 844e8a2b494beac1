import Node
import OrderEntry
import Orders
import Runtime
import Testing

/// The stream of several shards: in the order of the log, and of one command in the order of the shards.
@Suite struct ShardStreamTests {
    private func order(_ sequence: UInt64, _ instrument: UInt32, _ side: Side, session: UInt32 = 1) -> Command {
        Command(
            kind: .newOrder, sequence: sequence, timestampNanoseconds: sequence, clientSequence: sequence,
            clientOrderID: sequence, price: 1, quantity: 2, session: session, instrument: instrument, side: side,
            timeInForce: .day)
    }

    /// The reports of a log, with the shards on a thread each.
    private func stream(_ log: [Command]) throws -> [ExecutionReport] {
        let core = EngineCore(
            configuration: try ShardedLog.configuration(profile: .plain, shards: 4),
            authenticator: AccessKeyAuthenticator())
        var stream: [ExecutionReport] = []
        var run = try ShardRun(
            core: core, threads: 4, clock: Clock.calibrated(durationNanoseconds: 1_000_000)
        ) { stream.append($0) }
        for command in log { run.apply(command) }
        _ = run.finish()
        return stream
    }

    @Test func tradesAreNumberedInTheOrderOfTheLog() throws {
        var log: [Command] = []
        for number in 0..<200 as Range<UInt64> {
            log.append(order(UInt64(log.count + 1), UInt32(number % 8) + 1, .buy))
            log.append(order(UInt64(log.count + 1), UInt32(number % 8) + 1, .sell, session: 2))
        }
        let stream = try stream(log)
        #expect(zip(stream, stream.dropFirst()).allSatisfy { $0.sequence <= $1.sequence })
        let fills = stream.filter { $0.executionID != 0 }.map(\.executionID)
        #expect(fills == (1...200).flatMap { [$0, $0] })
        for session in [1, 2] as [UInt32] {
            let own = stream.filter { $0.session == session }.map(\.reportSequence)
            #expect(own == Array(1...UInt64(own.count)))
        }
    }

    @Test func aMassCancelOverAllShardsIsAnsweredOnce() throws {
        var log = (1...8 as ClosedRange<UInt32>).map { order(UInt64($0), $0, .buy) }
        log.append(
            Command(
                kind: .massCancel, sequence: 9, timestampNanoseconds: 9, clientSequence: 9, clientOrderID: 77,
                session: 1)
        )
        log.append(order(10, 1, .buy))
        let answers = try stream(log).filter { $0.sequence == 9 }
        // By shard: 1 and 5 are in the first, 2 and 6 in the second; of a shard the newest first.
        #expect(answers.dropLast().map(\.instrument) == [5, 1, 6, 2, 7, 3, 8, 4])
        #expect(answers.dropLast().allSatisfy { $0.kind == .cancelled && $0.reason == .massCancel })
        #expect(answers.last?.kind == .massCancelled && answers.last?.cumulativeQuantity == 8)
        #expect(answers.last?.clientOrderID == 77 && answers.last?.clientSequence == 9)
        #expect(answers.map(\.reportSequence) == Array(9...17))
    }

    @Test func oneShardsOrdersAloneGoWithItsInstrument() throws {
        var log = (1...8 as ClosedRange<UInt32>).map { order(UInt64($0), $0, .buy) }
        log.append(
            Command(
                kind: .massCancel, sequence: 9, timestampNanoseconds: 9, clientSequence: 9, clientOrderID: 77,
                session: 1,
                instrument: 3))
        let answers = try stream(log).filter { $0.sequence == 9 }
        #expect(answers.map(\.kind) == [.cancelled, .massCancelled])
        #expect(answers.last?.cumulativeQuantity == 1)
    }
}
