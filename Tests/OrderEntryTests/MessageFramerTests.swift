import OrderEntry
import Testing

@Suite struct MessageFramerTests {
    @Test func walksAllMessagesOfADatagram() {
        let (messages, fault) = frame(Example.all.flatMap(\.bytes))
        #expect(fault == nil)
        #expect(messages == Example.all.map(\.bytes))
    }

    @Test func anEmptyDatagramHoldsNothing() {
        let (messages, fault) = frame([])
        #expect(messages.isEmpty)
        #expect(fault == nil)
    }

    @Test(arguments: Example.all) func everyTruncationIsNamed(_ example: Example) {
        for length in 1..<example.bytes.count {
            let (messages, fault) = frame(Script.heartbeat(next: 1) + example.bytes.prefix(length))
            #expect(messages == [Script.heartbeat(next: 1)], "\(length) bytes")
            #expect(fault == .truncated, "\(length) bytes")
        }
    }

    @Test(arguments: Example.all) func everyOtherVersionIsRefused(_ example: Example) {
        for version in UInt8.min...UInt8.max where version != 1 {
            var bytes = example.bytes
            bytes[3] = version
            #expect(frame(bytes).fault == .versionUnsupported, "version \(version)")
        }
    }

    @Test func everyUnknownTypeIsRefused() {
        for type in UInt8.min...UInt8.max where MessageType(rawValue: type) == nil {
            var bytes = Example.all[0].bytes
            bytes[2] = type
            let (messages, fault) = frame(bytes)
            #expect(messages.isEmpty && fault == .typeUnknown, "type \(type)")
        }
    }

    @Test(arguments: Example.all) func everyOtherLengthIsRefused(_ example: Example) {
        for length in UInt16.min...UInt16.max where Int(length) != example.bytes.count {
            var bytes = example.bytes
            bytes[0] = UInt8(truncatingIfNeeded: length)
            bytes[1] = UInt8(truncatingIfNeeded: length >> 8)
            let fault = frame(bytes).fault
            if fault != .lengthInvalid { Issue.record("length \(length): \(String(describing: fault))") }
        }
    }

    @Test func nothingBehindAFaultIsRead() {
        var second = Script.order(2)
        second[3] = 9
        let (messages, fault) = frame(Script.order(1) + second + Script.order(3))
        #expect(messages == [Script.order(1)])
        #expect(fault == .versionUnsupported)
    }
}
