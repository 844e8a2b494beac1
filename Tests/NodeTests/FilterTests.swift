import Edge
import Foundation
import NetStack
import Node
import OrderEntry
import Runtime
import Testing
import Wire

/// The edge filter in the node: frames in, verdict and counter out, and who is granted what.
@Suite struct FilterTests {
    private static let group = IPv4Address(233, 215, 21, 4)

    /// One kind of packet the node must refuse: who sends it where, and the rules it meets.
    struct Case: Sendable, CustomTestStringConvertible {
        var reason: DropReason
        var source: IPv4Address
        var sourcePort: UInt16 = 40_000
        var destination = Bench.nodeAddress
        var port: UInt16 = 9_000
        var count = 1
        var refused = 1
        var change: @Sendable (inout NodeConfiguration) -> Void = { _ in }
        var testDescription: String { "\(reason)" }
    }

    private static let anywhere: @Sendable (inout NodeConfiguration) -> Void = {
        $0.orderEntry.participants[0].sources = [AccessRule.anywhere]
    }

    @Test(arguments: [
        Case(reason: .aclDenied, source: Bench.clientAddress) {
            $0.filter.acl = [AccessRule(.deny, destinationPorts: 9_000...9_000)]
        },
        Case(reason: .aclDenied, source: Bench.clientAddress, destination: group, port: 10_378) {
            $0.filter.acl = [AccessRule(.deny, source: IPv4Prefix(containing: Bench.clientAddress, length: 32)!)]
        },
        Case(reason: .bogonSource, source: IPv4Address(192, 0, 2, 1), change: anywhere),
        Case(reason: .bogonSource, source: IPv4Address(10, 0, 0, 1)) {
            anywhere(&$0)
            $0.filter.bogons = SpecialAddresses.notGlobal
        },
        Case(reason: .amplificationPort, source: Bench.clientAddress, sourcePort: 53),
        Case(reason: .amplificationPort, source: Bench.clientAddress, sourcePort: 11_211, port: 7),
        Case(reason: .noListener, source: Bench.clientAddress, port: 7),
        Case(reason: .feedSourceUnknown, source: Bench.clientAddress, destination: group, port: 10_378) {
            $0.feeds[0].sources = [IPv4Prefix(containing: IPv4Address(20, 0, 0, 0), length: 8)!]
        },
        Case(reason: .unknownSource, source: IPv4Address(20, 0, 0, 1)),
        Case(reason: .sourceRate, source: Bench.clientAddress, count: 150, refused: 50),
        Case(reason: .unknownSourceRate, source: Bench.clientAddress, count: 150, refused: 145) {
            $0.filter.unknownSources = RateLimit(packetsPerSecond: 10, burst: 5)!
        },
    ])
    func refusedPacketsAreCountedByReason(_ item: Case) throws {
        let bench = try Bench(change: item.change)
        let payload = [UInt8](repeating: 0, count: 40)
        for _ in 0..<item.count {
            payload.withUnsafeBytes {
                _ = bench.send(
                    $0, to: item.destination, port: item.port, fromPort: item.sourcePort, from: item.source)
            }
        }
        bench.settle()
        let statistics = bench.node.statistics
        #expect(statistics[item.reason] == item.refused)
        let passed = statistics[.orderDatagrams] + statistics[.marketDataDatagrams]
        #expect(passed == UInt64(item.count - item.refused), "\(statistics.dropsByReason)")
        #expect(try bench.stopAndCount(), "packet buffers leaked")
    }

    @Test func pingIsRefusedByTheAccessListToo() throws {
        let bench = try Bench { $0.filter.acl = [AccessRule(.deny, transport: .icmp)] }
        var echo: [UInt8] = [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, 198, 18, 0, 1, 198, 18, 0, 2]
        let sum = echo.withUnsafeBytes {
            InternetChecksum.checksum(of: InternetChecksum.sum($0.baseAddress!, length: 20))
        }
        echo.replaceSubrange(10..<12, with: [UInt8(sum >> 8), UInt8(sum & 0xFF)])
        echo = [0x02, 0, 0, 0, 0, 0x22, 0x02, 0, 0, 0, 0, 0x11, 8, 0] + echo + [8, 0, 0xF7, 0xFE, 0, 0, 0, 1]
        bench.device.inject(echo)
        bench.settle()
        #expect(bench.node.statistics[DropReason.aclDenied] == 1)
        try bench.node.setFilter(FilterRules())
        bench.device.inject(echo)
        bench.settle()
        #expect(bench.node.statistics[NetworkCounter.controlReplies] == 1)
        try bench.node.stop()
    }

    /// The door is shut by a flood from the client's own network; who was in before trades on.
    @Test func aTraderWithASessionLosesNothingToASpoofedFlood() throws {
        let bench = try Bench { $0.orderEntry.participants[1].sources = [AccessRule.anywhere] }
        let trader = Trader(bench, seed: 3, orders: 100)
        trader.establish()
        #expect(bench.node.statistics[.grantedSources] == 1)
        var random = SplitMix64(seed: 8)
        let payload = [UInt8](repeating: 0, count: 22)
        for _ in 0..<100 {
            for _ in 0..<100 {
                bench.send(payload, port: 9_000, from: IPv4Address(rawValue: 0x1400_0000 | UInt32(random.next() >> 40)))
            }
            trader.trade(1)
        }
        let verdict = trader.model.verify(final: true)
        #expect(verdict.isClean, "\(verdict.lines)")
        let statistics = bench.node.statistics
        #expect(statistics[DropReason.unknownSourceRate] > 5_000, "the flood was let in")
        #expect(statistics[DropReason.sourceRate] == 0)
        #expect(statistics.topTalkers.contains { $0.droppedPackets > 0 })
        trader.leave()
        bench.settle()
        #expect(bench.node.statistics[.grantedSources] == 0, "a finished client keeps its grant")
        #expect(try bench.stopAndCount(), "packet buffers leaked")
    }

    /// A client that falls silent loses its session, keeps its grant for the time set, and then loses that too.
    @Test func aLostClientsGrantEndsWhenItStaysAway() throws {
        let bench = try Bench { $0.filter.grantIdleSeconds = 2 }
        let trader = Trader(bench, seed: 4, orders: 1)
        trader.establish()
        bench.settle()
        func wait(seconds: Int) {
            for _ in 0..<seconds * 10 {
                bench.pass(nanoseconds: 100_000_000)
                // As many polls as the sweep over the grants takes, spread over the time.
                for _ in 0..<100 { bench.step() }
            }
        }
        wait(seconds: 5)
        #expect(trader.state == .established)
        let lost = bench.node.statistics[EngineCounter.commands]
        #expect(lost >= 2, "the session was not ended")
        while bench.node.statistics[.grantedSources] > 0, bench.passedSeconds < 60 { wait(seconds: 1) }
        #expect(bench.node.statistics[.grantedSources] == 0)
        try bench.node.stop()
    }

    /// Whichever queue a client's packets come in by tomorrow, its grant is there.
    @Test func everyNetworkStageLearnsOfASession() throws {
        let bench = try Bench(queues: 3)
        let trader = Trader(bench, seed: 5, orders: 10)
        trader.establish()
        trader.trade(10)
        #expect(bench.node.statistics.networks.map { $0[.grantedSources] } == [1, 1, 1])
        #expect(bench.node.statistics.networks.map { $0[.grantsRefused] } == [0, 0, 0])
        trader.leave()
        bench.settle()
        #expect(bench.node.statistics.networks.map { $0[.grantedSources] } == [0, 0, 0])
        try bench.node.stop()
    }

    // MARK: Changes while it runs

    @Test func refusedRulesLeaveTheNodeAsItWas() throws {
        let bench = try Bench()
        var wrong = FilterRules()
        wrong.grantIdleSeconds = 0
        #expect(throws: FilterRulesError.grantIdleOutOfRange(0)) { try bench.node.setFilter(wrong) }
        #expect(bench.node.filterRules == FilterRules())
        try bench.node.stop()
    }

    /// Cores run, market data flows, and the rules change a hundred times: every packet is either decoded or refused by
    /// the access list, none is lost, and a session trades on beside it.
    @Test func rulesChangeWhilePacketsFlowThroughARunningNode() throws {
        let bench = try Bench { $0.cores.plan = [.init(name: "all", cpu: nil, stages: Bench.stages)] }
        try bench.node.start()
        var denying = FilterRules()
        denying.acl = [
            AccessRule(.deny, source: IPv4Prefix(containing: IPv4Address(20, 0, 0, 0), length: 8)!, transport: .udp)
        ]
        let payload = [UInt8](repeating: 0, count: 40)
        var sent: UInt64 = 0
        for round in 0..<100 {
            try bench.node.setFilter(round.isMultiple(of: 2) ? denying : FilterRules())
            for _ in 0..<100 {
                payload.withUnsafeBytes {
                    if bench.send($0, to: Self.group, port: 10_378, from: IPv4Address(20, 0, 0, 9)) { sent += 1 }
                }
            }
            usleep(200)
        }
        func seen() -> (fed: UInt64, refused: UInt64) {
            let statistics = bench.node.statistics
            return (statistics.feeds[0].packets, statistics[DropReason.aclDenied])
        }
        for _ in 0..<2_000 where seen().fed + seen().refused < sent { usleep(1_000) }
        try bench.node.stop()
        #expect(seen().fed + seen().refused == sent)
        // The feed's handler has a word of its own for a datagram of zeros.
        #expect(bench.node.statistics.dropped == seen().refused + bench.node.statistics.feeds[0].malformed)
        #expect(seen().fed > 0 && seen().refused > 0, "only one set of rules was ever in force")
        while bench.receive() != nil {}
        #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
    }
}
