/// Watches the links of ports: what changed since the last look, and how often so far. Control thread.
public struct LinkMonitor {
    /// A link that went up or down.
    public struct Change: Equatable, Sendable {
        /// Position of the port in the list the monitor was made from.
        public let port: Int
        public let status: LinkStatus
    }

    private let ports: [EthdevPort]
    public private(set) var status: [LinkStatus]
    /// Times each link was seen going down.
    public private(set) var losses: [UInt64]
    /// Times each link was seen coming back.
    public private(set) var returns: [UInt64]

    public init(_ ports: [EthdevPort]) {
        self.ports = ports
        status = ports.map { $0.link() }
        losses = [UInt64](repeating: 0, count: ports.count)
        returns = losses
    }

    /// Looks at every link once. A change and its reversal between two looks are not seen.
    public mutating func poll() -> [Change] {
        var changes: [Change] = []
        for (index, port) in ports.enumerated() {
            let now = port.link()
            if now.isUp != status[index].isUp {
                if now.isUp { returns[index] += 1 } else { losses[index] += 1 }
                changes.append(Change(port: index, status: now))
            }
            status[index] = now
        }
        return changes
    }
}
