import ArgumentParser
import CPlatform
import NetStack
import Node
import Runtime

/// What `dpdk-testpmd` does with its forwarding engines of the same name, in Swift: frames that come in at one port leave
/// at the other, both ways, by one thread.
enum ForwardingMode: String, CaseIterable, ExpressibleByArgument {
    /// The frame is not touched.
    case io
    /// Source and destination MAC address change places.
    case macswap
    /// Ours only: what the node does with a packet, from parser to ring; then the MAC addresses change places.
    case pipeline

    /// The engine of testpmd this one is compared with.
    var peer: String { self == .io ? "io" : "macswap" }
}

/// What a loop got done.
struct ForwardingCount {
    var packets: UInt64 = 0
    /// Frames the other port did not take.
    var dropped: UInt64 = 0
    var bursts: UInt64 = 0
    var emptyPolls: UInt64 = 0
    var ticks: UInt64 = 0
}

enum ForwardingLoop {
    /// testpmd's burst.
    static let burst = 32

    /// Forwards between two devices until the time-stamp counter has advanced by `ticks`.
    static func run(_ mode: ForwardingMode, _ one: PacketDevice, _ other: PacketDevice, ticks: UInt64)
        -> ForwardingCount
    {
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: burst)
        defer { packets.deallocate() }
        var count = ForwardingCount()
        let start = cplatform_tsc()
        var now = start
        while now &- start < ticks {
            // The counter is read once in many rounds, so that reading it is no part of what is measured.
            switch mode {
            case .io: for _ in 0..<256 { ioRound(one, other, packets, &count) }
            case .macswap, .pipeline: for _ in 0..<256 { macswapRound(one, other, packets, &count) }
            }
            now = cplatform_tsc()
        }
        count.ticks = now &- start
        return count
    }

    /// Takes a device's packets through a node's network stage and sends them back to it, as long.
    static func run(_ pipeline: inout PacketPipeline, _ device: PacketDevice, clock: Clock, ticks: UInt64)
        -> ForwardingCount
    {
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: burst)
        defer { packets.deallocate() }
        var count = ForwardingCount()
        let droppedBefore = pipeline.dropped
        let start = cplatform_tsc()
        var now = start
        while now &- start < ticks {
            for _ in 0..<32 {
                pipeline.poll(now: clock.now())
                while case let taken = pipeline.take(into: packets, maximumCount: burst), taken > 0 {
                    swapAddresses(packets, taken)
                    send(taken, to: device, packets, &count)
                }
            }
            now = cplatform_tsc()
        }
        count.ticks = now &- start
        count.dropped &+= pipeline.dropped &- droppedBefore
        return count
    }

    @inline(__always) private static func ioRound(
        _ one: PacketDevice, _ other: PacketDevice, _ packets: UnsafeMutablePointer<Packet>,
        _ count: inout ForwardingCount
    ) {
        send(one.receive(into: packets, count: burst), to: other, packets, &count)
        send(other.receive(into: packets, count: burst), to: one, packets, &count)
    }

    @inline(__always) private static func macswapRound(
        _ one: PacketDevice, _ other: PacketDevice, _ packets: UnsafeMutablePointer<Packet>,
        _ count: inout ForwardingCount
    ) {
        var received = one.receive(into: packets, count: burst)
        swapAddresses(packets, received)
        send(received, to: other, packets, &count)
        received = other.receive(into: packets, count: burst)
        swapAddresses(packets, received)
        send(received, to: one, packets, &count)
    }

    /// Destination (6 bytes) and source (6 bytes) as one word of 8 and one of 4.
    @inline(__always) private static func swapAddresses(_ packets: UnsafeMutablePointer<Packet>, _ count: Int) {
        for index in 0..<count {
            let bytes = packets[index].bytes
            let low = bytes.loadUnaligned(as: UInt64.self)
            let high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
            let source = low >> 48 | UInt64(high) << 16
            bytes.storeBytes(of: source | low << 48, as: UInt64.self)
            bytes.storeBytes(
                of: UInt32(truncatingIfNeeded: (low & 0xFFFF_FFFF_FFFF) >> 16), toByteOffset: 8, as: UInt32.self)
        }
    }

    @inline(__always) private static func send(
        _ received: Int, to device: PacketDevice, _ packets: UnsafeMutablePointer<Packet>,
        _ count: inout ForwardingCount
    ) {
        guard received > 0 else {
            count.emptyPolls &+= 1
            return
        }
        count.bursts &+= 1
        count.packets &+= UInt64(truncatingIfNeeded: received)
        let sent = device.transmit(packets, count: received)
        guard sent < received else { return }
        count.dropped &+= UInt64(truncatingIfNeeded: received &- sent)
        device.free(packets + sent, count: received &- sent)
    }
}
