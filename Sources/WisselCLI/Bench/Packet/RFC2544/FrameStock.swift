import NetStack
import Wire

/// Frames ready to be sent: taken from the pool once, stamped and sent, and back here when they have gone round. So the
/// generator pays for no allocation per frame. One thread at a time.
final class FrameStock: @unchecked Sendable {
    private let device: PacketDevice
    private let headers: UDPTemplate
    private let frameBytes: Int
    private let capacity: Int
    private let packets: UnsafeMutablePointer<Packet>
    private(set) var count = 0

    /// - Parameter capacity: more than the rings between generator and sink hold.
    init(_ device: PacketDevice, frameBytes: Int, capacity: Int) throws {
        self.device = device
        self.frameBytes = frameBytes
        self.capacity = capacity
        headers = try OrderFrames.headers(macAddress: device.macAddress)
        packets = .allocate(capacity: capacity)
    }

    deinit {
        device.free(packets, count: count)
        packets.deallocate()
    }

    /// Takes back what an earlier trial left in a ring, so that this one does not count it. Nobody else may poll the
    /// device meanwhile.
    func collect(from device: PacketDevice) {
        while room > 0 {
            let received = device.receive(into: end, count: min(room, ForwardingLoop.burst))
            if received == 0 { break }
            add(received)
        }
    }

    /// Makes new frames for those that were lost; false when the pool has none left.
    func refill() -> Bool {
        while count < capacity {
            guard device.allocate(into: packets + count, count: 1) == 1 else { return false }
            OrderFrames.write(headers, to: packets[count], bytes: frameBytes)
            count += 1
        }
        return true
    }

    /// The last `wanted` frames, which stay the stock's until `remove`.
    @inline(__always) func last(_ wanted: Int) -> UnsafeMutablePointer<Packet> { packets + (count &- wanted) }

    /// The first `sent` of the last `wanted` have left; the others close up.
    @inline(__always) func remove(_ sent: Int, ofLast wanted: Int) {
        let first = packets + (count &- wanted)
        for index in sent..<wanted { first[index &- sent] = first[index] }
        count &-= sent
    }

    @inline(__always) var end: UnsafeMutablePointer<Packet> { packets + count }
    @inline(__always) var room: Int { capacity &- count }
    @inline(__always) func add(_ received: Int) { count &+= received }
}
