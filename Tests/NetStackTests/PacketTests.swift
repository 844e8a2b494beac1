import NetStack
import Testing

@Suite struct PacketTests {
    @Test func aDescriptorIsFortyEightBytesAndPlain() {
        #expect(MemoryLayout<Packet>.stride == 48)
        #expect(_isPOD(Packet.self) && _isPOD(FrameVerdict.self) && _isPOD(UDPTemplate.self))
    }

    @Test func aNewDescriptorKnowsNoPayload() {
        let (fields, _) = [UInt8](repeating: 0, count: 60).asPacket { packet in
            (packet.length, packet.capacity, packet.payloadOffset, packet.payloadLength, packet.tag)
        }
        #expect(fields == (60, 60, 0, 0, 0))
    }
}
