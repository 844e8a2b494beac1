import NetStack
import Wire

extension NodeConfiguration {
    /// What no single value shows: two keys that contradict each other.
    func check(_ root: ConfigurationSection) {
        func duplicates<Key: Hashable>(_ keys: [Key]) -> [Key] {
            var seen: Set<Key> = []
            return keys.filter { !seen.insert($0).inserted }
        }
        if interfaces.isEmpty {
            root.report(
                key: "interfaces", found: "an empty list", expected: "at least one interface",
                write: "interfaces: [{device: tap:wissel0, address: 198.18.0.2/24}]")
        }
        if instruments.isEmpty {
            root.report(
                key: "instruments", found: "an empty list", expected: "at least one instrument",
                write: "instruments: [{id: 1, symbol: WSL, …}]")
        }
        for interface in interfaces where interface.steering == .hardware && interface.queues < 2 {
            root.report(
                key: "interfaces", found: "\(interface.device) with steering: hardware and one queue",
                expected: "a queue for the orders and one for the rest", write: "queues: 2")
        }
        for id in duplicates(instruments.map(\.specification.id)) {
            root.report(
                key: "instruments", found: "instrument \(id) twice", expected: "each id once", write: "id: \(id &+ 1)")
        }
        for id in duplicates(orderEntry.participants.map(\.id)) {
            root.report(
                key: "orderEntry", found: "participant \(id) twice", expected: "each id once", write: "id: \(id &+ 1)")
        }
        for session in duplicates(orderEntry.participants.flatMap(\.sessions)) {
            root.report(
                key: "orderEntry", found: "session \(session) of two participants",
                expected: "each session with one participant", write: "sessions: [\(session &+ 1)]")
        }
        for instrument in instruments { check(instrument.specification, root) }
        checkFirms(root)
        checkShards(root)
        if feeds.count > Limits.maximumFeeds {
            root.report(
                key: "marketData", found: "\(feeds.count) feeds", expected: "at most \(Limits.maximumFeeds)",
                write: "fewer feeds")
        }
        let most = MulticastMembership.maximumSources
        for feed in feeds where feed.sources.count > most {
            root.report(
                key: "marketData", found: "feed \(feed.name) with \(feed.sources.count) sources",
                expected: "at most \(most)", write: "networks instead of hosts, such as sources: [198.18.0.0/24]")
        }
        for feed in feeds where interfaces.contains(where: { $0.address == feed.group }) && feed.port == orderEntry.port
        {
            root.report(
                key: "marketData", found: "feed \(feed.name) on the order-entry port \(feed.port)",
                expected: "a port of its own", write: "port: \(feed.port &+ 1)")
        }
    }
}
