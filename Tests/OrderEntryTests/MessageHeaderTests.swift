import OrderEntry
import Testing

@Suite struct MessageHeaderTests {
    @Test(arguments: Example.all) func writesTheGoldenBytes(_ example: Example) {
        #expect(hex(example.bytes) == example.golden)
    }

    @Test(arguments: Example.all) func readsItsHeader(_ example: Example) {
        let (length, type, session) = read(example.bytes) {
            (MessageHeader.length(at: $0), MessageHeader.type(at: $0), MessageHeader.session(at: $0))
        }
        #expect(length == example.bytes.count)
        #expect(type == example.type)
        #expect(session == Example.session)
    }

    @Test func everyTypeHasAnExampleAndAWholeLength() {
        #expect(Example.all.map(\.type) == MessageType.allCases)
        for type in MessageType.allCases {
            #expect(type.length % 8 == 0 && type.length <= MessageHeader.maximumMessageLength, "\(type)")
            #expect(type.length >= MessageHeader.size, "\(type)")
        }
    }
}
