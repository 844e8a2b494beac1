/// The header of an IEX-TP segment: 40 bytes, little endian (IEX Transport Protocol specification, version 1).
///
/// | Offset | Field |
/// |---|---|
/// | 0 | version, 1 |
/// | 2 | message protocol: 0x8004 DEEP, 0x8003 TOPS |
/// | 4 | channel |
/// | 8 | session |
/// | 12 | payload length: bytes behind the header |
/// | 14 | message count; 0 is a heartbeat |
/// | 16 | stream offset |
/// | 24 | sequence of the first message |
/// | 32 | send time, nanoseconds since the Unix epoch |
///
/// Behind it stand `messageCount` messages, each a 16-bit length and that many bytes.
@frozen public struct IEXTPHeader: BitwiseCopyable, Sendable, Equatable {
    public static let byteCount = 40
    public static let deep: UInt16 = 0x8004
    public static let tops: UInt16 = 0x8003

    public var messageProtocol: UInt16
    public var channel: UInt32
    public var session: UInt32
    public var payloadLength: Int
    public var messageCount: Int
    public var streamOffset: Int64
    public var firstSequence: UInt64
    public var sendNanoseconds: UInt64

    /// Reads and checks a header.
    /// - Returns: what is wrong, or nil and `header` filled.
    static func read(_ bytes: UnsafeRawPointer, length: Int, into header: inout IEXTPHeader) -> FeedFailure? {
        guard length >= byteCount else { return .truncated }
        guard bytes.u8(0) == 1 else { return .versionUnsupported }
        header.messageProtocol = bytes.u16(2)
        header.channel = bytes.u32(4)
        header.session = bytes.u32(8)
        header.payloadLength = Int(bytes.u16(12))
        header.messageCount = Int(bytes.u16(14))
        header.streamOffset = bytes.i64(16)
        header.firstSequence = bytes.u64(24)
        header.sendNanoseconds = bytes.u64(32)
        guard header.messageProtocol == deep || header.messageProtocol == tops else { return .protocolUnknown }
        return length - byteCount >= header.payloadLength ? nil : .truncated
    }

    init() {
        messageProtocol = 0
        channel = 0
        session = 0
        payloadLength = 0
        messageCount = 0
        streamOffset = 0
        firstSequence = 0
        sendNanoseconds = 0
    }
}

/// Why a feed's datagram was not decoded.
@frozen public enum FeedFailure: UInt8, CaseIterable, Sendable {
    /// Shorter than its header says.
    case truncated
    case versionUnsupported
    case protocolUnknown
    /// Lengths or counts inside contradict each other.
    case malformed
}

/// What came of one datagram.
@frozen public enum FeedOutcome: Sendable, Equatable {
    /// Messages taken in; 0 for heartbeats and repetitions.
    case decoded(messages: Int)
    case failed(FeedFailure)
}

/// What a feed handler counts.
public enum FeedCounter: UInt8, CaseIterable, Sendable {
    /// Datagrams, whatever they were.
    case packets
    /// Messages taken in, each once.
    case messages
    case priceLevelUpdates
    case trades
    /// Known messages that change no price level: events, directory, status, auctions, quotes.
    case otherMessages
    /// Messages of a type this version does not know; passed over by their length.
    case unknownMessages
    case heartbeats
    /// Times the sequence jumped, and the messages jumped over.
    case gaps
    case missing
    /// Messages that had come before.
    case duplicates
    case newSessions
    // Datagrams not decoded, by reason
    case truncated
    case versionUnsupported
    case protocolUnknown
    case malformed
    // Capacity
    case symbolTableFull
    case levelsFull
}
