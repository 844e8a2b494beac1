import CPlatform

/// The kernel's side of a TAP device: its address, so that ordinary sockets of the machine reach the node.
///
/// Done with ioctl, iproute2 need not be there. Acts in the calling thread's network namespace; needs CAP_NET_ADMIN.
public struct TapAddress: Equatable, Sendable {
    public var interface: String
    /// IPv4 address of the kernel's side, host byte order.
    public var address: UInt32
    /// Length of the network prefix, 0…32.
    public var prefixLength: Int
    /// Largest IP packet, bytes; nil leaves it.
    public var mtu: Int?
    /// Packets the kernel may queue towards the node before it drops; nil leaves it (1000).
    public var transmitQueueLength: Int?

    public init(
        interface: String, address: UInt32, prefixLength: Int, mtu: Int? = nil, transmitQueueLength: Int? = nil
    ) {
        self.interface = interface
        self.address = address
        self.prefixLength = prefixLength
        self.mtu = mtu
        self.transmitQueueLength = transmitQueueLength
    }

    /// The prefix as a mask: its network bits set, host byte order.
    public var netmask: UInt32 {
        let length = min(max(prefixLength, 0), 32)
        return length == 0 ? 0 : UInt32.max << UInt32(32 - length)
    }

    /// Sets address, netmask, MTU and queue length, and takes the interface up.
    public func apply() throws(EthdevError) {
        guard (0...32).contains(prefixLength) else {
            throw EthdevError(
                .configuration, attempt: "give \(interface) an address",
                cause: "the prefix length \(prefixLength) is outside 0…32", remedy: "use 24 for a small network")
        }
        var index: Int32 = 0
        try run("the address \(text)", cplatform_interface_index(interface, &index))
        if let mtu {
            try run("the MTU \(mtu)", cplatform_interface_set_mtu(interface, Int32(clamping: mtu)))
        }
        if let transmitQueueLength {
            try run(
                "a queue of \(transmitQueueLength) packets",
                cplatform_interface_set_transmit_queue_length(interface, Int32(clamping: transmitQueueLength)))
        }
        try run("the address \(text)", cplatform_interface_set_ipv4(interface, address, netmask))
        try run("the state up", cplatform_interface_set_up(interface, true))
    }

    private var text: String {
        let octets = [24, 16, 8, 0].map { String(address >> UInt32($0) & 0xFF) }
        return "\(octets.joined(separator: "."))/\(prefixLength)"
    }

    private func run(_ what: String, _ errorNumber: Int32) throws(EthdevError) {
        if errorNumber == 19 {
            throw EthdevError(
                .notFound, attempt: "give interface \(interface) \(what)", cause: "there is no such interface",
                remedy: "open the TAP port first, in the same network namespace", errorNumber: errorNumber)
        }
        try check(
            errorNumber, "give interface \(interface) \(what)",
            remedy: errorNumber == 1 ? "run as root or with CAP_NET_ADMIN" : "check the value")
    }
}
