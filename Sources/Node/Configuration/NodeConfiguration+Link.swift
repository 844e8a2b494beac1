import NetStack
import Wire

extension NodeConfiguration {
    /// How much ICMP the node sends, per queue and second.
    public struct ICMP: Sendable {
        /// Echo requests answered.
        public var echoPerSecond: Int
        /// Errors sent about datagrams nobody listens to.
        public var errorsPerSecond: Int
    }

    /// Membership in the multicast groups of the feeds (IGMPv3).
    public struct Multicast: Sendable {
        /// How often a join or leave is told; 1…7.
        public var robustness: Int
        /// Seed of the random moments at which queries are answered; mixed with the interface's MAC address.
        public var seed: UInt64
    }

    /// Checksums by the device or in software.
    public enum ChecksumOffload: String, CaseIterable, Sendable {
        /// By the device where it offers it.
        case auto
        case off
    }
}

extension NodeConfiguration.ICMP {
    init(_ section: ConfigurationSection) {
        let standard = ControlResponder.Settings()
        echoPerSecond = section.integer("echoPerSecond", default: standard.echoPerSecond, in: 0...1_000_000)
        errorsPerSecond = section.integer("errorsPerSecond", default: standard.errorsPerSecond, in: 0...100_000)
        section.finish()
    }
}

extension NodeConfiguration.Multicast {
    init(_ section: ConfigurationSection) {
        robustness = section.integer("robustness", default: 2, in: 1...7)
        seed = UInt64(section.integer("seed", default: 0, in: 0...Int.max))
        section.finish()
    }
}

extension TransmitMarking {
    init(_ section: ConfigurationSection) {
        self.init()
        orderReports = FrameMarking(section, "orderReports", default: orderReports)
        control = FrameMarking(section, "control", default: control)
        marketData = FrameMarking(section, "marketData", default: marketData)
        section.finish()
        // By 802.1p only: the order of code points is the network's own business (RFC 2474).
        if orderReports.rank < control.rank || orderReports.rank < marketData.rank {
            section.report(
                key: "orderReports", found: "pcp \(orderReports.priority), which switches serve after another class",
                expected: "a priority not below those of control and marketData (1 is below 0)",
                write: "orderReports: {dscp: 46, pcp: 5}")
        }
    }
}

extension FrameMarking {
    init(_ parent: ConfigurationSection, _ key: String, default fallback: FrameMarking) {
        let section = parent.section(
            key, required: false, write: "\(key): {dscp: \(fallback.dscp), pcp: \(fallback.priority)}")
        self.init(
            dscp: UInt8(section.integer("dscp", default: Int(fallback.dscp), in: 0...63)),
            priority: UInt8(section.integer("pcp", default: Int(fallback.priority), in: 0...7)))
        section.finish()
    }
}
