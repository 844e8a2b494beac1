import CDPDK
import NetStack

/// One receive and one transmit queue of a port as a `PacketDevice`: the per-burst code of this target.
///
/// A `Packet` is the address of an mbuf, so bursts pass through as they are: no descriptor is written on the way in or
/// out. Used by one thread; `free` touches neither queue and may be called by any.
struct QueuePair {
    let pool: UnsafeMutableRawPointer
    let port: UInt16
    let queue: UInt16

    /// Frames offered to the driver per call.
    static var burstLimit: Int { 256 }

    static func make(port: UInt16, queue: UInt16, pool: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        checkLayout()
        // A cache line of its own, and the next one the prefetcher brings along.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
        memory.bindMemory(to: QueuePair.self, capacity: 1)
            .initialize(to: QueuePair(pool: pool, port: port, queue: queue))
        return memory
    }

    /// `Packet` reads and writes mbufs at fixed offsets: they must be those of the DPDK this was built with.
    private static func checkLayout() {
        precondition(MemoryLayout<Packet>.size == MemoryLayout<UnsafeMutableRawPointer>.size, "a packet is a pointer")
        let pairs: [(Int, Int)] = [
            (Packet.Layout.bufferAddress, CDPDK_MBUF_BUFFER_ADDRESS),
            (Packet.Layout.dataOffset, CDPDK_MBUF_DATA_OFFSET),
            (Packet.Layout.segmentCount, CDPDK_MBUF_SEGMENT_COUNT),
            (Packet.Layout.offloadFlags, CDPDK_MBUF_OFFLOAD_FLAGS),
            (Packet.Layout.packetLength, CDPDK_MBUF_PACKET_LENGTH),
            (Packet.Layout.dataLength, CDPDK_MBUF_DATA_LENGTH),
            (Packet.Layout.bufferLength, CDPDK_MBUF_BUFFER_LENGTH),
            (Packet.Layout.byteCount, CDPDK_MBUF_BYTE_COUNT),
        ]
        for (ours, theirs) in pairs { precondition(ours == theirs, "an mbuf field is at \(theirs), not at \(ours)") }
        precondition(
            Packet.Layout.notes >= CDPDK_MBUF_DYNAMIC_FIELDS
                && Packet.Layout.notes + Packet.Layout.notesByteCount <= Packet.Layout.byteCount,
            "the notes lie outside the dynamic fields")
    }

    static func receive(_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let pair = context.assumingMemoryBound(to: QueuePair.self)
        return Int(
            cdpdk_receive_burst(
                pair.pointee.port, pair.pointee.queue, packets, UInt16(truncatingIfNeeded: min(count, burstLimit))))
    }

    static func transmit(_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let pair = context.assumingMemoryBound(to: QueuePair.self)
        var accepted = 0
        while accepted < count {
            let offered = min(count &- accepted, burstLimit)
            let taken = Int(
                cdpdk_transmit_burst(
                    pair.pointee.port, pair.pointee.queue, packets + accepted &* MemoryLayout<Packet>.size,
                    UInt16(truncatingIfNeeded: offered)))
            accepted &+= taken
            if taken < offered { break }
        }
        return accepted
    }

    static func allocate(_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let pair = context.assumingMemoryBound(to: QueuePair.self)
        return cdpdk_mbuf_allocate(pair.pointee.pool, packets, UInt32(truncatingIfNeeded: count)) ? count : 0
    }

    static func free(_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) {
        cdpdk_mbuf_free(packets, UInt32(truncatingIfNeeded: count))
    }
}

extension PacketDevice {
    /// The device over a queue pair that `QueuePair.make` made.
    init(pair context: UnsafeMutableRawPointer, macAddress: UInt64, mtu: Int) {
        self.init(
            context: context,
            receive: { QueuePair.receive($0, $1, $2) },
            transmit: { QueuePair.transmit($0, $1, $2) },
            allocate: { QueuePair.allocate($0, $1, $2) },
            free: { QueuePair.free($0, $1, $2) },
            macAddress: macAddress, mtu: mtu)
    }
}
