import Wire

/// The IANA registry of special-purpose IPv4 addresses (RFC 6890, as updated) seen from a receiver: which blocks no
/// packet can come from, and which only from inside a private network.
public enum SpecialAddresses {
    /// Blocks whose addresses are no valid source anywhere: "Source: False" in the registry, and what RFC 1112 and
    /// RFC 1122 keep for groups, this host and broadcast. The parser drops the first two and the last two by itself.
    public static let neverSource = prefixes([
        "0.0.0.0/8", "127.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4",
    ])

    /// Blocks that are not globally reachable: private, shared, link-local and benchmark networks, and the retired 6to4
    /// relays. Real venues use them, so they are bogons only for who says so.
    public static let notGlobal = prefixes([
        "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15",
    ])

    private static func prefixes(_ texts: [String]) -> [IPv4Prefix] {
        // The constants above are right, so this cannot throw.
        texts.map { try! IPv4Prefix(parsing: $0) }
    }
}
