import Foundation
import NetStack
import Node
import OrderEntry
import Orders
import Runtime
import Testing
import Wire

/// Every frame of a flood is in exactly one line of the ledger, and every buffer is back at the end.
@Suite struct LossReportTests {
    private static func frame(
        _ payload: [UInt8], to destination: IPv4Address = Bench.nodeAddress, port: UInt16,
        from source: IPv4Address = Bench.clientAddress
    ) -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: UDPTemplate.headerLength) + payload
        let mac = destination.isMulticast ? MACAddress(multicastGroup: destination) : Bench.nodeMAC
        let headers = UDPTemplate(
            sourceMAC: Bench.clientMAC, destinationMAC: mac, sourceAddress: source, destinationAddress: destination,
            sourcePort: 40_000, destinationPort: port)
        frame.withUnsafeMutableBytes { _ = headers.writeHeaders(to: $0.baseAddress!, payloadLength: payload.count) }
        return frame
    }

    /// A whole order message; who sent it is not asked before the engine.
    private static let order: [UInt8] = {
        let command = Command(
            kind: .newOrder, clientSequence: 1, clientOrderID: 1, price: 10_000, quantity: 1, session: 1,
            instrument: 1, side: .buy, timeInForce: .day)
        var bytes = [UInt8](repeating: 0, count: 128)
        let length = bytes.withUnsafeMutableBytes { OrderMessage.encode(command, into: $0.baseAddress!) }
        return Array(bytes[..<length])
    }()

    /// Nobody takes anything out of the rings: first they are full, then the lanes, then frames are dropped.
    @Test(arguments: [NodeConfiguration.PriorityMode.strict, .arrival])
    func fullRingsAndLanesAddUp(mode: NodeConfiguration.PriorityMode) throws {
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "example")
        configuration.priority = mode
        // Orders of nobody's session, as fast as they come: the rings are to be full, not the filter's channel.
        let unlimited = try #require(RateLimit(packetsPerSecond: 1_000_000_000, burst: 1_000_000_000))
        configuration.filter.unknownSources = unlimited
        configuration.filter.perUnknownSource = unlimited
        let loopback = LoopbackDevice(
            bufferCount: 32_768, bufferCapacity: 2_048, queueCapacity: 32_768, macAddress: Bench.nodeMAC, mtu: 1_500)
        defer { loopback.deallocate() }
        var pipeline = try PacketPipeline(device: loopback.device, configuration: configuration)
        let feed = configuration.feeds[0]
        let kinds: [[UInt8]] = [
            Self.frame(Self.order, port: 9_000),
            Self.frame([UInt8](repeating: 1, count: 40), to: feed.group, port: feed.port),
            Self.frame([1, 2, 3], port: 9_001),
            Self.frame(Self.order, port: 9_000, from: IPv4Address(198, 18, 1, 1)),
            Array(Self.frame(Self.order, port: 9_000).prefix(20)),
        ]
        var injected: UInt64 = 0
        for round in 0..<2_000 {
            for index in 0..<64 {
                // Six orders and two of market data in ten frames, so that all rings and lanes are full before the end.
                let kind = index % 10 < 6 ? 0 : (index % 10 < 8 ? 1 : 2 + (round + index) % 3)
                if loopback.inject(kinds[kind]) { injected += 1 }
            }
            pipeline.poll(now: UInt64(round))
        }
        for round in 0..<2_000 { pipeline.poll(now: UInt64(round)) }

        var ledger = pipeline.ledger
        #expect(ledger.received == injected && injected == 128_000)
        #expect(ledger.orders > 0 && ledger.marketData > 0)
        // What waits in the lanes is in no line yet, and nothing else is missing.
        #expect(ledger.unaccountedIn > 0)
        pipeline.close()
        ledger = pipeline.ledger
        #expect(ledger.unaccountedIn == 0 && ledger.unaccountedOut == 0)
        let reasons = Set(ledger.dropped.map(\.reason))
        #expect(reasons.isSuperset(of: [.noListener, .unknownSource, .truncatedIPv4, .nodeStopped]))
        if mode == .strict { #expect(reasons.contains(.marketDataLaneFull)) }
        #expect(ledger.received - ledger.handedOn == ledger.dropped.reduce(0) { $0 + $1.count })
        #expect(loopback.freeBufferCount == loopback.bufferCount, "packet buffers leaked")
    }

    /// A whole node: control frames, strangers, garbage in good frames, trades, and answers of all kinds.
    @Test func aRunAddsUpInBothDirections() throws {
        let bench = try Bench()
        let trader = Trader(bench, seed: 9, orders: 400)
        trader.establish()
        for round in 0..<200 {
            bench.send([UInt8](repeating: UInt8(round), count: round), port: 9_000)
            bench.send([1], port: 9_002)
            bench.send(Self.order, port: 9_000, from: IPv4Address(198, 18, 3, 3))
            bench.device.inject(Self.arp(isRequest: round % 2 == 0))
            bench.device.inject([UInt8](repeating: 0xFF, count: round))
            trader.trade(2)
        }
        trader.leave()
        bench.settle()
        while bench.receive() != nil {}
        try bench.node.stop()
        while bench.receive() != nil {}
        let statistics = bench.node.statistics
        let ledger = FrameLedger(networks: statistics.networks, drops: statistics.drops)
        #expect(ledger.unaccountedIn == 0 && ledger.unaccountedOut == 0, "\(ledger)")
        let unsolicited = ledger.dropped.first { $0.reason == .arpUnsolicited }?.count
        #expect(ledger.answered == 100 && unsolicited == 100 && ledger.built > 0 && ledger.sent > 0)
        #expect(ledger.orders > 400)
        #expect(!ledger.messagesDropped.isEmpty, "garbage in good frames is counted by message")
        var port = LossReport.Port(
            name: "loopback", driver: "test", received: ledger.received + 7, missed: 3, noBuffer: 2, errors: 1,
            sent: ledger.sent, sendErrors: 0)
        var report = LossReport(ports: [port], statistics: statistics)
        #expect(report.isExact && report.notTaken == 7 && report.lostAtPorts == 6)
        #expect(report.packetsIn - report.packetsOut == report.drops)
        // A driver that counts fewer than the stages took, frames that did not leave, a buffer that did not come back.
        for change: (inout LossReport.Port) -> Void in [
            { $0.received = ledger.received - 1 }, { $0.sent -= 1 }, { $0.buffersHeld = 1 },
        ] {
            port = report.ports[0]
            change(&port)
            report = LossReport(ports: [port], statistics: statistics)
            #expect(!report.isExact)
            port.received = ledger.received + 7
            port.sent = ledger.sent
            port.buffersHeld = nil
            report = LossReport(ports: [port], statistics: statistics)
        }
        #expect(bench.device.freeBufferCount == bench.device.bufferCount, "packet buffers leaked")
    }

    private static func arp(isRequest: Bool) -> [UInt8] {
        let mac: [UInt8] = [2, 0, 0, 0, 0, 0x11]
        let node: [UInt8] = [2, 0, 0, 0, 0, 0x22]
        return (isRequest ? [UInt8](repeating: 0xFF, count: 6) : node) + mac + [8, 6, 0, 1, 8, 0, 6, 4, 0]
            + [isRequest ? 1 : 2] + mac + [198, 18, 0, 1] + (isRequest ? [0, 0, 0, 0, 0, 0] : node) + [198, 18, 0, 2]
            + [UInt8](repeating: 0, count: 18)
    }
}
