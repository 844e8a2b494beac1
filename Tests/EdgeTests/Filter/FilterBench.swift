import Edge
import Wire

/// A filter with its publisher, and packets to ask it about, one line each.
final class FilterBench {
    static let own = IPv4Address(198, 18, 0, 2)
    static let group = IPv4Address(233, 215, 21, 4)

    var publisher: FilterPublisher
    var filter: EdgeFilter
    var now: UInt64 = 1_800_000_000_000_000_000

    /// - Parameter orders: where orders may come from.
    init(
        _ rules: FilterRules = FilterRules(), orders: [String] = ["0.0.0.0/0"], feeds: [[String]] = [[], []]
    ) throws {
        publisher = try FilterPublisher(
            rules: rules,
            scope: FilterScope(
                ownNetworks: [try IPv4Prefix(parsing: "198.18.0.0/24")],
                orderSources: try orders.map { try IPv4Prefix(parsing: $0) },
                feedSources: try feeds.map { try $0.map { try IPv4Prefix(parsing: $0) } }), stages: 1)
        filter = EdgeFilter(publisher.handover(0))
    }

    /// A packet to the order port unless told otherwise.
    func check(
        _ source: IPv4Address, port: UInt16 = 40_000, to destination: IPv4Address = own,
        _ destinationPort: UInt16 = 9_000,
        as classification: Classification = .order
    ) -> DropReason? {
        filter.check(
            source: source, sourcePort: port, destination: destination, destinationPort: destinationPort, bytes: 64,
            classification: classification, now: now)
    }

    func check(_ source: String, port: UInt16 = 40_000, as classification: Classification = .order) throws
        -> DropReason?
    {
        check(try IPv4Address(parsing: source), port: port, as: classification)
    }

    func feed(_ source: String, _ feed: UInt8 = 0, port: UInt16 = 40_000) throws -> DropReason? {
        check(
            try IPv4Address(parsing: source), port: port, to: Self.group, 10_378, as: .marketData(feed: feed))
    }

    func session(_ source: String, _ event: GrantChange.Event) throws {
        filter.apply(GrantChange(source: try IPv4Address(parsing: source).rawValue, event: event), now: now)
    }

    /// Puts rules into force as a stage takes them: at its next poll.
    func publish(_ rules: FilterRules) throws {
        try publisher.publish(rules)
        filter.beginPoll(now: now)
    }
}
