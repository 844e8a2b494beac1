import Glibc
import NetStack
import Node
import OrderEntry
import Orders
import Runtime
import Testing
import Wire

/// The node on its link: what it says of its own accord, what it refuses, how its frames are marked and in what order
/// they leave.
@Suite struct LinkTests {
    /// An echo request from the client.
    static func ping(_ data: [UInt8] = [1, 2, 3, 4]) -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: 42) + data
        frame.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            EthernetHeader.write(to: base, destination: Bench.nodeMAC, source: Bench.clientMAC, etherType: .ipv4)
            IPv4Header.write(
                to: base + 14, trafficClass: 0, totalLength: UInt16(28 + data.count), timeToLive: 64, transport: .icmp,
                source: Bench.clientAddress, destination: Bench.nodeAddress)
        }
        frame[34] = 8
        return summed(frame)
    }

    /// The frame with the checksum of the ICMP message at 34 made right.
    static func summed(_ frame: [UInt8]) -> [UInt8] {
        var copy = frame
        (copy[36], copy[37]) = (0, 0)
        let checksum = copy.withUnsafeBytes {
            InternetChecksum.checksum($0.baseAddress! + 34, length: $0.count - 34)
        }
        (copy[36], copy[37]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
        return copy
    }

    /// What a frame is, in a word.
    static func kind(_ frame: [UInt8]) -> String {
        let offset = frame[12] == 0x81 ? 4 : 0
        if frame[12 + offset] == 8, frame[13 + offset] == 6 { return "arp" }
        switch frame[23 + offset] {
        case 1: return frame[34 + offset] == 0 ? "echo" : "icmp\(frame[34 + offset]).\(frame[35 + offset])"
        case 2: return "igmp"
        default: return "report"
        }
    }

    @Test func theNodeJoinsItsFeedsAndLeavesThemAtTheEnd() throws {
        let bench = try Bench()
        bench.step()
        _ = bench.receive()
        #expect(bench.others.map(Self.kind) == ["arp", "igmp"], "probe and join")
        let join = try #require(bench.others.last)
        // One record: change to exclude nobody, 233.215.21.4.
        #expect(Array(join[38...]).dropFirst(4) == [0, 0, 0, 1, 4, 0, 0, 0, 233, 215, 21, 4])
        bench.forgetFrames()
        #expect(try bench.stopAndCount())
        let leaves = bench.others.filter { Self.kind($0) == "igmp" }
        #expect(leaves.count == 2 && leaves.allSatisfy { $0[46] == 3 }, "change to include nobody, told twice")
        #expect(bench.node.statistics[ControlEvent.igmpReportsSent] == 3)
    }

    @Test func sourcesOfAFeedAreJoinedByName() throws {
        let source = try IPv4Prefix(parsing: "10.9.8.7/32")
        let bench = try Bench { $0.feeds[0].sources = [source] }
        bench.step()
        _ = bench.receive()
        let join = try #require(bench.others.last)
        #expect(Array(join[46...]) == [5, 0, 0, 1, 233, 215, 21, 4, 10, 9, 8, 7], "allow new sources")
        #expect(try bench.stopAndCount())
    }

    @Test func aFeedFromAnotherSourceIsDropped() throws {
        let source = try IPv4Prefix(parsing: "198.18.0.7/32")
        let bench = try Bench { $0.feeds[0].sources = [source] }
        let heartbeat = [UInt8](repeating: 0, count: 40)
        for source in [Bench.clientAddress, IPv4Address(198, 18, 0, 7)] {
            heartbeat.withUnsafeBytes {
                _ = bench.send($0, to: IPv4Address(233, 215, 21, 4), port: 10_378, from: source)
            }
        }
        bench.settle()
        #expect(bench.node.statistics[DropReason.feedSourceUnknown] == 1)
        #expect(bench.node.statistics[NetworkCounter.marketDataDatagrams] == 1)
        #expect(try bench.stopAndCount())
    }

    @Test func whatNobodyListensToIsRefusedAloud() throws {
        let bench = try Bench()
        bench.step()
        _ = bench.receive()
        bench.forgetFrames()
        bench.send([1, 2, 3], port: 9_001)
        bench.step()
        _ = bench.receive()
        #expect(bench.others.map(Self.kind) == ["icmp3.3"])
        let statistics = bench.node.statistics
        #expect(statistics[DropReason.noListener] == 1 && statistics[ControlEvent.icmpErrorsSent] == 1)
        #expect(try bench.stopAndCount())
    }

    @Test func echoesAboveTheLimitAreCounted() throws {
        let bench = try Bench { $0.icmp.echoPerSecond = 100 }
        for _ in 0..<300 {
            bench.device.inject(Self.ping())
            bench.step()
        }
        _ = bench.receive()
        // 300 rounds of 10 µs are 3 ms: a tenth of the rate at once and not one more.
        #expect(bench.others.count { Self.kind($0) == "echo" } == 10)
        #expect(bench.node.statistics[DropReason.icmpRateLimited] == 290)
        #expect(try bench.stopAndCount())
    }

    /// The device is full of echo answers and more wait; then a report comes. It leaves before those that wait.
    @Test func reportsLeaveBeforeControlAnswersThatCameFirst() throws {
        // One join only, so that nothing else is on the wire.
        let bench = try Bench(queueCapacity: 8) { $0.multicast.robustness = 1 }
        let trader = Trader(bench, seed: 1, orders: 4)
        trader.establish()
        bench.settle()
        _ = bench.receive()
        bench.holdsTransmitted = true
        for _ in 0..<3 {
            for _ in 0..<6 { #expect(bench.device.inject(Self.ping())) }
            bench.step()
        }
        #expect(trader.issue())
        trader.exchange(stepping: false)
        let before = bench.node.statistics[NetworkCounter.messagesSent]
        for _ in 0..<900 where bench.node.statistics[NetworkCounter.messagesSent] == before {
            bench.step()
            usleep(1_000)
        }
        var left: [String] = []
        for _ in 0..<4 {
            while let frame = bench.device.takeTransmitted() { left.append(Self.kind(frame)) }
            bench.step()
        }
        let echoes = [String](repeating: "echo", count: 10)
        #expect(
            left == Array(echoes[..<8]) + ["report"] + echoes, "eight were the device's, ten waited behind the report")
        bench.holdsTransmitted = false
        trader.trade(0)
        #expect(try bench.stopAndCount())
    }

    @Test(arguments: [(UInt16(0), false, [UInt8]()), (0, true, [0x81, 0, 0xA0, 0]), (42, false, [0x81, 0, 0xA0, 42])])
    func reportsAreMarked(_ vlan: UInt16, _ priorityTags: Bool, _ tag: [UInt8]) throws {
        let bench = try Bench(vlan: vlan) { $0.interfaces[0].sendsPriorityTags = priorityTags }
        let trader = Trader(bench, seed: 1, orders: 20)
        trader.establish()
        trader.trade(20)
        #expect(trader.model.verify(final: true).isClean && !bench.reports.isEmpty)
        for frame in bench.reports {
            #expect(Array(frame[12...].prefix(tag.count)) == tag)
            #expect(frame[12 + tag.count] == 8 && frame[15 + tag.count] == 46 << 2, "IPv4, expedited forwarding")
        }
        #expect(try bench.stopAndCount())
    }

    @Test func theMarkingIsSettable() throws {
        let bench = try Bench {
            $0.marking.orderReports = FrameMarking(dscp: 40, priority: 7)
            $0.interfaces[0].sendsPriorityTags = true
        }
        let trader = Trader(bench, seed: 1, orders: 1)
        trader.establish()
        #expect(bench.reports.first.map { [$0[14], $0[19]] } == [0xE0, 40 << 2])
        #expect(try bench.stopAndCount())
    }

    /// A router on the way takes 600 bytes: reports that shared larger datagrams share smaller ones.
    @Test func aSmallerPathIsHeeded() throws {
        let bench = try Bench()
        let trader = Trader(bench, seed: 1, orders: 2_000)
        trader.establish()
        trader.trade(1_000)
        let longest = bench.reports.map(\.count).max() ?? 0
        #expect(longest > 614, "no datagram was long enough to tell: \(longest)")

        var quoted = try #require(bench.reports.first)
        quoted = Array(quoted[14..<42])
        var error = Self.ping(quoted)
        (error[34], error[35], error[40], error[41]) = (3, 4, 2, 88)
        bench.device.inject(Self.summed(error))
        bench.settle()
        #expect(bench.node.statistics[ControlEvent.fragmentationNeededReceived] == 1)
        bench.forgetFrames()
        trader.trade(1_000)
        let after = bench.reports.map(\.count).max() ?? 0
        #expect(after <= 614 && after > 300, "\(after)")
        #expect(trader.model.verify(final: true).isClean)
        #expect(try bench.stopAndCount())
    }

    @Test func jumboFramesGoBothWaysWhereTheyAreConfigured() throws {
        let bench = try Bench(bufferCount: 1_024, mtu: 9_000)
        let data = (0..<8_972).map { UInt8(truncatingIfNeeded: $0) }
        #expect(bench.device.inject(Self.ping(data)))
        bench.step()
        _ = bench.receive()
        let echo = try #require(bench.others.first { Self.kind($0) == "echo" })
        #expect(echo.count == 9_014 && Array(echo[42...]) == data)
        let trader = Trader(bench, seed: 1, orders: 1_000)
        trader.establish()
        trader.trade(1_000)
        #expect(trader.model.verify(final: true).isClean)
        #expect(bench.reports.map(\.count).max() ?? 0 > 1_514, "reports share datagrams up to the MTU")
        #expect(bench.node.statistics.dropped == 0)
        #expect(try bench.stopAndCount())
    }

    @Test func aFrameLongerThanTheMTUIsDroppedAndCounted() throws {
        let bench = try Bench()
        let payload = [UInt8](repeating: 0, count: 1_600)
        payload.withUnsafeBytes { _ = bench.send($0, port: 9_000) }
        bench.step()
        #expect(bench.node.statistics[DropReason.oversized] == 1)
        #expect(try bench.stopAndCount())
    }
}
