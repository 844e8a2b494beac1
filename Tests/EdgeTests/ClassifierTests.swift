import Edge
import Runtime
import TestSupport
import Testing
import Wire

@Suite struct ClassifierTests {
    static let own = IPv4Address(10, 0, 0, 1)
    static let group = IPv4Address(233, 200, 79, 1)

    static func endpoint(_ address: IPv4Address, _ port: UInt16) -> UDPEndpoint {
        UDPEndpoint(address: address, port: port)
    }

    @Test(arguments: [
        (own, UInt16(7001), Classification.order), (group, 10_001, .marketData(feed: 0)),
        (own, 10_002, .marketData(feed: 1)), (own, 7002, .drop(.noListener)), (group, 7001, .drop(.noListener)),
        (own, 0, .drop(.noListener)), (.any, 0, .drop(.noListener)), (own, 65_535, .drop(.noListener)),
    ]) func destinations(address: IPv4Address, port: UInt16, lane: Classification) throws {
        let classifier = try Classifier(
            order: Self.endpoint(Self.own, 7001),
            feeds: [Self.endpoint(Self.group, 10_001), Self.endpoint(Self.own, 10_002)])
        defer { classifier.deallocate() }
        #expect(classifier.classifyUDP(destination: address, port: port) == lane)
    }

    @Test func sixtyFourFeedsAreAllFoundAndNothingElseIs() throws {
        var random = SplitMix64(seed: 64)
        for _ in 0..<50 {
            var feeds: Set<UDPEndpoint> = []
            while feeds.count < 64 {
                let group = IPv4Address(rawValue: 0xE000_0000 | UInt32(random.next(below: 256)))
                feeds.insert(Self.endpoint(group, UInt16(1 + random.next(below: 100))))
            }
            let list = Array(feeds)
            let classifier = try Classifier(order: Self.endpoint(Self.own, 7001), feeds: list)
            defer { classifier.deallocate() }
            for (index, feed) in list.enumerated() {
                let lane = classifier.classifyUDP(destination: feed.address, port: feed.port)
                #expect(lane == .marketData(feed: UInt8(index)))
            }
            for address in 0..<256 {
                let other = Self.endpoint(IPv4Address(rawValue: 0xE000_0000 | UInt32(address)), 50)
                guard !feeds.contains(other) else { continue }
                #expect(classifier.classifyUDP(destination: other.address, port: 50) == .drop(.noListener))
            }
        }
    }

    @Test func mistakesAreRefusedWithARemedy() {
        let order = Self.endpoint(Self.own, 7001)
        #expect(throws: ClassifierError.duplicate(order)) { try Classifier(order: order, feeds: [order]) }
        #expect(throws: ClassifierError.portZero(Self.group)) {
            try Classifier(order: order, feeds: [Self.endpoint(Self.group, 0)])
        }
        let many = (1...65).map { Self.endpoint(Self.group, $0) }
        #expect(throws: ClassifierError.tooManyFeeds(65)) { try Classifier(order: order, feeds: many) }
        #expect(ClassifierError.duplicate(order).description.contains("10.0.0.1:7001 is given twice"))
    }
}
