import NetStack
import Runtime
import Wire

/// Frames of one scenario, laid out as a driver's buffers are: a header of 128 bytes and the frame elsewhere.
final class FilterFrames {
    /// Frames of 64 bytes; with 22 of payload behind 42 of headers.
    static let frameBytes = 64
    static let count = 131_072
    static let nodeMAC = MACAddress(rawValue: 0x0200_0000_0022)

    let packets: UnsafeMutablePointer<Packet>
    private let headers: UnsafeMutableRawPointer
    private let bytes: UnsafeMutableRawPointer

    init(_ scenario: FilterScenario) {
        packets = .allocate(capacity: Self.count)
        headers = .allocate(byteCount: Self.count * Packet.Layout.byteCount, alignment: 64)
        bytes = .allocate(byteCount: Self.count * Self.frameBytes, alignment: 64)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: Self.count * Self.frameBytes)
        var random = SplitMix64(seed: 0xED6E)
        for number in 0..<Self.count {
            let frame = bytes + number * Self.frameBytes
            let isGranted = number % scenario.grantedEvery == 0
            let sender =
                isGranted
                ? (FilterScenario.grantedSource(number / scenario.grantedEvery), 40_000)
                : { ($0.address, $0.port) }(scenario.sender(number, random: &random))
            let template = UDPTemplate(
                sourceMAC: MACAddress(rawValue: 0x0200_0000_0011), destinationMAC: Self.nodeMAC,
                sourceAddress: sender.0, destinationAddress: FilterScenario.node.address, sourcePort: sender.1,
                destinationPort: FilterScenario.node.port)
            let length = template.writeHeaders(
                to: frame, payloadLength: Self.frameBytes - UDPTemplate.headerLength)
            if !isGranted { Self.spoil(frame, scenario) }
            let packet = Packet(
                header: headers + number * Packet.Layout.byteCount, bytes: frame, capacity: Self.frameBytes)
            packet.length = UInt32(length)
            packet.tag = isGranted ? 1 : 0
            (packets + number).initialize(to: packet)
        }
    }

    deinit {
        packets.deallocate()
        headers.deallocate()
        bytes.deallocate()
    }

    private static func spoil(_ frame: UnsafeMutableRawPointer, _ scenario: FilterScenario) {
        switch scenario {
        case .fragments:
            // Don't fragment (0x4000) becomes more fragments (0x2000); the checksum follows.
            frame.storeBytes(of: UInt16(0x2000).bigEndian, toByteOffset: 20, as: UInt16.self)
            frame.storeBytes(of: 0, toByteOffset: 24, as: UInt16.self)
            let checksum = InternetChecksum.checksum(of: InternetChecksum.sum(frame + 14, length: 20))
            frame.storeBytes(of: checksum.bigEndian, toByteOffset: 24, as: UInt16.self)
        case .checksums:
            let last = frameBytes - 1
            frame.storeBytes(of: ~frame.load(fromByteOffset: last, as: UInt8.self), toByteOffset: last, as: UInt8.self)
        case .sources, .spoofed, .amplification, .acl: break
        }
    }
}
