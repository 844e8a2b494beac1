import LoadClient
import NetStack
import Node
import Runtime
import TestSupport
import Testing
import Wire

/// Several queues: where a session's messages come in is where its answers leave, and it may change.
@Suite struct QueueTests {
    @Test func aSessionThatChangesItsQueueIsAnsweredOnTheNewOne() throws {
        let bench = try Bench(queues: 3)
        let trader = Trader(bench, seed: 4, orders: 600)
        trader.establish()
        for round in 0..<60 {
            bench.queue = round % 3
            let before = bench.answers
            trader.trade(10, window: 10)
            bench.settle()
            #expect(bench.answers[bench.queue] > before[bench.queue], "round \(round)")
        }
        #expect(trader.state == .established)
        #expect(trader.model.verify(final: true).isClean)
        #expect(trader.model.statistics.commandsAnswered == 600)
        #expect(bench.node.statistics.dropped == 0)
        try bench.node.stop()
        // The interface takes leave of its groups.
        for device in bench.devices { device.discardTransmitted() }
        for device in bench.devices { #expect(device.freeBufferCount == device.bufferCount, "packet buffers leaked") }
    }

    /// The queue changes in the middle of a window and the link loses datagrams: what was lost is asked for on one queue
    /// and sent again on another.
    @Test func retransmissionsFollowTheSession() throws {
        let bench = try Bench(queues: 2)
        let faults = LinkFaultOptions(dropShare: 0.05, duplicateShare: 0.02, reorderShare: 0.02)
        let trader = Trader(bench, seed: 5, faults: faults, orders: 1_000)
        trader.establish()
        var sent = 0
        for round in 0..<200_000 where sent < 1_000 && trader.state == .established {
            bench.queue = round / 3 % 2
            while trader.unansweredCount < 8, sent < 1_000, trader.issue() { sent += 1 }
            trader.exchange()
        }
        trader.trade(0)
        let verdict = trader.model.verify(final: true)
        #expect(verdict.isClean, "\(verdict.lines)")
        #expect(trader.model.statistics.commandsAnswered == 1_000)
        #expect(trader.resends > 0, "the link lost nothing")
        #expect(bench.node.statistics[EngineCounter.resends] > 0)
        #expect(bench.answers.allSatisfy { $0 > 20 }, "\(bench.answers)")
        try bench.node.stop()
    }

    @Test func queuesThatOrdersHaveToThemselvesArePolledFirst() throws {
        let devices = (0..<4).map { _ in
            LoopbackDevice(
                bufferCount: 64, bufferCapacity: 2_048, queueCapacity: 64, macAddress: Bench.nodeMAC, mtu: 1_500)
        }
        defer { for device in devices { device.deallocate() } }
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "example")
        let queues = devices.enumerated().map {
            TradingNode.Queue(device: $1.device, interface: 0, contents: $0 == 1 || $0 == 2 ? .orders : .others)
        }
        let plan = CorePlan(
            cores: [
                .init(name: "a", cpu: nil, stages: ["network0", "network1", "engine"]),
                .init(name: "b", cpu: nil, stages: ["network3", "network2", "marketData", "journal"]),
            ], idle: .shared)
        let clock = try Clock.calibrated(durationNanoseconds: 1_000_000)
        func planOfNode() throws -> CorePlan {
            let folder = try TemporaryFolder()
            configuration.journal.directory = folder.path
            let node = try TradingNode(configuration: configuration, plan: plan, queues: queues, clock: clock)
            try node.stop()
            return withExtendedLifetime(folder) { node.plan }
        }
        #expect(
            try planOfNode().cores.map(\.stages) == [
                ["network1", "network0", "engine"], ["network2", "network3", "marketData", "journal"],
            ])
        // A plan somebody wrote stays as it is.
        configuration.cores.plan = plan.cores
        #expect(try planOfNode() == plan)
    }
}
