import LoadClient
import Testing

@Suite struct UDPSocketTests {
    private func anyPort() throws -> SocketAddress { try SocketAddress("127.0.0.1", port: 0) }

    private func send(_ text: String, by socket: borrowing UDPSocket) throws -> UDPSocket.SendOutcome {
        var text = text
        return try text.withUTF8 { bytes in try socket.send(UnsafeRawBufferPointer(bytes)) }
    }

    private func receive(_ socket: borrowing UDPSocket) throws -> String? {
        var buffer = [UInt8](repeating: 0, count: 64)
        let outcome = try buffer.withUnsafeMutableBytes { bytes in try socket.receive(into: bytes) }
        guard case .datagram(let byteCount) = outcome else { return nil }
        return String(decoding: buffer.prefix(byteCount), as: UTF8.self)
    }

    @Test func datagramsGoThere() throws {
        let receiver = try UDPSocket(local: anyPort(), remote: nil)
        let sender = try UDPSocket(local: anyPort(), remote: receiver.localAddress)
        let before = try receiver.wait(timeoutNanoseconds: 0)
        let outcome = try send("order", by: sender)
        let after = try receiver.wait(timeoutNanoseconds: 1_000_000_000)
        let texts = [try receive(receiver), try receive(receiver)]
        #expect(!before && after)
        #expect(outcome == .sent)
        #expect(texts == ["order", nil])
    }

    @Test func nobodyListening() throws {
        let free = try UDPSocket(local: anyPort(), remote: nil).localAddress
        let sender = try UDPSocket(local: anyPort(), remote: free)
        let first = try send("order", by: sender)
        let second = try send("order", by: sender)
        #expect(first == .sent)
        #expect(second == .refused)
    }

    @Test(arguments: ["", "localhost", "10.0.0", "10.0.0.256", "::1"])
    func wrongAddressesAreNamed(host: String) {
        let error = #expect(throws: SocketError.self) { try SocketAddress(host, port: 1) }
        #expect(
            error?.description == "cannot read the address \"\(host)\": it is not one. Write an IPv4 address in four "
                + "numbers, such as 10.0.0.1, and a port from 0 to 65535.")
    }

    @Test func foreignSourceAddressSaysWhatToDo() throws {
        let foreign = try SocketAddress("192.0.2.7", port: 0)
        let error = #expect(throws: SocketError.self) {
            let socket = try UDPSocket(local: foreign, remote: nil)
            _ = socket.localAddress
        }
        #expect(error?.step == .bind)
        #expect(error?.description.contains("192.0.2.7") == true)
        #expect(error?.remedy.contains("ip address add") == true)
    }

    @Test func takenPortSaysWhatToDo() throws {
        let first = try UDPSocket(local: anyPort(), remote: nil)
        let taken = first.localAddress
        let error = #expect(throws: SocketError.self) {
            let socket = try UDPSocket(local: taken, remote: nil)
            _ = socket.localAddress
        }
        #expect(error?.remedy.contains("Another program holds that port") == true)
    }

    @Test func addressesReadAndWrite() throws {
        let address = try SocketAddress("239.1.2.3", port: 5_000)
        #expect(address.address == 0xEF01_0203)
        #expect(address.description == "239.1.2.3:5000")
        #expect(address.isMulticast)
        #expect(try !SocketAddress("10.0.0.1", port: 1).isMulticast)
    }
}
