import Runtime
import Wire

/// What the filter takes from the rest of the configuration; unlike the rules it stays as it is while the node runs.
public struct FilterScope: Sendable {
    /// Networks of the node's interfaces.
    public var ownNetworks: [IPv4Prefix]
    /// Where orders may come from; empty lets nobody in.
    public var orderSources: [IPv4Prefix]
    /// Where each feed may come from, by feed; empty: from anywhere.
    public var feedSources: [[IPv4Prefix]]

    /// Prefixes of all participants, and of all feeds.
    public static let maximumSources = 1_024

    /// - Parameter feedSources: at most `Classifier.maximumFeeds`.
    public init(ownNetworks: [IPv4Prefix], orderSources: [IPv4Prefix], feedSources: [[IPv4Prefix]]) {
        precondition(feedSources.count <= Classifier.maximumFeeds, "\(feedSources.count) feeds are more than 64")
        self.ownNetworks = ownNetworks
        self.orderSources = orderSources
        self.feedSources = feedSources
    }

    var trusted: [IPv4Prefix] { ownNetworks + orderSources + feedSources.joined() }
}

/// Filter rules compiled for the hot path: raw memory that is written once, on the control thread, and read by any
/// number of stages.
///
/// Half a MiB as a rule: 128 KiB by the first octets of the source, 256 KiB by port, 8 KiB of port bits, 16 bytes per
/// interval of sources, 136 bytes per different row of the access list (8,197 at most).
struct FilterTables {
    /// 1 for the first rules of a node, and one more with every change.
    let generation: UInt64
    let sources: SourceFilter
    let access: AccessList
    /// A bit per port.
    private let amplifiers: UnsafeMutablePointer<UInt64>
    let unknownSources: RateLimit
    let perUnknownSource: RateLimit
    let perGrantedSource: RateLimit
    let grantIdleNanoseconds: UInt64

    @inline(__always) func isAmplifier(port: UInt16) -> Bool {
        amplifiers[Int(port >> 6)] >> UInt64(port & 63) & 1 == 1
    }

    init(_ rules: FilterRules, scope: FilterScope, generation: UInt64) throws(FilterRulesError) {
        try Self.check(rules, scope)
        self.generation = generation
        let prefixes = rules.acl.map(\.source) + rules.bogons + scope.trusted
        let cuts = Cuts(prefixes.map(\.range))
        let (access, rows) = AccessList.compile(rules.acl, sourceCuts: cuts)
        self.access = access
        sources = SourceFilter(cuts, accessRows: rows, rules: rules, scope: scope)
        amplifiers = .allocate(capacity: 1_024)
        amplifiers.initialize(repeating: 0, count: 1_024)
        for port in rules.amplificationPorts { amplifiers[Int(port >> 6)] |= 1 << UInt64(port & 63) }
        unknownSources = rules.unknownSources
        perUnknownSource = rules.perUnknownSource
        perGrantedSource = rules.perGrantedSource
        grantIdleNanoseconds = UInt64(rules.grantIdleSeconds) * 1_000_000_000
    }

    func deallocate() {
        sources.deallocate()
        access.deallocate()
        amplifiers.deallocate()
    }

    private static func check(_ rules: FilterRules, _ scope: FilterScope) throws(FilterRulesError) {
        guard rules.acl.count <= FilterRules.maximumAccessRules else { throw .tooManyAccessRules(rules.acl.count) }
        for (index, rule) in rules.acl.enumerated() where rule.transport == .icmp && rule.namesPorts {
            throw .portsWithoutUDP(rule: index, rule)
        }
        guard rules.bogons.count <= FilterRules.maximumBogons else { throw .tooManyBogons(rules.bogons.count) }
        guard FilterRules.grantIdleSecondsRange.contains(rules.grantIdleSeconds) else {
            throw .grantIdleOutOfRange(rules.grantIdleSeconds)
        }
        guard scope.orderSources.count <= FilterScope.maximumSources else {
            throw .tooManyOrderSources(scope.orderSources.count)
        }
        let feedSources = scope.feedSources.reduce(0) { $0 + $1.count }
        guard feedSources <= FilterScope.maximumSources else { throw .tooManyFeedSources(feedSources) }
    }
}
