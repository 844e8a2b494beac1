import Edge
import NetStack
import Node
import Runtime
import TestSupport
import Testing
import Wire

/// Bytes in, verdict and counter out: each line of the table through the parser alone and through a whole node.
@Suite struct PacketFixtureTests {
    /// A node that has `FrameBuilder`'s addresses, behind a device that can spread a frame over several buffers.
    private final class FixtureBench {
        let bench: Bench
        private let segments: UnsafeMutablePointer<UInt16>
        private let wrapper: ObservedDevice

        init() throws {
            let loopback = LoopbackDevice(bufferCount: 16_384, macAddress: FrameBuilder.ownMAC)
            segments = .allocate(capacity: 1)
            segments.initialize(to: 1)
            wrapper = ObservedDevice(loopback.device, context: segments) { header, segments in
                let count = segments.load(as: UInt16.self)
                header.storeBytes(of: count, toByteOffset: Packet.Layout.segmentCount, as: UInt16.self)
            }
            bench = try Bench(loopback: loopback, observed: wrapper.device) {
                $0.takeAddressesOfFrameBuilder()
                $0.filter.acl = [
                    AccessRule(
                        .deny, source: IPv4Prefix(containing: PacketFixture.refused, length: 32)!)
                ]
                $0.feeds[0].sources = [9, 77].map { IPv4Prefix(containing: IPv4Address(10, 0, 0, $0), length: 32)! }
            }
        }

        deinit {
            wrapper.deallocate()
            segments.deallocate()
        }

        /// Puts one frame through the node and says what that has changed.
        func run(_ fixture: PacketFixture) -> (counters: [NetworkCounter: UInt64], drops: [DropReason: UInt64]) {
            let before = bench.node.statistics
            segments.pointee = fixture.segments
            bench.device.inject(fixture.frame, flags: fixture.flags)
            bench.step()
            bench.step()
            bench.device.discardTransmitted()
            let after = bench.node.statistics
            var counters: [NetworkCounter: UInt64] = [:]
            for key in [NetworkCounter.framesReceived, .orderDatagrams, .controlFrames, .marketDataDatagrams]
            where after[key] != before[key] {
                counters[key] = after[key] - before[key]
            }
            var drops: [DropReason: UInt64] = [:]
            for reason in DropReason.allCases where after[reason] != before[reason] {
                drops[reason] = after[reason] - before[reason]
            }
            return (counters, drops)
        }
    }

    @Test func everyPacketIsCountedWhereTheTableSays() throws {
        let node = try FixtureBench()
        // Until the address is claimed (RFC 5227), a probe for it is a conflict.
        for _ in 0..<20 {
            node.bench.pass(nanoseconds: 1_000_000_000)
            node.bench.step()
        }
        node.bench.device.discardTransmitted()
        for fixture in PacketFixture.all {
            let (counters, drops) = node.run(fixture)
            var expected: [NetworkCounter: UInt64] = [.framesReceived: 1]
            switch fixture.lane {
            case .order: expected[.orderDatagrams] = 1
            case .control: expected[.controlFrames] = 1
            case .marketData: expected[.marketDataDatagrams] = 1
            case nil: break
            }
            #expect(counters == expected, "\(fixture)")
            #expect(drops == (fixture.drop.map { [$0: 1] } ?? [:]), "\(fixture)")
        }
        try node.bench.node.stop()
        node.bench.device.discardTransmitted()
        #expect(node.bench.device.freeBufferCount == node.bench.device.bufferCount, "packet buffers leaked")
    }

    /// Whoever adds a reason to the frame, ARP, IPv4, ICMP, UDP or the edge adds a packet that is dropped for it.
    @Test func everyReasonUpToTheEdgeHasAPacket() {
        // What is within a rate takes many packets to leave it: FilterTests and LinkTests send them.
        let rates: Set<DropReason> = [.unknownSourceRate, .sourceRate, .icmpRateLimited]
        let reasons = DropReason.allCases.prefix { $0 != .orderLaneFull }.filter { !rates.contains($0) }
        let shown = Set(PacketFixture.all.compactMap(\.drop))
        let missing = reasons.filter { !shown.contains($0) }
        #expect(missing.isEmpty, "PacketFixtures.swift has no packet for \(missing.map { "\($0)" })")
    }
}
