/// One checked message from a client on its way to the engine: a fixed 128-byte ring record.
@frozen public struct InboundMessage: BitwiseCopyable, Sendable {
    /// Reception of its packet, nanoseconds since the Unix epoch.
    public var receivedNanoseconds: UInt64
    public var peer: Peer
    var storage: InlineArray<13, UInt64>

    public init() {
        receivedNanoseconds = 0
        peer = Peer()
        storage = InlineArray(repeating: 0)
    }

    /// The message's bytes inside a record in memory; `MessageHeader.maximumMessageLength` of them.
    @inlinable public static func bytes(of record: UnsafeMutablePointer<InboundMessage>) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(record) + 24
    }
    @inlinable public static func bytes(of record: UnsafePointer<InboundMessage>) -> UnsafeRawPointer {
        UnsafeRawPointer(record) + 24
    }
}

/// One message to a client on its way to the network: a fixed 128-byte ring record.
@frozen public struct OutboundMessage: BitwiseCopyable, Sendable {
    /// The command that must be durable before this message may leave; 0: at once.
    public var gateSequence: UInt64
    public var peer: Peer
    var storage: InlineArray<13, UInt64>

    public init() {
        gateSequence = 0
        peer = Peer()
        storage = InlineArray(repeating: 0)
    }

    @inlinable public static func bytes(of record: UnsafeMutablePointer<OutboundMessage>) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(record) + 24
    }
}

/// A small linear buffer for the answers to one message. Plain memory, one thread; what does not fit is counted.
@frozen public struct MessageSink: @unchecked Sendable {
    public let base: UnsafeMutablePointer<OutboundMessage>
    public let capacity: Int
    public private(set) var count = 0
    public private(set) var overflow: UInt64 = 0

    public init(capacity: Int) {
        precondition(capacity > 0, "a message sink needs room for at least one message")
        base = .allocate(capacity: capacity)
        base.initialize(repeating: OutboundMessage(), count: capacity)
        self.capacity = capacity
    }

    public func deallocate() { base.deallocate() }

    public mutating func removeAll() { count = 0 }

    /// The session of the message at `index`, 0..<`count`.
    public func session(at index: Int) -> UInt32 {
        MessageHeader.session(at: UnsafeRawPointer(OutboundMessage.bytes(of: base + index)))
    }

    /// The next free record, addressed; nil (and counted) when full. The caller writes the message.
    mutating func claim(for peer: Peer, gate: UInt64 = 0) -> UnsafeMutableRawPointer? {
        guard count < capacity else {
            overflow &+= 1
            return nil
        }
        let record = base + count
        count &+= 1
        record.pointee.gateSequence = gate
        record.pointee.peer = peer
        return OutboundMessage.bytes(of: record)
    }
}
