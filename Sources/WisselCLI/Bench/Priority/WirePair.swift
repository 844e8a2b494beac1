import NetStack
import Runtime

/// A cable between two threads: what one end sends, the other receives, as the mbufs they are, the way a NIC hands them
/// over by DMA. Copying frames, as shared-memory devices do, would be most of the receiving core's work at these rates.
///
/// Each end is used by one thread. Buffers are those of the device it is made with.
final class WirePair {
    private struct End {
        var incoming: SPSCRing<Packet>
        var outgoing: SPSCRing<Packet>
        var pool: PacketDevice
    }

    /// Frames on the way each way: the descriptors of a large NIC queue.
    static let capacity = 4_096

    private let rings: [SPSCRing<Packet>]
    private let ends: UnsafeMutablePointer<End>
    private let pool: PacketDevice

    /// - Parameter pool: gives and takes the buffers; is neither sent to nor received from.
    init(pool: PacketDevice) {
        self.pool = pool
        rings = [SPSCRing(capacity: Self.capacity), SPSCRing(capacity: Self.capacity)]
        ends = .allocate(capacity: 2)
        ends.initialize(to: End(incoming: rings[0], outgoing: rings[1], pool: pool))
        (ends + 1).initialize(to: End(incoming: rings[1], outgoing: rings[0], pool: pool))
    }

    /// Both threads have stopped; what is still on the way goes back.
    deinit {
        let packet = UnsafeMutablePointer<Packet>.allocate(capacity: 1)
        for ring in rings {
            while ring.pop(into: packet, maximumCount: 1) == 1 { pool.free(packet, count: 1) }
            ring.deallocate()
        }
        packet.deallocate()
        ends.deallocate()
    }

    /// - Parameter index: 0 or 1.
    func device(_ index: Int) -> PacketDevice {
        PacketDevice(
            context: ends + index,
            receive: { context, packets, count in
                let received = context.assumingMemoryBound(to: End.self).pointee.incoming
                    .pop(into: packets.assumingMemoryBound(to: Packet.self), maximumCount: count)
                // A driver has written the headers of what it hands out, so they are in its core's cache.
                for index in 0..<received {
                    let header = packets.load(fromByteOffset: index * 8, as: UnsafeRawPointer.self)
                    prefetch(header)
                    prefetch(header + 64)
                }
                return received
            },
            transmit: { context, packets, count in
                context.assumingMemoryBound(to: End.self).pointee.outgoing
                    .push(from: packets.assumingMemoryBound(to: Packet.self), count: count)
            },
            allocate: { context, packets, count in
                context.assumingMemoryBound(to: End.self).pointee.pool
                    .allocate(into: packets.assumingMemoryBound(to: Packet.self), count: count)
            },
            free: { context, packets, count in
                context.assumingMemoryBound(to: End.self).pointee.pool
                    .free(packets.assumingMemoryBound(to: Packet.self), count: count)
            },
            macAddress: pool.macAddress, mtu: pool.mtu)
    }
}
