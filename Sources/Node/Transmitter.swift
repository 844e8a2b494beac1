import NetStack
import OrderEntry
import Runtime
import Wire

/// Turns outbound messages into datagrams and hands them to the device, in strict order: answers that wait for
/// nothing, then reports whose command is durable.
///
/// Consecutive messages to the same peer share a datagram up to the MTU. What the device does not take now is kept and
/// offered first next time: a report is never dropped here. One thread, the owner of the queue pair.
struct Transmitter: ~Copyable {
    private let device: PacketDevice
    private let interface: InterfaceConfiguration
    private let port: UInt16
    private let largestPayload: Int
    /// Finished frames the device has not taken yet; the one being filled is behind them.
    private let pending: UnsafeMutablePointer<Packet>
    private var pendingCount = 0
    private var isFilling = false
    private var fillingPeer = Peer()
    /// Headers towards `fillingPeer`; made anew only when the peer changes.
    private var headers: UDPTemplate
    private var payloadLength = 0
    private var datagramsBuilt: UInt64 = 0

    init(device: PacketDevice, interface: InterfaceConfiguration, port: UInt16) {
        self.device = device
        self.interface = interface
        self.port = port
        largestPayload = device.mtu - (UDPTemplate.headerLength - EthernetHeader.untaggedLength)
        pending = .allocate(capacity: Limits.burst)
        headers = Self.headers(to: fillingPeer, interface: interface, port: port)
    }

    deinit { pending.deallocate() }

    /// Drains up to a burst of datagrams from a ring.
    /// - Parameter durable: highest command sequence the journal holds; messages gated above it stay in the ring.
    /// - Returns: messages taken.
    mutating func drain(
        _ ring: SPSCRing<OutboundMessage>, durable: UInt64, counters: CounterBlock<NetworkCounter>,
        drops: CounterBlock<DropReason>
    ) -> Int {
        var taken = 0
        while let message = ring.peek(), message.pointee.gateSequence <= durable {
            guard append(message, drops: drops) else { break }
            ring.release()
            taken &+= 1
        }
        counters.add(.messagesSent, UInt64(truncatingIfNeeded: taken))
        return taken
    }

    /// Offers everything that is waiting to the device, a half-filled datagram included.
    mutating func flush(counters: CounterBlock<NetworkCounter>) {
        finish()
        counters.set(.datagramsBuilt, to: datagramsBuilt)
        guard pendingCount > 0 else { return }
        var bytes: UInt64 = 0
        for index in 0..<pendingCount { bytes &+= UInt64(pending[index].length) }
        let sent = device.transmit(pending, count: pendingCount)
        for index in sent..<pendingCount { bytes &-= UInt64(pending[index].length) }
        counters.add(.framesSent, UInt64(truncatingIfNeeded: sent))
        counters.add(.bytesSent, bytes)
        if sent < pendingCount { counters.add(.transmitRetries) }
        if sent > 0, sent < pendingCount { pending.update(from: pending + sent, count: pendingCount &- sent) }
        pendingCount &-= sent
    }

    /// Takes over a frame that is ready to leave as it is (an ARP or ICMP answer); false when there is no room now.
    mutating func enqueue(_ packet: Packet) -> Bool {
        finish()
        guard pendingCount < Limits.burst else { return false }
        (pending + pendingCount).initialize(to: packet)
        pendingCount &+= 1
        return true
    }

    /// Gives back what can no longer be sent, at the end of the node's life.
    mutating func discard(counters: CounterBlock<NetworkCounter>) {
        finish()
        counters.set(.datagramsBuilt, to: datagramsBuilt)
        counters.add(.framesDiscarded, UInt64(truncatingIfNeeded: pendingCount))
        device.free(pending, count: pendingCount)
        pendingCount = 0
    }

    // MARK: Filling a datagram

    /// Appends one message to the open datagram or opens one; false when the device has no room or no buffer.
    private mutating func append(_ message: UnsafeMutablePointer<OutboundMessage>, drops: CounterBlock<DropReason>)
        -> Bool
    {
        let bytes = OutboundMessage.bytes(of: message)
        let length = MessageHeader.length(at: bytes)
        if isFilling, payloadLength &+ length > largestPayload || fillingPeer != message.pointee.peer { finish() }
        if !isFilling {
            guard pendingCount < Limits.burst else { return false }
            guard device.allocate(into: pending + pendingCount, count: 1) == 1 else {
                drops.add(.noBuffer)
                return false
            }
            isFilling = true
            payloadLength = 0
            if fillingPeer != message.pointee.peer {
                fillingPeer = message.pointee.peer
                headers = Self.headers(to: fillingPeer, interface: interface, port: port)
            }
        }
        let destination = pending[pendingCount].bytes + UDPTemplate.headerLength + payloadLength
        destination.copyMemory(from: bytes, byteCount: length)
        payloadLength &+= length
        return true
    }

    /// Closes the open datagram: headers in front, checksums, ready to leave.
    private mutating func finish() {
        guard isFilling else { return }
        isFilling = false
        datagramsBuilt &+= 1
        let length = headers.writeHeaders(to: pending[pendingCount].bytes, payloadLength: payloadLength)
        pending[pendingCount].length = UInt32(truncatingIfNeeded: length)
        pendingCount &+= 1
    }

    private static func headers(to peer: Peer, interface: InterfaceConfiguration, port: UInt16) -> UDPTemplate {
        UDPTemplate(
            sourceMAC: interface.macAddress, destinationMAC: MACAddress(rawValue: peer.mac),
            sourceAddress: interface.ipAddress, destinationAddress: IPv4Address(rawValue: peer.ipv4), sourcePort: port,
            destinationPort: peer.port, dscp: Limits.reportDSCP)
    }
}
