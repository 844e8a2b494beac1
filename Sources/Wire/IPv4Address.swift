/// An IPv4 address in host order: the first octet in bits 31…24, so that addresses compare as they read.
@frozen public struct IPv4Address: BitwiseCopyable, Hashable, Comparable, Sendable {
    public let rawValue: UInt32

    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        rawValue = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    @inlinable public static var any: IPv4Address { IPv4Address(rawValue: 0) }

    /// 224.0.0.1: every host on the link, always (RFC 1112 §4).
    @inlinable public static var allSystems: IPv4Address { IPv4Address(rawValue: 0xE000_0001) }

    /// 224.0.0.0/4.
    @inlinable public var isMulticast: Bool { rawValue >> 28 == 0xE }

    /// An address a packet from another host can carry as its source: not 0/8, not 127/8, below 224.0.0.0
    /// (RFC 1122 §3.2.1.3).
    @inlinable public var isPossibleSource: Bool {
        let first = rawValue >> 24
        return first &- 1 < 223 && first != 127
    }

    @inlinable public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address: CustomStringConvertible {
    /// Reads `192.0.2.7`: four decimal numbers 0…255, without leading zeros (which some programs read as octal).
    public init(parsing text: String) throws(AddressTextError) {
        let remedy = "write four numbers 0…255 between dots, such as 192.0.2.7"
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else {
            throw AddressTextError(text, "has \(parts.count) parts where an IPv4 address has 4", remedy: remedy)
        }
        var value: UInt32 = 0
        for part in parts {
            guard part.utf8.allSatisfy({ (48...57).contains($0) }), let octet = UInt8(part) else {
                throw AddressTextError(text, "\"\(part)\" is not a number 0…255", remedy: remedy)
            }
            guard part.utf8.count == 1 || part.first != "0" else {
                throw AddressTextError(text, "\"\(part)\" has a leading zero", remedy: remedy)
            }
            value = value << 8 | UInt32(octet)
        }
        self.init(rawValue: value)
    }

    public var description: String {
        "\(rawValue >> 24).\(rawValue >> 16 & 0xFF).\(rawValue >> 8 & 0xFF).\(rawValue & 0xFF)"
    }
}
