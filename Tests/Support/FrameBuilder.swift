import NetStack
import Wire

/// Makes frames byte by byte, with the checksum as RFC 1071 spells it out: an oracle that shares nothing with the stack.
public struct FrameBuilder: Sendable {
    public static let ownMAC = MACAddress(rawValue: 0x0200_0000_0001)
    public static let peerMAC = MACAddress(rawValue: 0x0200_0000_0009)
    public static let ownAddress = IPv4Address(10, 0, 0, 1)
    public static let peerAddress = IPv4Address(10, 0, 0, 9)
    public static let group = IPv4Address(233, 200, 79, 1)
    public static let orderPort: UInt16 = 7001
    public static let feedPort: UInt16 = 10_001

    public static func interface(mtu: Int = 1500, vlan: UInt16 = 42) -> InterfaceConfiguration {
        // The constants above are right, so this cannot throw.
        try! InterfaceConfiguration(
            macAddress: ownMAC, ipAddress: ownAddress, prefixLength: 24, mtu: mtu, vlan: vlan, multicastGroups: [group])
    }

    public var destinationMAC = ownMAC
    public var sourceMAC = peerMAC
    /// The 16 bits behind 0x8100, or no tag.
    public var tag: UInt16?
    public var etherType: UInt16 = 0x0800
    public var source = peerAddress
    public var destination = ownAddress
    public var flagsAndOffset: UInt16 = 0
    public var timeToLive: UInt8 = 64
    public var options: [UInt8] = []
    public var transport: UInt8 = 17
    public var trafficClass: UInt8 = 0
    public var sourcePort: UInt16 = 12_345
    public var destinationPort = orderPort

    public init() {}

    public func udp(_ payload: [UInt8], checksummed: Bool = true) -> [UInt8] {
        let length = UInt16(8 + payload.count)
        var datagram = Self.bytes(sourcePort) + Self.bytes(destinationPort) + Self.bytes(length) + [0, 0] + payload
        if checksummed {
            let pseudo = Self.bytes(source) + Self.bytes(destination) + [0, 17] + Self.bytes(length)
            let checksum = Self.naiveChecksum(pseudo + datagram)
            datagram.replaceSubrange(6..<8, with: Self.bytes(checksum == 0 ? 0xFFFF : checksum))
        }
        return ipv4(datagram)
    }

    public func echo(_ data: [UInt8], type: UInt8 = 8, code: UInt8 = 0) -> [UInt8] {
        var copy = self
        copy.transport = 1
        var message = [type, code, 0, 0, 0x12, 0x34, 0, 1] + data
        message.replaceSubrange(2..<4, with: Self.bytes(Self.naiveChecksum(message)))
        return copy.ipv4(message)
    }

    /// An IGMP message with its checksum, behind Router Alert.
    public func igmp(_ message: [UInt8]) -> [UInt8] {
        var copy = self
        copy.transport = 2
        copy.timeToLive = 1
        copy.options = [0x94, 4, 0, 0]
        let summed = message.replacing(2, 0, 0)
        let checksum = Self.naiveChecksum(summed)
        return copy.ipv4(summed.replacing(2, UInt8(checksum >> 8), UInt8(checksum & 0xFF)))
    }

    public func ipv4(_ payload: [UInt8]) -> [UInt8] {
        let headerLength = 20 + options.count
        var header =
            [0x40 | UInt8(headerLength / 4), trafficClass] + Self.bytes(UInt16(headerLength + payload.count)) + [0, 7]
        header += Self.bytes(flagsAndOffset) + [timeToLive, transport, 0, 0] + Self.bytes(source)
        header += Self.bytes(destination) + options
        header.replaceSubrange(10..<12, with: Self.bytes(Self.naiveChecksum(header)))
        return ethernet(header + payload)
    }

    /// An ARP packet from `source` at `sourceMAC` about `destination`.
    public func arp(operation: UInt16 = 1, targetMAC: MACAddress = MACAddress(rawValue: 0)) -> [UInt8] {
        var copy = self
        copy.etherType = 0x0806
        let sender = Self.bytes(sourceMAC) + Self.bytes(source)
        let target = Self.bytes(targetMAC) + Self.bytes(destination)
        return copy.ethernet([0, 1, 8, 0, 6, 4] + Self.bytes(operation) + sender + target)
    }

    public func ethernet(_ payload: [UInt8]) -> [UInt8] {
        let tagBytes = tag.map { [0x81, 0x00] + Self.bytes($0) } ?? []
        return Self.bytes(destinationMAC) + Self.bytes(sourceMAC) + tagBytes + Self.bytes(etherType) + payload
    }

    public func with(_ change: (inout FrameBuilder) -> Void) -> FrameBuilder {
        var copy = self
        change(&copy)
        return copy
    }

    /// To the multicast group, in the frame that belongs to it.
    public static var feed: FrameBuilder {
        FrameBuilder().with {
            $0.destination = group
            $0.destinationMAC = MACAddress(rawValue: 0x0100_5E48_4F01)
            $0.destinationPort = feedPort
        }
    }

    /// To all systems, in the frame that belongs to them.
    public static var query: FrameBuilder {
        FrameBuilder().with {
            $0.destination = .allSystems
            $0.destinationMAC = MACAddress(rawValue: 0x0100_5E00_0001)
        }
    }

    public static func bytes(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
    public static func bytes(_ address: IPv4Address) -> [UInt8] {
        bytes(UInt16(address.rawValue >> 16)) + bytes(UInt16(address.rawValue & 0xFFFF))
    }
    public static func bytes(_ address: MACAddress) -> [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(address.rawValue >> UInt64($0) & 0xFF) }
    }

    public static func naiveChecksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | UInt32(index + 1 < bytes.count ? bytes[index + 1] : 0)
        }
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(sum)
    }
}

extension Array where Element == UInt8 {
    /// The same bytes with some replaced.
    public func replacing(_ offset: Int, _ values: UInt8...) -> [UInt8] {
        var copy = self
        copy.replaceSubrange(offset..<offset + values.count, with: values)
        return copy
    }

    /// Runs `body` on a packet over a copy of the bytes; returns its answer and the bytes as it left them.
    public func asPacket<Result>(
        flags: Packet.Flags = [], isSegmented: Bool = false, _ body: (Packet) -> Result
    ) -> (Result, [UInt8]) {
        var copy = self.isEmpty ? [0] : self
        let header = UnsafeMutableRawPointer.allocate(byteCount: Packet.Layout.byteCount, alignment: 64)
        defer { header.deallocate() }
        let result = copy.withUnsafeMutableBytes { bytes in
            let packet = Packet(header: header, bytes: bytes.baseAddress!, capacity: count)
            packet.length = UInt32(count)
            packet.flags = flags
            if isSegmented {
                header.storeBytes(of: UInt16(2), toByteOffset: Packet.Layout.segmentCount, as: UInt16.self)
            }
            return body(packet)
        }
        return (result, copy)
    }
}
