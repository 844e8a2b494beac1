import Runtime
import Wire

/// What an operator decides about the edge filter; can be changed while packets flow.
public struct FilterRules: Equatable, Sendable {
    /// At most `maximumAccessRules`; what no rule matches is allowed. An allowed packet still meets the rules below.
    public var acl: [AccessRule] = []
    /// Blocks no packet is taken from, except from own networks, addresses that may send orders, and sources of feeds
    /// that are at least as specific. At most `maximumBogons`.
    public var bogons = SpecialAddresses.neverSource
    /// UDP source ports of services that answer a small question with a big answer: what comes from them was asked for
    /// by somebody who used our address.
    public var amplificationPorts = Self.knownAmplifiers
    /// All sources without a session together: the one door through which a client that is not known yet comes in.
    public var unknownSources = RateLimit(packetsPerSecond: 10_000, burst: 1_000)!
    /// Each source without a session, so that one of them cannot take the door for itself.
    public var perUnknownSource = RateLimit(packetsPerSecond: 500, burst: 100)!
    /// Each source with a session, so that no client takes the order lane for itself.
    public var perGrantedSource = RateLimit(packetsPerSecond: 1_000_000, burst: 100_000)!
    /// How long a source keeps its grant after its last session was lost, 1…86,400.
    public var grantIdleSeconds = 300

    public static let maximumAccessRules = 1_024
    public static let maximumBogons = 1_024
    public static let grantIdleSecondsRange = 1...86_400

    public init() {}

    /// QOTD, chargen, DNS, TFTP, portmap, NTP, NetBIOS, SNMP, CLDAP, RIP, MS SQL, SSDP, Apple remote desktop,
    /// WS-Discovery, mDNS, CoAP, memcached (CISA alert TA14-017A). None lies where clients take their ports from (RFC 6335:
    /// from 49152 on; Linux: from 32768 on).
    public static let knownAmplifiers: [UInt16] = [
        17, 19, 53, 69, 111, 123, 137, 161, 389, 520, 1434, 1900, 3283, 3702, 5353, 5683, 11_211,
    ]

    /// What is different from `old`, a line each; empty when nothing is.
    public func changes(from old: FilterRules) -> [String] {
        var lines: [String] = []
        func note<Value: Equatable>(_ name: String, _ old: Value, _ new: Value) {
            if old != new { lines.append("\(name): \(old) → \(new)") }
        }
        func note<Value: Hashable>(_ name: String, lists old: [Value], _ new: [Value]) {
            guard old != new else { return }
            let gone = Set(old).subtracting(new).count
            let added = Set(new).subtracting(old).count
            let order = gone + added == 0 ? ", order changed" : ""
            lines.append("\(name): \(old.count) → \(new.count) (\(added) added, \(gone) removed\(order))")
        }
        note("acl", lists: old.acl, acl)
        note("bogons", lists: old.bogons, bogons)
        note("amplificationPorts", lists: old.amplificationPorts, amplificationPorts)
        note("unknownSources", old.unknownSources, unknownSources)
        note("perUnknownSource", old.perUnknownSource, perUnknownSource)
        note("perGrantedSource", old.perGrantedSource, perGrantedSource)
        note("grantIdleSeconds", old.grantIdleSeconds, grantIdleSeconds)
        return lines
    }
}

/// Why filter rules cannot be put into force, and what to do. The rules before stay in force.
public enum FilterRulesError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooManyAccessRules(Int)
    case tooManyBogons(Int)
    case portsWithoutUDP(rule: Int, AccessRule)
    case grantIdleOutOfRange(Int)
    case tooManyOrderSources(Int)
    case tooManyFeedSources(Int)

    public var description: String {
        switch self {
        case .tooManyAccessRules(let count):
            "\(count) rules are more than the access list holds; give at most \(FilterRules.maximumAccessRules), "
                + "joining neighbouring prefixes and ports"
        case .tooManyBogons(let count):
            "\(count) bogon prefixes are more than the filter holds; give at most \(FilterRules.maximumBogons), "
                + "joining neighbouring ones into shorter prefixes"
        case .portsWithoutUDP(let rule, let text):
            "acl[\(rule)] (\(text)) names ports of ICMP, which has none, so it would never match; "
                + "leave the ports out or write protocol: udp"
        case .grantIdleOutOfRange(let seconds):
            "grantIdleSeconds \(seconds) is outside 1…86400; write 300 for five minutes"
        case .tooManyOrderSources(let count):
            "\(count) source prefixes of participants are more than the filter holds; "
                + "give at most \(FilterScope.maximumSources), joining neighbouring ones into shorter prefixes"
        case .tooManyFeedSources(let count):
            "\(count) source prefixes of feeds are more than the filter holds; "
                + "give at most \(FilterScope.maximumSources), joining neighbouring ones into shorter prefixes"
        }
    }
}
