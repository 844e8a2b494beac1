import Glibc
import LoadClient
import Node
import OrderEntry
import Orders
import Runtime
import Testing

/// A node whose cores are threads: a client is told the same whatever number of shards, and of threads they run on.
@Suite struct RunningShardsTests {
    /// Fewer than lie between two checkpoints: their place in the log, and with it the numbers of the commands behind
    /// them, depends on what is under way.
    private static let commands = 3_000

    /// Cores beside those of network, engine and journal, and the shards on each.
    private struct Layout: CustomTestStringConvertible {
        var shards: Int
        var cores: [[String]] = []
        var testDescription: String { "\(shards) shards, own cores: \(cores)" }
    }

    @Test func clientsSeeNoDifference() throws {
        let expected = try reports(Layout(shards: 1))
        #expect(expected.count >= Self.commands && expected.contains { $0.executionID > 0 })
        for instrument in [1, 2] as [UInt32] {
            #expect(expected.contains { $0.instrument == instrument && $0.executionID > 0 })
        }
        for layout in [
            Layout(shards: 2), Layout(shards: 2, cores: [["matching0", "matching1"]]),
            Layout(shards: 2, cores: [["matching0"], ["matching1"]]),
        ] {
            let found = try reports(layout)
            #expect(found == expected, "\(layout.testDescription)")
        }
    }

    /// What one session that trades two instruments by turns is told, without the times, which are the clock's.
    private func reports(_ layout: Layout) throws -> [ExecutionReport] {
        #expect(UInt64(Self.commands) + 1 < Limits.commandsPerCheckpoint)
        let bench = try Bench { configuration in
            var second = configuration.instruments[0]
            second.specification.id = 2
            configuration.instruments.append(second)
            configuration.shards = layout.shards
            configuration.cores.plan =
                [["network0", "marketData"], ["engine"], ["journal"]].map { .init(name: $0[0], cpu: nil, stages: $0) }
                + layout.cores.map { .init(name: $0[0], cpu: nil, stages: $0) }
        }
        let participant = bench.configuration.orderEntry.participants[0]
        var session = ClientSession(
            ClientSessionConfiguration(
                session: 1, participant: participant.id, accessKey: EstablishRequest.InlineKey(participant.accessKey),
                sessionVersion: 1))
        var flows = [1, 2].map { number in
            OrderFlow(
                options: OrderFlowOptions(instrument: number), seed: UInt64(number) + 70,
                firstClientOrderID: UInt64(number) << 32)
        }
        let clock = try Clock.calibrated(durationNanoseconds: 1_000_000)
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: ClientSession.maximumDatagramLength, alignment: 8)
        defer { buffer.deallocate() }
        var reports: [ExecutionReport] = []
        var sent = 0

        try bench.node.start()
        let start = clock.now()
        session.establish(now: start)
        while !session.isComplete, clock.now() &- start < 60_000_000_000 {
            while sent < Self.commands, session.unansweredCount < 256,
                session.canSend, session.send(flows[sent % 2].next(), now: clock.now()) != nil
            { sent += 1 }
            if sent == Self.commands, session.unansweredCount == 0 { session.confirm(now: clock.now()) }
            session.poll(now: clock.now())
            while let length = session.takeDatagram(into: buffer) {
                bench.send(UnsafeRawBufferPointer(rebasing: buffer[..<length]), port: 9_000)
            }
            while let payload = bench.receive() {
                payload.withUnsafeBytes { session.receive($0, now: clock.now()) }
            }
            while var report = session.nextReport() {
                report.timestampNanoseconds = 0
                report.flags.remove(.possibleDuplicate)
                reports.append(report)
            }
            usleep(50)
        }
        let isComplete = session.isComplete
        #expect(isComplete, "\(layout.testDescription)")
        try bench.node.stop()
        #expect(bench.node.statistics[EngineCounter.commands] == UInt64(Self.commands) + 1)
        #expect(try Replay.run(configuration: bench.configuration).stateHash == bench.node.stateHash())
        return reports
    }
}
