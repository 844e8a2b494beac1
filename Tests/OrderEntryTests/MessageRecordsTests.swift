import OrderEntry
import Testing

@Suite struct MessageRecordsTests {
    @Test func recordsAreTwoCacheLines() {
        #expect(MemoryLayout<InboundMessage>.size == 128)
        #expect(MemoryLayout<InboundMessage>.stride == 128)
        #expect(MemoryLayout<OutboundMessage>.size == 128)
        #expect(MemoryLayout<OutboundMessage>.stride == 128)
        #expect(MemoryLayout<Peer>.size == 16)
    }

    @Test func bytesOfARecordAreItsLast104() {
        let record = UnsafeMutablePointer<OutboundMessage>.allocate(capacity: 2)
        defer { record.deallocate() }
        record.initialize(repeating: OutboundMessage(), count: 2)
        let offset = OutboundMessage.bytes(of: record) - UnsafeMutableRawPointer(record)
        #expect(offset + MessageHeader.maximumMessageLength == 128)
        UnsafeMutableRawBufferPointer(start: OutboundMessage.bytes(of: record), count: 104).initializeMemory(
            as: UInt8.self, repeating: 0xFF)
        #expect(record[0].peer == Peer())
        #expect(record[0].gateSequence == 0)
        #expect(record[1].gateSequence == 0)
    }

    @Test func inboundBytesAreTheSameForReaderAndWriter() {
        let record = UnsafeMutablePointer<InboundMessage>.allocate(capacity: 1)
        defer { record.deallocate() }
        record.initialize(to: InboundMessage())
        #expect(UnsafeRawPointer(InboundMessage.bytes(of: record)) == InboundMessage.bytes(of: UnsafePointer(record)))
    }
}
