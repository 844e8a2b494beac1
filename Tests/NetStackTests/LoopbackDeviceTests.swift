import NetStack
import Testing

@Suite struct LoopbackDeviceTests {
    @Test func injectedIsReceivedAndSentIsTaken() {
        let loopback = LoopbackDevice(bufferCount: 4, bufferCapacity: 64)
        defer { loopback.deallocate() }
        #expect(loopback.inject([1, 2, 3], flags: .ipChecksumGood) && loopback.inject([4]))
        withPackets(4) { packets in
            #expect(loopback.device.receive(into: packets, count: 4) == 2)
            #expect(packets[0].length == 3 && packets[0].capacity == 64)
            #expect(packets[0].flags == .ipChecksumGood && loopback.freeBufferCount == 2)
            #expect(loopback.device.transmit(packets, count: 2) == 2)
        }
        #expect(loopback.takeTransmitted() == [1, 2, 3] && loopback.takeTransmitted() == [4])
        #expect(loopback.takeTransmitted() == nil && loopback.freeBufferCount == 4)
    }

    @Test func everyBoundRefuses() {
        let loopback = LoopbackDevice(bufferCount: 4, bufferCapacity: 8, queueCapacity: 2)
        defer { loopback.deallocate() }
        #expect(!loopback.inject([UInt8](repeating: 0, count: 9)), "longer than a buffer")
        #expect(loopback.inject([1]) && loopback.inject([2]) && !loopback.inject([3]), "queue of two")
        withPackets(4) { packets in
            #expect(loopback.device.allocate(into: packets, count: 3) == 0, "all or none")
            #expect(loopback.device.allocate(into: packets, count: 2) == 2 && !loopback.inject([4]), "pool of four")
            #expect(loopback.device.receive(into: packets + 2, count: 2) == 2)
            #expect(loopback.device.transmit(packets, count: 4) == 2, "transmit queue of two")
            loopback.device.free(packets + 2, count: 2)
        }
        #expect(loopback.freeBufferCount == 2 && loopback.discardTransmitted() == 2 && loopback.freeBufferCount == 4)
    }

    @Test func framesCanBePlacedAtTheEndOfTheirBuffer() {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 64)
        defer { memory.deallocate() }
        let loopback = LoopbackDevice(
            memory: .init(base: memory, stride: 128, capacity: 100, count: 2, placesFramesAtEnd: true))
        defer { loopback.deallocate() }
        #expect(loopback.inject([1, 2, 3]))
        withPackets(1) { packets in
            #expect(loopback.device.receive(into: packets, count: 1) == 1)
            #expect((packets[0].bytes - memory) % 128 == 97 && packets[0].capacity == 3)
            loopback.device.free(packets, count: 1)
        }
        #expect(loopback.freeBufferCount == 2)
    }

    private func withPackets(_ count: Int, _ body: (UnsafeMutablePointer<Packet>) -> Void) {
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: count)
        defer { packets.deallocate() }
        body(packets)
    }
}
