import ArgumentParser

/// What `dpdk-testpmd` does with its forwarding engines of the same name, in Swift.
enum ForwardingMode: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// The frame is not touched.
    case io
    /// Source and destination MAC address change places.
    case macswap
    /// Ours only: what the node does with a packet, from parser to ring; then the MAC addresses change places.
    case pipeline

    /// The engine of testpmd this one is compared with.
    var peer: String { self == .io ? "io" : "macswap" }
}
