import CDPDK
import NetStack

/// One receive and one transmit queue of a port as a `PacketDevice`.
///
/// A `Packet` is the address of an mbuf, so bursts pass through as they are: no descriptor is written on the way in or
/// out, and the device's functions are the C functions of `CDPDK` themselves. Used by one thread; `free` touches neither
/// queue and may be called by any.
enum QueuePair {
    /// Memory for the device's context; the caller deallocates it.
    static func make(port: UInt16, queue: UInt16, pool: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        checkLayout()
        // A cache line of its own, and the next one the prefetcher brings along.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
        memory.bindMemory(to: cdpdk_queue_pair.self, capacity: 1)
            .initialize(
                to: cdpdk_queue_pair(pool: pool, port: port, queue: queue, asked_rest: 0, answered_rest: 0, tap: nil))
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
            (Packet.Layout.transmitOffload, CDPDK_MBUF_TRANSMIT_OFFLOAD),
            (Packet.Layout.byteCount, CDPDK_MBUF_BYTE_COUNT),
        ]
        for (ours, theirs) in pairs { precondition(ours == theirs, "an mbuf field is at \(theirs), not at \(ours)") }
        precondition(
            Packet.Layout.notes >= CDPDK_MBUF_DYNAMIC_FIELDS
                && Packet.Layout.notes + Packet.Layout.notesByteCount <= Packet.Layout.byteCount,
            "the notes lie outside the dynamic fields")
    }
}

extension PacketDevice {
    /// The device over a queue pair that `QueuePair.make` made.
    init(pair context: UnsafeMutableRawPointer, macAddress: UInt64, mtu: Int, offloads: Offloads) {
        self.init(
            context: context,
            receive: cdpdk_queue_receive,
            transmit: cdpdk_queue_transmit,
            allocate: cdpdk_queue_allocate,
            free: cdpdk_queue_free,
            macAddress: macAddress, mtu: mtu, offloads: offloads)
    }
}
