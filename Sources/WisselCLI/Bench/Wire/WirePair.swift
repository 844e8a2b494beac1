import NetStack
import Runtime

/// A cable between two NICs in memory, each owned by one thread.
///
/// As with real ones, an end posts empty buffers of its own pool, a frame is written into the next of them by whoever
/// sends it, as the receiving NIC's DMA would, and the receiving core finds the frame's length in a ring of
/// completions. So a core touches no buffer header but its own, and of what the other wrote only the bytes of the frame.
/// A frame that finds no buffer posted is not taken: the receiving NIC would have counted it as missed.
package final class WirePair {
    /// Buffers posted at each end: the descriptors of the largest NIC queues there are (NVIDIA ConnectX). A machine shared
    /// with others takes a CPU away for milliseconds, and what comes meanwhile has to be somewhere.
    package static let capacity = 32_768

    private let ends: UnsafeMutablePointer<WireEnd>
    private let devices: [PacketDevice]

    /// - Parameters:
    ///   - pools: devices whose buffers the ends use; nothing is sent to or received from them.
    ///   - capacity: buffers posted at each end, a power of two from 64 on.
    package init(pools: (PacketDevice, PacketDevice), capacity: Int = WirePair.capacity) {
        ends = .allocate(capacity: 2)
        let directions = [WireDirection(capacity: capacity), WireDirection(capacity: capacity)]
        ends.initialize(
            to: WireEnd(incoming: directions[0], outgoing: directions[1], pool: pools.0, capacity: capacity))
        (ends + 1).initialize(
            to: WireEnd(incoming: directions[1], outgoing: directions[0], pool: pools.1, capacity: capacity))
        devices = [ends, ends + 1].map(WireEnd.device)
    }

    /// Both threads have stopped; posted buffers go back.
    deinit {
        for end in [ends, ends + 1] { end.pointee.close() }
        ends.deallocate()
    }

    /// - Parameter index: 0 or 1.
    package func device(_ index: Int) -> PacketDevice { devices[index] }
}

/// One way of the cable.
private struct WireDirection {
    /// Where frames may be written, from the receiving end.
    let posted: SPSCRing<UnsafeMutableRawPointer>
    /// Lengths of the frames written, in the order of `posted`, to the receiving end.
    let completed: SPSCRing<UInt16>

    init(capacity: Int) {
        posted = SPSCRing(capacity: capacity)
        completed = SPSCRing(capacity: capacity)
    }
}

/// One NIC of the two. One thread.
private struct WireEnd {
    private let incoming: WireDirection
    private let outgoing: WireDirection
    private let pool: PacketDevice
    private let capacity: Int
    /// The packets whose buffers are posted, oldest at `head`.
    private let packets: UnsafeMutablePointer<Packet>
    private var head = 0
    private var postedCount = 0
    /// For a burst of lengths, addresses, and packets.
    private let lengths: UnsafeMutablePointer<UInt16>
    private let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>
    private let fresh: UnsafeMutablePointer<Packet>

    private static let burst = 64
    /// From the end of a buffer's header to the frame, as DPDK makes it.
    private static let headroom = 128

    init(incoming: WireDirection, outgoing: WireDirection, pool: PacketDevice, capacity: Int) {
        self.incoming = incoming
        self.outgoing = outgoing
        self.pool = pool
        self.capacity = capacity
        packets = .allocate(capacity: capacity)
        lengths = .allocate(capacity: Self.burst)
        addresses = .allocate(capacity: Self.burst)
        fresh = .allocate(capacity: Self.burst)
        while postedCount < capacity, post() {}
    }

    mutating func close() {
        while postedCount > 0 {
            pool.free(packets + head, count: 1)
            advance(by: 1)
        }
        incoming.posted.deallocate()
        incoming.completed.deallocate()
        packets.deallocate()
        lengths.deallocate()
        addresses.deallocate()
        fresh.deallocate()
    }

    private mutating func advance(by count: Int) {
        head = (head + count) & (capacity - 1)
        postedCount -= count
    }

    /// Posts buffers for those used up, a burst at a time as drivers do; false when there is nothing to do or no buffer.
    private mutating func post() -> Bool {
        guard capacity - postedCount >= Self.burst,
            pool.allocate(into: fresh, count: Self.burst) == Self.burst
        else { return false }
        for index in 0..<Self.burst {
            packets[(head + postedCount + index) & (capacity - 1)] = fresh[index]
            addresses[index] = fresh[index].bytes
        }
        postedCount += Self.burst
        let taken = incoming.posted.push(from: addresses, count: Self.burst)
        precondition(taken == Self.burst, "more buffers posted than the wire has room for")
        return true
    }

    mutating func receive(into burst: UnsafeMutablePointer<Packet>, count: Int) -> Int {
        let received = incoming.completed.pop(into: lengths, maximumCount: min(count, Self.burst))
        for index in 0..<received {
            let packet = packets[(head + index) & (capacity - 1)]
            packet.length = UInt32(lengths[index])
            burst[index] = packet
        }
        advance(by: received)
        while post() {}
        fetchNext(received)
        return received
    }

    /// Brings the next burst near while this one is worked on, header and frame, as a driver does with what its
    /// descriptors name.
    private func fetchNext(_ count: Int) {
        for index in 0..<min(count, postedCount) {
            let packet = packets[(head + index) & (capacity - 1)]
            prefetch(packet.header)
            prefetch(packet.header + (Packet.Layout.byteCount + Self.headroom))
        }
    }

    mutating func transmit(_ burst: UnsafeMutablePointer<Packet>, count: Int) -> Int {
        let taken = outgoing.posted.pop(into: addresses, maximumCount: min(count, Self.burst))
        for index in 0..<taken {
            addresses[index].copyMemory(from: burst[index].bytes, byteCount: Int(burst[index].length))
            lengths[index] = UInt16(burst[index].length)
        }
        let completed = outgoing.completed.push(from: lengths, count: taken)
        precondition(completed == taken, "more frames on the wire than buffers were posted")
        pool.free(burst, count: taken)
        return taken
    }

    static func device(_ end: UnsafeMutablePointer<WireEnd>) -> PacketDevice {
        let pool = end.pointee.pool
        return PacketDevice(
            context: end,
            receive: { context, packets, count in
                context.assumingMemoryBound(to: WireEnd.self).pointee
                    .receive(into: packets.assumingMemoryBound(to: Packet.self), count: count)
            },
            transmit: { context, packets, count in
                context.assumingMemoryBound(to: WireEnd.self).pointee
                    .transmit(packets.assumingMemoryBound(to: Packet.self), count: count)
            },
            allocate: { context, packets, count in
                context.assumingMemoryBound(to: WireEnd.self).pointee.pool
                    .allocate(into: packets.assumingMemoryBound(to: Packet.self), count: count)
            },
            free: { context, packets, count in
                context.assumingMemoryBound(to: WireEnd.self).pointee.pool
                    .free(packets.assumingMemoryBound(to: Packet.self), count: count)
            },
            macAddress: pool.macAddress, mtu: pool.mtu)
    }
}
