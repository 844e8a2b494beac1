import Edge
import Testing
import Wire

@Suite struct FeedSourcesTests {
    static let first = IPv4Address(10, 0, 0, 1)
    static let second = IPv4Address(10, 0, 0, 2)

    @Test(
        arguments: [
            (0, first, nil), (0, second, nil), (1, first, nil), (1, second, .feedSourceNotListed), (2, second, nil),
            (2, first, nil), (2, .any, .feedSourceNotListed), (63, first, nil),
        ] as [(UInt8, IPv4Address, DropReason?)])
    func eachFeedHasItsOwnList(_ feed: UInt8, _ source: IPv4Address, _ reason: DropReason?) {
        let sources = FeedSources([[], [Self.first], [Self.second, Self.first]])
        defer { sources.deallocate() }
        #expect(sources.check(feed: feed, source: source) == reason)
    }
}
