import Edge
import NetStack
import OrderEntry
import Runtime
import Wire

/// Turns outbound messages into datagrams and hands them to the device, in strict order: answers that wait for
/// nothing, then reports whose command is durable, then control frames (`TransmitOrder`).
///
/// Consecutive messages to the same peer share a datagram up to the MTU. What the device does not take now is kept and
/// offered first next time: a report is never dropped here. One thread, the owner of the queue pair.
struct Transmitter: ~Copyable {
    private let device: PacketDevice
    private let interface: InterfaceConfiguration
    private let port: UInt16
    /// The device computes the IPv4 and UDP checksums of reports.
    private let leavesChecksums: Bool
    private var largestPayload: Int
    private var order = TransmitOrder()
    /// Frames the device has not taken yet; the one being filled stands behind the reports.
    private var reports = FrameBacklog()
    private var control = FrameBacklog()
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
        leavesChecksums = device.offloads.contains(.transmitChecksums)
        largestPayload = Self.largestPayload(mtu: device.mtu)
        headers = Self.headers(to: fillingPeer, interface: interface, port: port)
    }

    private static func largestPayload(mtu: Int) -> Int {
        mtu - (UDPTemplate.headerLength - EthernetHeader.untaggedLength)
    }

    /// Messages share datagrams up to this size of IP packet from now on; bytes, at least 576.
    mutating func limit(mtu: Int) { largestPayload = Self.largestPayload(mtu: mtu) }

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
        guard reports.count &+ control.count > 0 else { return }
        var bytes: UInt64 = 0
        var frames = 0
        order.beginRound()
        while let next = order.next(orderReady: reports.count, controlReady: control.count, marketDataReady: 0) {
            let sent =
                next.lane == .order
                ? reports.transmit(next.count, to: device, bytes: &bytes)
                : control.transmit(next.count, to: device, bytes: &bytes)
            order.sent(next.lane, sent)
            frames &+= sent
            if sent < next.count {
                counters.add(.transmitRetries)
                break
            }
        }
        counters.add(.framesSent, UInt64(truncatingIfNeeded: frames))
        counters.add(.bytesSent, bytes)
    }

    var hasRoomForControl: Bool { !control.isFull }

    /// Takes over a control frame that is ready to leave as it is; false when there is no room now.
    mutating func enqueue(_ packet: Packet) -> Bool {
        guard !control.isFull else { return false }
        control.append(packet)
        return true
    }

    /// Gives back what can no longer be sent, at the end of the node's life.
    mutating func discard(counters: CounterBlock<NetworkCounter>) {
        finish()
        counters.set(.datagramsBuilt, to: datagramsBuilt)
        counters.add(.framesDiscarded, UInt64(truncatingIfNeeded: reports.count &+ control.count))
        reports.discard(to: device)
        control.discard(to: device)
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
            guard !reports.isFull else { return false }
            guard device.allocate(into: reports.frames + reports.count, count: 1) == 1 else {
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
        let destination = reports.frames[reports.count].bytes + headers.length + payloadLength
        destination.copyMemory(from: bytes, byteCount: length)
        payloadLength &+= length
        return true
    }

    /// Closes the open datagram: headers in front, checksums, ready to leave.
    private mutating func finish() {
        guard isFilling else { return }
        isFilling = false
        datagramsBuilt &+= 1
        let packet = reports.frames[reports.count]
        let length = headers.writeHeaders(
            to: packet.bytes, payloadLength: payloadLength, leavesChecksums: leavesChecksums)
        packet.length = UInt32(truncatingIfNeeded: length)
        if leavesChecksums {
            packet.requestChecksums(
                ethernetLength: headers.length &- IPv4Header.minimumLength &- UDPHeader.length,
                ipLength: IPv4Header.minimumLength)
        }
        reports.append(packet)
    }

    private static func headers(to peer: Peer, interface: InterfaceConfiguration, port: UInt16) -> UDPTemplate {
        UDPTemplate(
            sourceMAC: interface.macAddress, destinationMAC: MACAddress(rawValue: peer.mac),
            sourceAddress: interface.ipAddress, destinationAddress: IPv4Address(rawValue: peer.ipv4), sourcePort: port,
            destinationPort: peer.port, dscp: interface.marking.orderReports.dscp,
            tag: interface.tag(interface.marking.orderReports, vlan: peer.vlan))
    }
}
