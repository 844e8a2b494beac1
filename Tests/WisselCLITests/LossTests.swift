import Foundation
import NetStack
import TestSupport
import Testing
import Wire

/// A run's drops add up to packets in minus packets out: the flood comes from a file, so that every number is known before.
@Suite struct LossTests {
    /// net_pcap's first port in a process has this address.
    private static let nodeMAC = MACAddress(rawValue: 0x02_70_63_61_70_00)
    private static let clientMAC = MACAddress(rawValue: 0x02_00_00_00_00_11)

    private struct Figures: Decodable {
        struct Loss: Decodable {
            struct HandedOn: Decodable {
                var orders: Int
                var marketData: Int
                var answered: Int
                var noted: Int
            }
            struct Port: Decodable {
                var received: Int
                var missed: Int
                var noBuffer: Int
                var errors: Int
                var sent: Int
                var buffersHeld: Int
            }
            var isExact: Bool
            var packetsIn: Int
            var packetsOut: Int
            var drops: Int
            var notTaken: Int
            var droppedByReason: [String: Int]
            var messagesDroppedByReason: [String: Int]
            var handedOn: HandedOn
            var framesMade: Int
            var framesSent: Int
            var ports: [Port]
        }
        var loss: Loss
    }

    private static func datagram(
        _ payload: [UInt8], to destination: IPv4Address = IPv4Address(198, 18, 0, 2), port: UInt16,
        from source: IPv4Address = IPv4Address(198, 18, 0, 1)
    ) -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: UDPTemplate.headerLength) + payload
        let headers = UDPTemplate(
            sourceMAC: clientMAC,
            destinationMAC: destination.isMulticast ? MACAddress(multicastGroup: destination) : nodeMAC,
            sourceAddress: source, destinationAddress: destination, sourcePort: 40_000, destinationPort: port)
        frame.withUnsafeMutableBytes { _ = headers.writeHeaders(to: $0.baseAddress!, payloadLength: payload.count) }
        return frame
    }

    private static func arpRequest() -> [UInt8] {
        [UInt8](repeating: 0xFF, count: 6) + [2, 0, 0, 0, 0, 0x11, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 0x11]
            + [198, 18, 0, 1, 0, 0, 0, 0, 0, 0, 198, 18, 0, 2] + [UInt8](repeating: 0, count: 18)
    }

    @Test func aFloodOfGoodAndBadFramesAddsUp() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/journal", withIntermediateDirectories: true)
        var badChecksum = Self.datagram([1, 2, 3, 4], port: 9_000)
        badChecksum[UDPTemplate.headerLength] ^= 1
        let kinds: [(frame: [UInt8], count: Int)] = [
            (Self.datagram([UInt8](repeating: 7, count: 60), to: IPv4Address(233, 215, 21, 4), port: 10_378), 2_000),
            (Self.datagram([9, 9, 9], port: 9_000), 400),
            (Self.datagram([9, 9, 9], port: 9_000, from: IPv4Address(198, 18, 7, 7)), 200),
            (Self.datagram([1], port: 9_999), 700),
            (badChecksum, 300),
            (Array(Self.datagram([1], port: 9_000).prefix(25)), 500),
            ([UInt8](repeating: 2, count: 60), 1_000),
            (Self.arpRequest(), 50),
        ]
        do {
            var writer = try CaptureWriter(path: folder.path + "/in.pcap")
            // Interleaved, so that bursts hold all kinds.
            for index in 0..<2_000 {
                for kind in kinds where index < kind.count {
                    try kind.frame.withUnsafeBytes { try writer.append($0, timestampNanoseconds: UInt64(index)) }
                }
            }
            try writer.close()
        }
        let configuration = try Program.configuration(
            in: folder, journal: folder.path + "/journal",
            changes: [
                ("tap:wissel0 ", "pcap:\(folder.path)/in.pcap:\(folder.path)/out.pcap "),
                ("{packetsPerSecond: 500, burst: 100}", "{packetsPerSecond: 500, burst: 500}"),
                ("filePrefix: wissel", "filePrefix: wissel-loss-\(getpid())"),
            ])
        let result = try Program.run(
            "run", "--quiet", "--seconds", "2", "--config", configuration, "--json", folder.path + "/run.json")
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("exact: 5,150 in − "), "\(result.output)")

        let loss = try JSONDecoder().decode(Figures.self, from: Data(folder.text("run.json").utf8)).loss
        #expect(loss.isExact && loss.packetsIn == 5_150 && loss.notTaken == 0)
        #expect(loss.packetsIn - loss.packetsOut == loss.drops)
        #expect(loss.drops == loss.droppedByReason.values.reduce(0, +))
        let port = try #require(loss.ports.first)
        #expect(port.received == 5_150 && port.missed + port.noBuffer + port.errors == 0 && port.buffersHeld == 0)
        for (reason, count) in [
            ("nobody listens on this address and port", 700), ("source address not allowed to send orders", 200),
            ("UDP checksum wrong", 300), ("IPv4 header cut off", 500), ("EtherType neither IPv4 nor ARP", 1_000),
        ] { #expect(loss.droppedByReason[reason] == count, "\(reason): \(loss.droppedByReason)") }
        #expect(loss.handedOn.orders == 400 && loss.handedOn.answered == 50 && loss.handedOn.noted == 0)
        // A machine that is busy elsewhere may let the market-data core fall behind; what then drops is counted.
        let late = loss.droppedByReason["market data lane full"] ?? 0
        #expect(loss.handedOn.marketData + late == 2_000)
        #expect(loss.messagesDroppedByReason["order message cut off"] == 400)
        // Beside the 50 answers, the node claims its address, joins its feed and refuses the port nobody listens on.
        #expect(loss.framesMade > 50 && loss.framesSent == loss.framesMade && port.sent == loss.framesSent)
    }
}
