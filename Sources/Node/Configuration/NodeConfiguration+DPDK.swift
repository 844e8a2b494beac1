extension NodeConfiguration {
    /// What other programs may see of the node's DPDK.
    public struct DPDK: Sendable {
        public enum Sharing: String, CaseIterable, Sendable {
            /// Memory without names: nothing is left behind, and no other process can map it.
            case `private`
            /// Huge pages as files, which secondary processes (dpdk-dumpcap, dpdk-pdump, dpdk-proc-info) map.
            case shared
        }
        public enum Switch: String, CaseIterable, Sendable { case on, off }
        public var sharing: Sharing
        /// DPDK's telemetry socket, with the node's own commands beside the standard ones.
        public var telemetry: Switch
    }
}

extension NodeConfiguration.DPDK {
    init(_ section: ConfigurationSection) {
        sharing = section.choice("sharing", default: Sharing.private)
        telemetry = section.choice("telemetry", default: Switch.on)
        section.finish()
    }
}
