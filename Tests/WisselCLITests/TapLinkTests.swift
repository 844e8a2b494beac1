import Foundation
import Testing

/// What the kernel on the other side of the TAP sees and accepts of the node's ARP, ICMP, IGMP, checksums and sizes.
extension TapTests {
    private static let node: [UInt8] = [198, 18, 0, 2]
    private static let host: [UInt8] = [198, 18, 0, 1]

    private func start(changes: [(String, String)] = []) throws -> Node {
        let node = try Node(changes: changes)
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        return node
    }

    private func wire(_ node: Node) throws -> PacketSocket {
        try #require(PacketSocket(interface: "wissel0", ofProcess: node.process.processID), "no packet socket")
    }

    /// 16 bits of the ones' complement sum, complemented (RFC 1071).
    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | UInt32(index + 1 < bytes.count ? bytes[index + 1] : 0)
        }
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        return [UInt8(~sum >> 8 & 0xFF), UInt8(~sum & 0xFF)]
    }

    /// A version 3 general query from the host's address, answers wanted within a second.
    private static func query() -> [UInt8] {
        var message: [UInt8] = [0x11, 10, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0]
        message.replaceSubrange(2..<4, with: checksum(message))
        var header: [UInt8] = [0x46, 0xC0, 0, 36, 0, 0, 0, 0, 1, 2, 0, 0] + host + [224, 0, 0, 1, 0x94, 4, 0, 0]
        header.replaceSubrange(10..<12, with: checksum(header))
        return [1, 0, 0x5E, 0, 0, 1, 2, 0, 0, 0, 0, 0x66, 8, 0] + header + message
    }

    @Test func membershipIsReportedToAQuerierAndLeftAtTheEnd() throws {
        let node = try start()
        let wire = try wire(node)
        func report(of type: UInt8) -> Bool {
            wire.next(within: 5) { frame in
                frame.count >= 54 && frame[23] == 2 && frame[38] == 0x22 && frame[46] == type
                    && Array(frame[30..<34]) == [224, 0, 0, 22] && Array(frame[50..<54]) == [233, 215, 21, 4]
            } != nil
        }
        #expect(wire.send(Self.query()))
        #expect(report(of: 2), "current state: everybody, in 233.215.21.4")
        node.process.terminate()
        #expect(report(of: 3), "change to nobody")
        #expect(node.process.wait(limitSeconds: 20) == 0)
    }

    @Test func aHostWithTheSameAddressIsToldOf() throws {
        let node = try start()
        let wire = try wire(node)
        let intruder: [UInt8] = [2, 0, 0, 0, 0, 0x66]
        let claim = [UInt8](repeating: 0xFF, count: 6) + intruder + [8, 6, 0, 1, 8, 0, 6, 4, 0, 2] + intruder
        #expect(wire.send(claim + Self.node + [UInt8](repeating: 0xFF, count: 6) + Self.node))
        #expect(
            node.process.waits(for: "warning: 02:00:00:00:00:66 claims the node's IPv4 address", limitSeconds: 10),
            "\(node.process.output)")
        _ = try node.stop()
        #expect(node.process.output.contains("1 ADDRESS CONFLICTS"), "\(node.process.output)")
    }

    @Test func aFloodOfPingsIsAnsweredUpToTheLimit() throws {
        let node = try start(changes: [("echoPerSecond: 1000", "echoPerSecond: 100")])
        let ping = try node.inside("/usr/bin/ping", "-q", "-i", "0.001", "-c", "1500", "-w", "3", "198.18.0.2")
        let words = ping.output.split(whereSeparator: { $0 == " " || $0 == "," })
        let received = try #require(words.firstIndex(of: "received").flatMap { Int(words[$0 - 1]) }, "\(ping.output)")
        #expect(received > 0 && received <= 10 + 100 * 4, "\(ping.output)")
        _ = try node.stop()
        #expect(node.process.output.contains("echo request above the rate limit"), "\(node.process.output)")
    }

    /// The kernel reads our "port unreachable", finds the socket it is about, and tells its owner.
    @Test func thePortUnreachableReachesTheSendersSocket() throws {
        let node = try start()
        let sender = try node.inside(
            "/usr/bin/python3", "-c",
            """
            socket = __import__("socket")
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(5)
            s.connect(("198.18.0.2", 9))
            s.send(b"anybody?")
            try:
                s.recv(64)
            except ConnectionRefusedError:
                print("refused")
            """)
        #expect(sender.output == "refused\n", "\(sender.output)\(sender.error)")
        _ = try node.stop()
        #expect(node.process.output.contains("1 ICMP errors out"), "\(node.process.output)")
    }

    @Test(arguments: [("auto", "checksums by the device"), ("off", "checksums in software")])
    func theKernelAcceptsReportsWithChecksumsOfEitherKind(_ setting: String, _ said: String) throws {
        let node = try start(changes: [("checksumOffload: auto", "checksumOffload: \(setting)")])
        #expect(node.process.output.contains(said), "\(node.process.output)")
        let (result, report) = try node.load("--orders", "1000", "--window", "16")
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(report.answers.acknowledged == 1_000 && report.link.retransmitRequests == 0)
        _ = try node.stop()
    }

    /// DPDK 22.11's TAP driver carries frames of 1,522 bytes at most.
    @Test func anMTUTheDeviceCannotCarryIsRefusedWithTheReason() throws {
        let node = try Node(changes: [("mtu: 1500", "mtu: 9000")])
        #expect(node.process.wait(limitSeconds: 30) != 0)
        #expect(node.process.error.contains("MTU 9000 asked for and the device carries 1504"), "\(node.process.error)")
        #expect(node.process.error.contains("lower the MTU to 1504"), "\(node.process.error)")
    }

    @Test func jumboFramesAreDroppedWhereTheyAreNot() throws {
        let node = try start()
        // The kernel's side alone is told of larger frames.
        let change = try node.inside("/usr/sbin/ip", "link", "set", "wissel0", "mtu", "9000")
        try #require(change.status == 0, "\(change.error)")
        let ping = try node.inside(
            "/usr/bin/ping", "-c", "3", "-i", "0.2", "-W", "1", "-s", "1900", "-M", "do", "198.18.0.2")
        #expect(ping.output.contains(" 100% packet loss"), "\(ping.output)")
        let small = try node.inside("/usr/bin/ping", "-c", "1", "-W", "2", "198.18.0.2")
        #expect(small.output.contains(" 0% packet loss"), "\(small.output)")
        _ = try node.stop()
        #expect(
            node.process.output.contains("frame longer than the interface's MTU allows 3"), "\(node.process.output)")
    }
}
