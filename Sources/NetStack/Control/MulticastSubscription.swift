import Wire

/// A multicast group to be a member of, and from whom.
public struct MulticastSubscription: Equatable, Sendable {
    public var group: IPv4Address
    /// Source-specific multicast (RFC 4607): only from these. Empty: from anybody.
    public var sources: [IPv4Address]

    public init(group: IPv4Address, sources: [IPv4Address] = []) {
        self.group = group
        self.sources = sources
    }

    /// Each group once, in order of address, with the union of what was asked for; 224.0.0.1 is left out, because
    /// membership in it is never reported (RFC 3376 §5).
    static func merged(_ subscriptions: [MulticastSubscription]) -> [MulticastSubscription] {
        var sources: [IPv4Address: Set<IPv4Address>] = [:]
        var open: Set<IPv4Address> = []
        for one in subscriptions where one.group != .allSystems {
            sources[one.group, default: []].formUnion(one.sources)
            if one.sources.isEmpty { open.insert(one.group) }
        }
        return sources.keys.sorted().map { group in
            MulticastSubscription(
                group: group, sources: open.contains(group) ? [] : sources[group, default: []].sorted())
        }
    }
}

/// Why multicast groups cannot be joined as asked, and what to do.
public enum MulticastMembershipError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooManySources(IPv4Address, Int)
    case mtuTooSmall(Int)

    public var description: String {
        switch self {
        case .tooManySources(let group, let count):
            "\(count) sources for group \(group) are more than are kept; "
                + "give at most \(MulticastMembership.maximumSources), or none for all of them"
        case .mtuTooSmall(let mtu):
            "an MTU of \(mtu) bytes has no room for a membership report; use at least 576 (RFC 791) with multicast groups"
        }
    }
}
