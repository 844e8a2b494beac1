import LoadClient
import Testing

@Suite struct DatagramSenderTests {
    private func send(_ text: String, by sender: inout DatagramSender) throws -> Bool {
        var text = text
        return try text.withUTF8 { bytes in try sender.send(UnsafeRawBufferPointer(bytes)) }
    }

    @Test func unicastIsCounted() throws {
        let receiver = try UDPSocket(local: SocketAddress("127.0.0.1", port: 0), remote: nil)
        var sender = try DatagramSender(destination: receiver.localAddress)
        for _ in 0..<3 { _ = try send("quote", by: &sender) }
        let (sent, full) = (sender.sentCount, sender.fullCount)
        let arrived = try receiver.wait(timeoutNanoseconds: 1_000_000_000)
        #expect(sent == 3 && full == 0)
        #expect(arrived)
    }

    @Test func nobodyListeningIsNoError() throws {
        let free = try UDPSocket(local: SocketAddress("127.0.0.1", port: 0), remote: nil).localAddress
        var sender = try DatagramSender(destination: free)
        for _ in 0..<5 {
            let isTaken = try send("quote", by: &sender)
            #expect(isTaken)
        }
        let sent = sender.sentCount
        #expect(sent == 5)
    }

    @Test func multicastFromAForeignInterfaceSaysWhatToDo() throws {
        let group = try SocketAddress("239.1.2.3", port: 5_000)
        let error = #expect(throws: SocketError.self) {
            let sender = try DatagramSender(destination: group, interfaceAddress: "192.0.2.7")
            _ = sender.sentCount
        }
        #expect(error?.description.contains("192.0.2.7") == true)
    }

    @Test func multicastLeavesThroughTheGivenInterface() throws {
        let group = try SocketAddress("239.255.1.2", port: 5_001)
        var sender = try DatagramSender(destination: group, interfaceAddress: "127.0.0.1", timeToLive: 0)
        let isTaken = try send("quote", by: &sender)
        #expect(isTaken)
    }
}
