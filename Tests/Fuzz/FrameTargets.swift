import Edge
import NetStack
import TestSupport
import Wire

/// A frame through parser, classifier and responder: a byte of what the NIC says, then the frame.
final class FrameTarget: FuzzTarget {
    private let path: FramePath
    init() throws { path = try FramePath() }

    var seeds: [[UInt8]] {
        let tagged = FrameBuilder().with { $0.tag = 42 }
        let frames = PacketFixture.all.map(\.frame) + [tagged.udp([1, 2]), tagged.echo([1]), tagged.arp()]
        return frames.map { [0] + $0 }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        var reader = InputReader(input)
        let said = reader.byte()
        var flags: Packet.Flags = []
        if said & 1 != 0 { flags.insert(.ipChecksumGood) }
        if said & 2 != 0 { flags.insert(.l4ChecksumGood) }
        path.run(reader.rest(), flags: flags, isSegmented: said & 4 != 0)
    }
}

/// An ARP packet in a right frame.
final class ARPTarget: FuzzTarget {
    private let path: FramePath
    init() throws { path = try FramePath() }

    var seeds: [[UInt8]] {
        PacketFixture.all.map(\.frame).filter { $0.count > 14 && $0[12] == 8 && $0[13] == 6 }.map { Array($0[14...]) }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        let frame = FrameBuilder().with {
            $0.destinationMAC = .broadcast
            $0.etherType = 0x0806
        }
        path.run(frame.ethernet(Array(input)), flags: [])
    }
}

/// An ICMP message in a right packet: a byte whose lowest bit asks for its checksum to be made right, then the message.
final class ICMPTarget: FuzzTarget {
    private let path: FramePath
    init() throws { path = try FramePath() }

    var seeds: [[UInt8]] {
        [
            [1, 8, 0, 0, 0, 1, 2, 0, 1, 9, 9], [1, 8, 0, 0, 0, 1, 2, 0, 1], [1, 0, 0, 0, 0, 1, 2, 0, 1],
            [1, 3, 1, 0, 0, 0, 0, 0, 0], [1, 8, 0, 0, 0, 0, 0, 0, 0], [0, 8],
        ]
    }

    func run(_ input: UnsafeRawBufferPointer) {
        var reader = InputReader(input)
        let isRepaired = reader.byte() & 1 != 0
        var message = Array(reader.rest().prefix(1_480))
        if isRepaired, message.count >= 4 {
            message.replaceSubrange(2..<4, with: [0, 0])
            message.replaceSubrange(2..<4, with: FrameBuilder.bytes(FrameBuilder.naiveChecksum(message)))
        }
        path.run(FrameBuilder().with { $0.transport = 1 }.ipv4(message), flags: [])
    }
}

/// An IGMP message in a right packet, behind Router Alert, with its checksum made right.
final class IGMPTarget: FuzzTarget {
    private let path: FramePath
    init() throws { path = try FramePath() }

    var seeds: [[UInt8]] {
        [
            [17, 1, 0, 0, 0, 0, 0, 0], [17, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], [22, 0, 0, 0, 233, 1, 1, 1],
            [17, 100, 0, 0, 233, 200, 79, 1, 2, 125, 0, 1, 10, 0, 0, 9], [34, 0, 0, 0, 0, 0, 0, 1],
        ]
    }

    func run(_ input: UnsafeRawBufferPointer) {
        let message = Array(Array(input).prefix(1_400))
        guard message.count >= 4 else { return }
        path.run(FrameBuilder.query.igmp(message), flags: [])
    }
}
