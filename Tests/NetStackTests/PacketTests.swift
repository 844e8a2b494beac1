import NetStack
import TestSupport
import Testing

@Suite struct PacketTests {
    @Test func aPacketIsAPointerAndPlain() {
        #expect(MemoryLayout<Packet>.size == MemoryLayout<UnsafeMutableRawPointer>.size)
        #expect(_isPOD(Packet.self) && _isPOD(FrameVerdict.self) && _isPOD(UDPTemplate.self))
    }

    @Test func aNewHeaderKnowsNoPayload() {
        let (fields, _) = [UInt8](repeating: 0, count: 60).asPacket { packet in
            (packet.length, packet.capacity, packet.payloadOffset, packet.payloadLength, packet.tag)
        }
        #expect(fields == (60, 60, 0, 0, 0))
    }

    @Test func theFrameCanBeCutAtBothEnds() {
        let (fields, _) = [UInt8](repeating: 0, count: 60).asPacket { packet in
            let start = packet.bytes
            packet.bytes += 14
            packet.length -= 20
            return (packet.bytes - start, packet.length, packet.capacity)
        }
        #expect(fields == (14, 40, 46))
    }

    @Test func notesAndFlagsDoNotTouchTheFrame() {
        let (fields, bytes) = [UInt8](repeating: 7, count: 60).asPacket { packet in
            packet.receivedNanoseconds = .max
            packet.payloadOffset = 0xFFFF
            packet.payloadLength = 0xFFFE
            packet.tag = .max
            packet.lane = .max
            packet.flags = [.ipChecksumGood, .l4ChecksumBad]
            return (packet.receivedNanoseconds, packet.payloadOffset, packet.payloadLength, packet.tag, packet.length)
        }
        #expect(fields == (.max, 0xFFFF, 0xFFFE, .max, 60))
        #expect(bytes == [UInt8](repeating: 7, count: 60))
    }
}
