/// The three lanes a received packet can go into, highest priority first. Raw values index tables of three.
@frozen public enum LaneKind: UInt8, CaseIterable, Sendable {
    /// Order entry.
    case order = 0
    /// ARP and ICMP: cheap, rare, and what keeps the link usable.
    case control = 1
    case marketData = 2
}
