/// A bounded queue of packets in raw memory for the devices made of software. One thread, or under its owner's lock.
struct PacketQueue {
    private let slots: UnsafeMutablePointer<Packet>
    let capacity: Int
    private var head = 0
    private(set) var count = 0

    init(capacity: Int) {
        slots = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    func deallocate() { slots.deallocate() }

    var isEmpty: Bool { count == 0 }

    /// False when full.
    mutating func push(_ packet: Packet) -> Bool {
        guard count < capacity else { return false }
        (slots + (head &+ count) % capacity).initialize(to: packet)
        count &+= 1
        return true
    }

    var first: Packet? { count == 0 ? nil : slots[head] }

    mutating func pop() -> Packet? {
        guard let packet = first else { return nil }
        head = (head &+ 1) % capacity
        count &-= 1
        return packet
    }
}
