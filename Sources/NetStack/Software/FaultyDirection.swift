import Runtime

/// One direction of a bad wire: packets go in one by one and come out of `ready` as the dice fell.
struct FaultyDirection {
    /// Packets on their way out: one, its copy, and one that was overtaken.
    var ready = PacketQueue(capacity: 4)
    private(set) var counts = FaultCounts()
    private var faults: SeededFaults
    /// Which bit is flipped, how much stays.
    private var random: SplitMix64
    private var held: Packet?

    init(_ rates: FaultRates, seed: UInt64) {
        faults = SeededFaults(rates, seed: seed)
        random = SplitMix64(seed: seed &+ 1)
    }

    mutating func deallocate(freeingTo device: PacketDevice) {
        releaseHeld()
        while var packet = ready.pop() { device.free(&packet, count: 1) }
        ready.deallocate()
    }

    /// Takes a packet over; call with `ready` empty.
    mutating func pass(_ original: Packet, of device: PacketDevice) {
        var packet = original
        let faults = faults.next()
        if faults.contains(.drop) {
            counts.dropped += 1
            device.free(&packet, count: 1)
            return
        }
        if packet.length > 0, faults.contains(.corrupt) { corrupt(packet) }
        if packet.length > 1, faults.contains(.truncate) {
            counts.truncated += 1
            packet.length = 1 + UInt32(truncatingIfNeeded: random.next() % UInt64(packet.length - 1))
        }
        if held == nil, faults.contains(.reorder) {
            counts.reordered += 1
            held = packet
            return
        }
        emit(packet)
        if faults.contains(.duplicate), let copy = copy(of: packet, from: device) {
            counts.duplicated += 1
            emit(copy)
        }
        releaseHeld()
    }

    /// Lets the packet go that waits to be overtaken; false when there is none.
    @discardableResult mutating func releaseHeld() -> Bool {
        guard let packet = held, ready.count < ready.capacity else { return false }
        held = nil
        emit(packet)
        return true
    }

    /// Sends what is ready as far as the device takes it.
    mutating func drain(to device: PacketDevice) {
        while var packet = ready.first, device.transmit(&packet, count: 1) == 1 { _ = ready.pop() }
    }

    private mutating func emit(_ packet: Packet) {
        let fitted = ready.push(packet)
        precondition(fitted, "a packet gave more than three packets")
    }

    private mutating func corrupt(_ packet: Packet) {
        counts.corrupted += 1
        let bit = random.next() % (UInt64(packet.length) * 8)
        let byte = packet.bytes.assumingMemoryBound(to: UInt8.self) + Int(bit / 8)
        byte.pointee ^= 1 << UInt8(bit % 8)
        // The NIC would have seen the damage, so what it said about the checksums no longer holds.
        packet.flags.subtract([.ipChecksumGood, .l4ChecksumGood])
    }

    private func copy(of packet: Packet, from device: PacketDevice) -> Packet? {
        var copy = packet
        guard device.allocate(into: &copy, count: 1) == 1 else { return nil }
        guard copy.capacity >= packet.length else {
            device.free(&copy, count: 1)
            return nil
        }
        copy.bytes.copyMemory(from: packet.bytes, byteCount: Int(packet.length))
        copy.length = packet.length
        copy.flags = packet.flags
        return copy
    }
}
