import Edge
import Foundation
import Runtime
import Synchronization
import TestSupport
import Testing
import Wire

@Suite struct TopTalkersTests {
    /// Three heavy sources among a hundred thousand light ones: they are found, and no count is off by more than the bound.
    @Test func heavySourcesAreFoundWithinTheBound() throws {
        var rules = FilterRules()
        rules.amplificationPorts = [53]
        let bench = try FilterBench(rules)
        let heavy: [(IPv4Address, share: Int)] = [
            (IPv4Address(11, 0, 0, 1), 30), (IPv4Address(11, 0, 0, 2), 15), (IPv4Address(11, 0, 0, 3), 5),
        ]
        var random = SplitMix64(seed: 12)
        var sent: [IPv4Address: Int] = [:]
        let total = 640_000
        for _ in 0..<total {
            let place = random.next(below: 100)
            let source: IPv4Address
            switch place {
            case ..<30: source = heavy[0].0
            case ..<45: source = heavy[1].0
            case ..<50: source = heavy[2].0
            default: source = IPv4Address(rawValue: 0x1400_0000 + UInt32(random.next(below: 100_000)))
            }
            sent[source, default: 0] += 1
            // The second one's packets are all refused.
            _ = bench.check(source, port: source == heavy[1].0 ? 53 : 40_000, as: .marketData(feed: 0))
        }
        let list = TopTalker.merged([bench.filter.talkers.snapshot()])
        #expect(list.prefix(3).map(\.source) == heavy.map(\.0))
        #expect(list.count == 64)
        let bound = UInt64(total) / 64
        for talker in list.prefix(3) {
            let packets = Double(sent[talker.source] ?? 0)
            #expect(talker.overestimate <= bound + 64)
            // Four standard deviations of the sampling on either side.
            let spread = 4 * 64 * (packets / 64).squareRoot()
            #expect(Double(talker.packets) >= packets - spread, "\(talker)")
            #expect(Double(talker.surePackets) <= packets + spread, "\(talker)")
        }
        #expect(list[0].droppedPackets == 0)
        #expect(list[1].droppedPackets == list[1].surePackets)
        #expect(list[0].bytes == list[0].surePackets * 64)
    }

    @Test func oneSampleInSixtyFour() throws {
        let bench = try FilterBench()
        // 127 intervals are one round of the shift register: 8,128 packets.
        for _ in 0..<8_128 { _ = try bench.feed("20.0.0.1") }
        let list = bench.filter.talkers.snapshot()
        #expect(list.map(\.packets) == [127 * 64])
    }

    @Test func listsOfStagesAddUp() {
        func talker(_ last: UInt8, _ packets: UInt64, _ overestimate: UInt64 = 0) -> TopTalker {
            TopTalker(
                source: IPv4Address(10, 0, 0, last), packets: packets, overestimate: overestimate, bytes: packets * 10,
                droppedPackets: 1)
        }
        let merged = TopTalker.merged([[talker(1, 100), talker(2, 90, 80)], [talker(1, 5), talker(3, 50)]])
        #expect(merged.map(\.source) == [1, 3, 2].map { IPv4Address(10, 0, 0, $0) })
        #expect(merged[0].packets == 105 && merged[0].droppedPackets == 2 && merged[0].bytes == 1_050)
    }

    /// The writer writes entries whose parts agree; a torn one would not.
    @Test func aReaderNeverSeesHalfAnEntry() throws {
        let bench = try FilterBench()
        let shared = Shared(bench)
        let isOver = Atomic(false)
        let writer = Thread {
            var source: UInt32 = 0
            while !isOver.load(ordering: .acquiring) {
                for _ in 0..<64 {
                    source = source &* 5 &+ 1
                    _ = shared.bench.check(
                        IPv4Address(rawValue: 0x1400_0000 + source % 4_096), as: .marketData(feed: 0))
                }
            }
            shared.done.signal()
        }
        writer.start()
        for _ in 0..<2_000 {
            let list = shared.bench.filter.talkers.snapshot()
            #expect(Set(list.map(\.source)).count == list.count, "a source stands there twice")
            #expect(list.allSatisfy { $0.bytes == $0.surePackets * 64 && $0.packets > $0.overestimate })
        }
        isOver.store(true, ordering: .releasing)
        shared.done.wait()
    }

    private final class Shared: @unchecked Sendable {
        let bench: FilterBench
        let done = DispatchSemaphore(value: 0)
        init(_ bench: FilterBench) { self.bench = bench }
    }
}
