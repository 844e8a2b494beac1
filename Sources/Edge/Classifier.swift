import Wire

/// Where a packet goes.
@frozen public enum Classification: BitwiseCopyable, Equatable, Sendable {
    case order
    case control
    /// With the position of the feed in the list the classifier was made from.
    case marketData(feed: UInt8)
    case drop(DropReason)
}

/// An address, ours or a multicast group, and a UDP port.
@frozen public struct UDPEndpoint: BitwiseCopyable, Hashable, Sendable, CustomStringConvertible {
    public let address: IPv4Address
    public let port: UInt16

    @inlinable public init(address: IPv4Address, port: UInt16) {
        self.address = address
        self.port = port
    }

    public var description: String { "\(address):\(port)" }
}

/// Decides by destination alone which lane a packet belongs to.
///
/// | What | Destination | Lane |
/// |---|---|---|
/// | ARP, ICMP | – | control |
/// | UDP | own address, order port | order |
/// | UDP | address or group and port of a feed | market data, with the feed's index |
/// | UDP | anything else | dropped, `noListener` |
///
/// Endpoints stand in one table of 256 words with open addressing, at most a quarter full. Made at set-up, read-only after.
public struct Classifier: @unchecked Sendable {
    /// Address in bits 63…32, port in 31…16, lane or feed in 15…0; 0 is empty, since no endpoint has port 0.
    @usableFromInline let slots: UnsafeMutablePointer<UInt64>

    @inlinable static var slotCount: Int { 256 }
    @inlinable static var orderMark: UInt64 { 0xFFFF }
    public static var maximumFeeds: Int { 64 }

    /// - Parameters:
    ///   - order: where orders arrive.
    ///   - feeds: at most `maximumFeeds`, all different and different from `order`.
    public init(order: UDPEndpoint, feeds: [UDPEndpoint] = []) throws(ClassifierError) {
        guard feeds.count <= Self.maximumFeeds else { throw .tooManyFeeds(feeds.count) }
        let endpoints = [order] + feeds
        for endpoint in endpoints where endpoint.port == 0 { throw .portZero(endpoint.address) }
        var seen: Set<UDPEndpoint> = []
        for endpoint in endpoints where !seen.insert(endpoint).inserted { throw .duplicate(endpoint) }
        slots = .allocate(capacity: Self.slotCount)
        slots.initialize(repeating: 0, count: Self.slotCount)
        insert(order, mark: Self.orderMark)
        for (index, feed) in feeds.enumerated() { insert(feed, mark: UInt64(index)) }
    }

    public func deallocate() { slots.deallocate() }

    /// The lane of a UDP datagram.
    @inlinable @inline(__always) public func classifyUDP(destination: IPv4Address, port: UInt16) -> Classification {
        let key = Self.key(destination, port)
        var slot = Self.firstSlot(key)
        while slots[slot] != 0 {
            let entry = slots[slot]
            if entry & ~0xFFFF == key {
                let mark = entry & 0xFFFF
                return mark == Self.orderMark ? .order : .marketData(feed: UInt8(truncatingIfNeeded: mark))
            }
            slot = (slot &+ 1) & (Self.slotCount &- 1)
        }
        return .drop(.noListener)
    }

    private func insert(_ endpoint: UDPEndpoint, mark: UInt64) {
        let key = Self.key(endpoint.address, endpoint.port)
        var slot = Self.firstSlot(key)
        while slots[slot] != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
        slots[slot] = key | mark
    }

    @inlinable @inline(__always) static func key(_ address: IPv4Address, _ port: UInt16) -> UInt64 {
        UInt64(address.rawValue) << 32 | UInt64(port) << 16
    }

    @inlinable @inline(__always) static func firstSlot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }
}

/// Why a classifier cannot be made as asked, and what to do.
public enum ClassifierError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooManyFeeds(Int)
    case portZero(IPv4Address)
    case duplicate(UDPEndpoint)

    public var description: String {
        switch self {
        case .tooManyFeeds(let count):
            "\(count) feeds are more than one classifier holds; "
                + "give at most \(Classifier.maximumFeeds), or split them over interfaces"
        case .portZero(let address):
            "an endpoint on \(address) has port 0, which nothing can be sent to; give a port 1…65535"
        case .duplicate(let endpoint):
            "\(endpoint) is given twice, so its packets could go to either; give each endpoint once"
        }
    }
}
