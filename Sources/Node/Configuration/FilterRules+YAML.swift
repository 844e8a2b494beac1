import Edge
import Runtime
import Wire

extension FilterRules {
    /// The section `filter`; what it leaves out is as in `FilterRules()`.
    init(_ section: ConfigurationSection) {
        self.init()
        acl = section.sections("acl", required: false, write: "acl: [{action: deny, source: 203.0.113.0/24}]").map(
            AccessRule.init)
        if section.has("bogons") {
            let lists: [[IPv4Prefix]] = section.list(
                "bogons", expected: "neverSource, notGlobal, or IPv4 prefixes such as 203.0.113.0/24",
                write: "bogons: [neverSource]"
            ) { text in
                switch text {
                case "neverSource": SpecialAddresses.neverSource
                case "notGlobal": SpecialAddresses.notGlobal
                default: (try? IPv4Prefix(parsing: text)).map { [$0] }
                }
            }
            bogons = lists.flatMap { $0 }
        }
        if section.has("amplificationPorts") {
            amplificationPorts = section.list(
                "amplificationPorts", expected: "UDP ports from 1 to 65535", write: "amplificationPorts: [53, 123]"
            ) { text in UInt16(text).flatMap { $0 > 0 ? $0 : nil } }
        }
        unknownSources = section.rate("unknownSources", default: unknownSources)
        perUnknownSource = section.rate("perUnknownSource", default: perUnknownSource)
        perGrantedSource = section.rate("perGrantedSource", default: perGrantedSource)
        grantIdleSeconds = section.integer(
            "grantIdleSeconds", default: grantIdleSeconds, in: Self.grantIdleSecondsRange, unit: "s")
        section.finish()
    }
}

extension AccessRule {
    init(_ section: ConfigurationSection) {
        let action: Action? = section.value(
            "action", expected: "allow or deny", write: "action: deny", parse: { Action(rawValue: $0) })
        self.init(action ?? .deny)
        source = section.prefix("source", default: source)
        destination = section.prefix("destination", default: destination)
        transport = section.choice("protocol", default: transport)
        sourcePorts = section.ports("sourcePorts", default: sourcePorts)
        destinationPorts = section.ports("destinationPorts", default: destinationPorts)
        section.finish()
    }
}

extension ConfigurationSection {
    /// A list of prefixes that may be left out.
    func prefixes(_ key: String) -> [IPv4Prefix] {
        optionalList(
            key, expected: "IPv4 prefixes such as 198.18.0.0/24", write: "\(key): [198.18.0.0/24]",
            parse: { try? IPv4Prefix(parsing: $0) })
    }

    fileprivate func prefix(_ key: String, default fallback: IPv4Prefix) -> IPv4Prefix {
        value(
            key, default: fallback, expected: "an IPv4 prefix such as 198.18.0.0/24", write: "\(key): 198.18.0.0/24",
            parse: { try? IPv4Prefix(parsing: $0) }) ?? fallback
    }

    /// A port, or two with a hyphen between.
    fileprivate func ports(_ key: String, default fallback: ClosedRange<UInt16>) -> ClosedRange<UInt16> {
        value(
            key, default: fallback, expected: "a port or a range of ports, 0 to 65535", write: "\(key): 1024-65535"
        ) { text in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first <= last else {
                return nil
            }
            return first...last
        } ?? fallback
    }

    fileprivate func rate(_ key: String, default fallback: RateLimit) -> RateLimit {
        let section = section(key, required: false, write: "\(key): {packetsPerSecond: 1000, burst: 100}")
        let packets = section.integer("packetsPerSecond", default: fallback.packetsPerSecond, in: RateLimit.range)
        let burst = section.integer("burst", default: fallback.burst, in: RateLimit.range, unit: "packets")
        section.finish()
        return RateLimit(packetsPerSecond: packets, burst: burst) ?? fallback
    }
}
