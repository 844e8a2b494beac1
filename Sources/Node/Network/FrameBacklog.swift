import NetStack

/// Finished frames of one class that the device has not taken yet, oldest first: at most a burst. One thread.
struct FrameBacklog: ~Copyable {
    let frames: UnsafeMutablePointer<Packet>
    private(set) var count = 0

    init() { frames = .allocate(capacity: Limits.burst) }

    deinit { frames.deallocate() }

    var isFull: Bool { count == Limits.burst }

    /// Appends; the caller has seen room.
    mutating func append(_ packet: Packet) {
        (frames + count).initialize(to: packet)
        count &+= 1
    }

    /// Offers the oldest `offered` to the device; returns how many it took and adds their bytes.
    mutating func transmit(_ offered: Int, to device: PacketDevice, bytes: inout UInt64) -> Int {
        // Lengths are read before: the buffers are the device's afterwards.
        var sum: UInt64 = 0
        for index in 0..<offered { sum &+= UInt64(frames[index].length) }
        let sent = device.transmit(frames, count: offered)
        for index in sent..<offered { sum &-= UInt64(frames[index].length) }
        bytes &+= sum
        if sent > 0, sent < count { frames.update(from: frames + sent, count: count &- sent) }
        count &-= sent
        return sent
    }

    mutating func discard(to device: PacketDevice) {
        device.free(frames, count: count)
        count = 0
    }
}
