import Ethdev
import NetStack
import Runtime
import Testing

extension EnvironmentTests {
    /// Filters as the polling thread runs them.
    @Suite struct CaptureFilterTests {
        init() throws { try EnvironmentTests.startEAL() }

        /// An IPv4 frame with addresses 10.0.0.1 → 10.0.0.2.
        private static func frame(
            protocol number: UInt8, from: UInt16 = 0, to: UInt16 = 0, vlan: Bool = false, fragment: UInt16 = 0,
            count: Int = 80
        ) -> [UInt8] {
            let ports = [UInt8(from >> 8), UInt8(from & 0xFF), UInt8(to >> 8), UInt8(to & 0xFF)]
            let tag: [UInt8] = vlan ? [0x81, 0, 0, 7] : []
            let ip: [UInt8] = [
                0x45, 0, 0, 60, 0, 1, UInt8(fragment >> 8), UInt8(fragment & 0xFF), 64, number, 0, 0, 10, 0, 0, 1, 10,
                0, 0,
                2,
            ]
            let head = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] + tag + [8, 0] + ip + ports
            return head + [UInt8](repeating: 0, count: max(0, count - head.count))
        }

        private static let frames: [(name: String, bytes: [UInt8])] = [
            ("udp 9000", frame(protocol: 17, from: 4000, to: 9000)),
            ("udp 53", frame(protocol: 17, from: 53, to: 4000)),
            ("tcp 80", frame(protocol: 6, from: 4000, to: 80)),
            ("icmp", frame(protocol: 1)),
            ("vlan udp", frame(protocol: 17, from: 4000, to: 9000, vlan: true)),
            ("fragment", frame(protocol: 17, from: 4000, to: 9000, fragment: 100)),
            ("arp", [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 6] + [UInt8](repeating: 0, count: 46)),
            ("long udp", frame(protocol: 17, from: 4000, to: 9000, count: 600)),
            ("cut", Array(frame(protocol: 17).prefix(20))),
        ]

        @Test(arguments: [
            ("udp", ["udp 9000", "udp 53", "fragment", "long udp"]),
            ("udp port 9000", ["udp 9000", "long udp"]),
            ("udp dst port 9000 or tcp", ["udp 9000", "tcp 80", "long udp"]),
            ("icmp or arp", ["icmp", "arp"]),
            ("not ip", ["vlan udp", "arp"]),
            ("vlan and udp port 9000", ["vlan udp"]),
            ("greater 500", ["long udp"]),
            ("ip[6:2] & 0x1fff != 0", ["fragment"]),
            ("src host 10.0.0.2", []),
            ("src net 10.0.0.0/8 and portrange 50-90", ["udp 53", "tcp 80"]),
            ("ether multicast", ["arp"]),
            ("udp[0:2] = udp[2:2] - 5000", ["udp 9000", "long udp"]),
        ])
        func `a filter lets pass what it says`(expression: String, names: [String]) throws {
            let port = try EthdevPort(.ring("filter"), configuration: smallPort)
            try port.start()
            var request = CaptureRequest()
            request.direction = .transmit
            request.filter = try CaptureFilter(expression)
            let session = try CaptureSession(
                ports: [port], request: request, clock: try Clock.calibrated(durationNanoseconds: 1_000_000))
            let device = port.devices[0]
            for frame in Self.frames {
                #expect(device.send(frame.bytes))
                #expect(device.awaitFrame() == frame.bytes)
            }
            var seen: [[UInt8]] = []
            _ = session.drain(limit: .max) { seen.append(Array($0.bytes)) }
            let counts = session.counts[0]
            #expect(seen.map { bytes in Self.frames.first { $0.bytes == bytes }?.name ?? "?" } == names)
            #expect(counts.seen == UInt64(Self.frames.count) && counts.accepted == UInt64(names.count))
            let poller = BackgroundReceiver(device)
            #expect(session.stop { _ in })
            poller.stop()
            #expect(port.close() == 0)
        }

        @Test(arguments: ["udp prt 9000", "host 1.2.3.4.5", "port 70000", "ip[", "foo bar"])
        func `libpcap's reason is told`(expression: String) {
            do throws(CaptureFilter.Refusal) {
                _ = try CaptureFilter(expression)
                Issue.record("\(expression) was taken")
            } catch {
                #expect(!error.reason.isEmpty && "\(error)".contains(expression) && "\(error)".contains(error.reason))
            }
        }
    }
}
