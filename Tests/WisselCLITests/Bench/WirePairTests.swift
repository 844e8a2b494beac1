import NetStack
import Testing
import WisselCLI

/// The wire of the priority benchmark: what a NIC would do, with the buffers of two pools.
@Suite struct WirePairTests {
    private let pools = (0..<2).map { _ in LoopbackDevice(bufferCount: WirePair.capacity + 128, bufferCapacity: 256) }

    private func send(_ text: String, on device: PacketDevice) -> Int {
        let packet = UnsafeMutablePointer<Packet>.allocate(capacity: 1)
        defer { packet.deallocate() }
        guard device.allocate(into: packet, count: 1) == 1 else { return -1 }
        packet[0].bytes.copyMemory(from: text, byteCount: text.utf8.count)
        packet[0].length = UInt32(text.utf8.count)
        let sent = device.transmit(packet, count: 1)
        if sent == 0 { device.free(packet, count: 1) }
        return sent
    }

    /// What has arrived, in order; the buffers go back.
    private func receive(_ device: PacketDevice, atMost count: Int = 32) -> [String] {
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: count)
        defer { packets.deallocate() }
        let received = device.receive(into: packets, count: count)
        let texts = (0..<received).map { index in
            String(
                decoding: UnsafeRawBufferPointer(start: packets[index].bytes, count: Int(packets[index].length)),
                as: UTF8.self)
        }
        device.free(packets, count: received)
        return texts
    }

    @Test func framesArriveInOrderBothWays() {
        do {
            let wire = WirePair(pools: (pools[0].device, pools[1].device))
            for round in 0..<3 * WirePair.capacity / 32 {
                let texts = (0..<32).map { "frame \(round) \($0)" }
                for end in 0..<2 {
                    for text in texts { #expect(send(text, on: wire.device(end)) == 1) }
                    #expect(receive(wire.device(1 - end)) == texts)
                }
            }
            #expect(receive(wire.device(0)).isEmpty && receive(wire.device(1)).isEmpty)
        }
        for pool in pools { #expect(pool.freeBufferCount == WirePair.capacity + 128, "every buffer is back") }
    }

    /// A queue whose core does not come takes as many frames as buffers are posted, and the rest stay the sender's.
    @Test func aFullQueueTakesNothing() {
        do {
            let wire = WirePair(pools: (pools[0].device, pools[1].device))
            for number in 0..<WirePair.capacity { #expect(send("\(number)", on: wire.device(1)) == 1) }
            #expect(send("too many", on: wire.device(1)) == 0)
            #expect(receive(wire.device(0), atMost: 64).count == 64)
            for number in 0..<64 { #expect(send("later \(number)", on: wire.device(1)) == 1) }
            #expect(send("too many", on: wire.device(1)) == 0)
        }
        for pool in pools {
            #expect(pool.freeBufferCount == WirePair.capacity + 128, "posted and filled buffers are back")
        }
    }
}
