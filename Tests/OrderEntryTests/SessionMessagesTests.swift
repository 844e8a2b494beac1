import OrderEntry
import Testing

@Suite struct SessionMessagesTests {
    private func example(_ type: MessageType) -> [UInt8] { Example.all.first { $0.type == type }!.bytes }

    @Test func establishAndItsAnswersComeBackWhole() {
        #expect(read(example(.establish)) { EstablishRequest(at: $0) } == Example.establish)
        #expect(read(example(.establishAck)) { EstablishAck(at: $0) } == Example.ack)
        let (version, reason) = read(example(.establishReject)) { SessionMessage.establishReject(at: $0) }
        #expect(version == Example.version)
        #expect(reason == .heartbeatInvalid)
    }

    @Test func smallMessagesComeBackWhole() {
        #expect(read(example(.heartbeat)) { MessageHeader.sequence(at: $0) } == 77)
        #expect(read(example(.terminate)) { SessionMessage.terminationReason(at: $0) } == .replaced)
        #expect(read(example(.retransmitRequest)) { SessionMessage.retransmitRequest(at: $0) } == (100, 64))
        #expect(read(example(.retransmitReject)) { SessionMessage.retransmitReject(at: $0) } == (100, 512))
        #expect(read(example(.notApplied)) { SessionMessage.notApplied(at: $0) } == (12, .busy))
    }

    @Test func unknownReasonsBecomeNone() {
        for (type, offset) in [(MessageType.terminate, 16), (.establishReject, 24), (.notApplied, 24)] {
            var bytes = example(type)
            bytes[offset] = 200
            switch type {
            case .terminate: #expect(read(bytes) { SessionMessage.terminationReason(at: $0) } == .none)
            case .establishReject: #expect(read(bytes) { SessionMessage.establishReject(at: $0).1 } == .none)
            default: #expect(read(bytes) { SessionMessage.notApplied(at: $0).reason } == .none)
            }
        }
    }

    @Test func accessKeysAreComparedInAllBytes() {
        let key = EstablishRequest.InlineKey(1...32)
        for index in 0..<32 {
            var other = [UInt8](1...32)
            other[index] ^= 0x80
            #expect(EstablishRequest.InlineKey(other) != key, "byte \(index)")
        }
        #expect(EstablishRequest.InlineKey(1...40) == key)
        #expect(EstablishRequest.InlineKey([9]) == EstablishRequest.InlineKey([9] + [UInt8](repeating: 0, count: 31)))
    }
}
