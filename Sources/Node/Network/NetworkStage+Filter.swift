import Edge
import NetStack
import Wire

extension NetworkStage {
    /// Passes on to the filter what the engine says about sessions.
    mutating func takeGrants(now: UInt64) {
        while let change = engine.grants.peek() {
            filter.apply(change.pointee, now: now)
            engine.grants.release()
            counters.set(.grantsRefused, to: filter.refusedGrants)
        }
        counters.set(.grantedSources, to: UInt64(truncatingIfNeeded: filter.grantCount))
    }

    /// Asks the filter about an ICMP message that the parser has passed.
    func checkICMP(_ packet: Packet) -> DropReason? {
        let frame = UnsafeRawPointer(packet.bytes)
        let ip = IPv4Header(checked: frame + EthernetHeader(checked: frame).length)
        return filter.checkICMP(source: ip.source, destination: ip.destination)
    }
}

extension FilterScope {
    init(_ configuration: NodeConfiguration) {
        self.init(
            ownNetworks: configuration.interfaces.compactMap {
                IPv4Prefix(containing: $0.address, length: $0.prefixLength)
            }, orderSources: configuration.orderEntry.participants.flatMap(\.sources),
            feedSources: configuration.feeds.map(\.sources))
    }
}
