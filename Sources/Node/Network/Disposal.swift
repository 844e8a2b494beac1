import NetStack

/// Collects packets that are done with and gives them back to the device in bursts. One thread.
struct Disposal: ~Copyable {
    private let device: PacketDevice
    private let packets: UnsafeMutablePointer<Packet>
    private var count = 0

    init(device: PacketDevice) {
        self.device = device
        packets = .allocate(capacity: Limits.burst)
    }

    deinit { packets.deallocate() }

    mutating func add(_ packet: Packet) {
        if count == Limits.burst { flush() }
        (packets + count).initialize(to: packet)
        count &+= 1
    }

    mutating func flush() {
        guard count > 0 else { return }
        device.free(packets, count: count)
        count = 0
    }
}
