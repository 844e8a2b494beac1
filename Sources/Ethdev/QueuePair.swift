import CDPDK
import NetStack

/// One receive and one transmit queue of a port as a `PacketDevice`: the per-packet code of this target.
///
/// The pair lives in raw memory with its table of buffer pointers behind it, and is used by one thread; `free` touches
/// neither and may be called by any.
struct QueuePair {
    let pool: UnsafeMutableRawPointer
    /// Scratch for one burst; entries past a burst are stale or nil and only ever prefetched.
    let buffers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    let port: UInt16
    let queue: UInt16

    /// Frames per driver call. Longer transmissions take several calls, longer receptions come back short.
    static var burstLimit: Int { 256 }
    /// How many buffers ahead the header is fetched while descriptors are filled.
    static var prefetchDistance: Int { 4 }

    static func make(port: UInt16, queue: UInt16, pool: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        precondition(MemoryLayout<Packet>.offset(of: \.handle) == 0, "buffers are freed by striding over handles")
        precondition(Packet.Flags.segmented.rawValue == UInt32(CDPDK_RX_SEGMENTED), "flag bits differ")
        precondition(Packet.Flags.l4ChecksumBad.rawValue == UInt32(CDPDK_RX_L4_CHECKSUM_BAD), "flag bits differ")
        let slots = burstLimit + prefetchDistance
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 128 + slots * 8, alignment: 128)
        let buffers = (memory + 128).bindMemory(to: UnsafeMutableRawPointer?.self, capacity: slots)
        buffers.initialize(repeating: nil, count: slots)
        memory.bindMemory(to: QueuePair.self, capacity: 1)
            .initialize(to: QueuePair(pool: pool, buffers: buffers, port: port, queue: queue))
        return memory
    }

    static func receive(_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let pair = context.assumingMemoryBound(to: QueuePair.self).pointee
        let packets = packets.assumingMemoryBound(to: Packet.self)
        let wanted = UInt16(truncatingIfNeeded: min(count, burstLimit))
        let received = Int(cdpdk_receive_burst(pair.port, pair.queue, pair.buffers, wanted))
        var index = 0
        while index < received {
            cdpdk_prefetch(pair.buffers[index &+ prefetchDistance])
            let buffer = pair.buffers[index].unsafelyUnwrapped
            let bytes = cdpdk_mbuf_bytes(buffer).unsafelyUnwrapped
            cdpdk_prefetch(bytes)
            (packets + index).initialize(
                to: Packet(
                    handle: buffer, bytes: bytes, length: cdpdk_mbuf_length(buffer),
                    capacity: cdpdk_mbuf_capacity(buffer),
                    flags: Packet.Flags(rawValue: cdpdk_mbuf_receive_flags(buffer))))
            index &+= 1
        }
        return received
    }

    static func transmit(_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let pair = context.assumingMemoryBound(to: QueuePair.self).pointee
        let packets = packets.assumingMemoryBound(to: Packet.self)
        var accepted = 0
        while accepted < count {
            let offered = min(count &- accepted, burstLimit)
            var index = 0
            while index < offered {
                let packet = packets + (accepted &+ index)
                cdpdk_mbuf_set_frame(packet.pointee.handle, packet.pointee.bytes, packet.pointee.length)
                pair.buffers[index] = packet.pointee.handle
                index &+= 1
            }
            let taken = Int(
                cdpdk_transmit_burst(pair.port, pair.queue, pair.buffers, UInt16(truncatingIfNeeded: offered)))
            accepted &+= taken
            if taken < offered { break }
        }
        return accepted
    }

    static func allocate(_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let pair = context.assumingMemoryBound(to: QueuePair.self).pointee
        let packets = packets.assumingMemoryBound(to: Packet.self)
        var allocated = 0
        while allocated < count {
            let wanted = min(count &- allocated, burstLimit)
            guard cdpdk_mbuf_allocate(pair.pool, pair.buffers, UInt32(truncatingIfNeeded: wanted)) else {
                free(context, packets, allocated)
                return 0
            }
            var index = 0
            while index < wanted {
                let buffer = pair.buffers[index].unsafelyUnwrapped
                (packets + (allocated &+ index)).initialize(
                    to: Packet(
                        handle: buffer, bytes: cdpdk_mbuf_bytes(buffer).unsafelyUnwrapped, length: 0,
                        capacity: cdpdk_mbuf_capacity(buffer)))
                index &+= 1
            }
            allocated &+= wanted
        }
        return allocated
    }

    static func free(_ context: UnsafeMutableRawPointer, _ packets: UnsafeMutableRawPointer, _ count: Int) {
        cdpdk_mbuf_free_strided(packets, MemoryLayout<Packet>.stride, count)
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
