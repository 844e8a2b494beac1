/// What a client asks when it establishes a session.
public struct EstablishRequest: Sendable, Equatable {
    public static let accessKeyLength = 32

    public var session: UInt32
    public var participant: UInt32
    /// The session's live orders are to be cancelled when it ends.
    public var cancelsOnDisconnect: Bool
    public var heartbeatMilliseconds: UInt32
    /// Chosen by the client, greater for every new start of it.
    public var sessionVersion: UInt64
    /// The report the client expects next.
    public var nextReportSequence: UInt64
    /// 32 bytes, as four little-endian words.
    public var accessKey: InlineKey

    /// A 32-byte secret without a heap.
    public struct InlineKey: Sendable, Equatable, BitwiseCopyable {
        public var words: (UInt64, UInt64, UInt64, UInt64)

        /// The first 32 of `bytes`, padded with zeros.
        public init(_ bytes: some Collection<UInt8>) {
            var row = [UInt8](bytes.prefix(EstablishRequest.accessKeyLength))
            row += [UInt8](repeating: 0, count: EstablishRequest.accessKeyLength - row.count)
            words = row.withUnsafeBytes {
                let base = UnsafeRawPointer($0.baseAddress!)
                return (base.u64(0), base.u64(8), base.u64(16), base.u64(24))
            }
        }

        init(at bytes: UnsafeRawPointer) { words = (bytes.u64(0), bytes.u64(8), bytes.u64(16), bytes.u64(24)) }

        /// Takes the same time wherever the keys differ.
        public static func == (left: InlineKey, right: InlineKey) -> Bool {
            var difference = left.words.0 ^ right.words.0
            difference |= left.words.1 ^ right.words.1
            difference |= left.words.2 ^ right.words.2
            difference |= left.words.3 ^ right.words.3
            return difference == 0
        }
    }

    public init(
        session: UInt32, participant: UInt32, cancelsOnDisconnect: Bool, heartbeatMilliseconds: UInt32,
        sessionVersion: UInt64, nextReportSequence: UInt64, accessKey: InlineKey
    ) {
        self.session = session
        self.participant = participant
        self.cancelsOnDisconnect = cancelsOnDisconnect
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.sessionVersion = sessionVersion
        self.nextReportSequence = nextReportSequence
        self.accessKey = accessKey
    }

    /// Reads a checked message of type establish.
    public init(at bytes: UnsafeRawPointer) {
        session = MessageHeader.session(at: bytes)
        participant = bytes.u32(16)
        cancelsOnDisconnect = bytes.u8(20) & 1 != 0
        heartbeatMilliseconds = bytes.u32(24)
        sessionVersion = bytes.u64(32)
        nextReportSequence = bytes.u64(40)
        accessKey = InlineKey(at: bytes + 48)
    }

    public func encode(into bytes: UnsafeMutableRawPointer) -> Int {
        let length = MessageHeader.write(.establish, session: session, sequence: 0, to: bytes)
        bytes.put(participant, 16)
        bytes.put(UInt8(cancelsOnDisconnect ? 1 : 0), 20)
        bytes.put(heartbeatMilliseconds, 24)
        bytes.put(sessionVersion, 32)
        bytes.put(nextReportSequence, 40)
        bytes.put(accessKey.words.0, 48)
        bytes.put(accessKey.words.1, 56)
        bytes.put(accessKey.words.2, 64)
        bytes.put(accessKey.words.3, 72)
        return length
    }
}

/// The node's yes to an establish.
public struct EstablishAck: Sendable, Equatable {
    public var session: UInt32
    /// The client sequence the node will apply next.
    public var nextClientSequence: UInt64
    /// The report sequence the node will use next.
    public var nextReportSequence: UInt64
    public var sessionVersion: UInt64
    public var heartbeatMilliseconds: UInt32
    /// Raw `AcknowledgementMode`.
    public var acknowledgementMode: UInt8

    public init(
        session: UInt32, nextClientSequence: UInt64, nextReportSequence: UInt64, sessionVersion: UInt64,
        heartbeatMilliseconds: UInt32, acknowledgementMode: UInt8
    ) {
        self.session = session
        self.nextClientSequence = nextClientSequence
        self.nextReportSequence = nextReportSequence
        self.sessionVersion = sessionVersion
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.acknowledgementMode = acknowledgementMode
    }

    public init(at bytes: UnsafeRawPointer) {
        session = MessageHeader.session(at: bytes)
        nextClientSequence = bytes.u64(16)
        nextReportSequence = bytes.u64(24)
        sessionVersion = bytes.u64(32)
        heartbeatMilliseconds = bytes.u32(40)
        acknowledgementMode = bytes.u8(44)
    }

    public func encode(into bytes: UnsafeMutableRawPointer) -> Int {
        let length = MessageHeader.write(.establishAck, session: session, sequence: 0, to: bytes)
        bytes.put(nextClientSequence, 16)
        bytes.put(nextReportSequence, 24)
        bytes.put(sessionVersion, 32)
        bytes.put(heartbeatMilliseconds, 40)
        bytes.put(acknowledgementMode, 44)
        return length
    }
}

/// Why an authenticated establish was refused.
@frozen public enum EstablishRejectReason: UInt8, CaseIterable, Sendable {
    case none = 0
    /// The session version is below the last one used.
    case versionTooOld = 1
    /// The heartbeat interval is outside what the node allows.
    case heartbeatInvalid = 2
    /// The client expects a report the node has not sent yet: it belongs to another journal.
    case reportSequenceInvalid = 3
}

/// Why a session ended.
@frozen public enum TerminationReason: UInt8, CaseIterable, Sendable {
    case none = 0
    /// The client asked for it.
    case finished = 1
    /// Nothing was heard for three heartbeat intervals.
    case heartbeatTimeout = 2
    /// A message came for a session that is not established.
    case notEstablished = 3
    /// The node stops.
    case shutdown = 4
    /// The client established the session again, from somewhere else or anew.
    case replaced = 5
}

/// Why a command had no effect. Except after `tooOld`, which says that it was applied long ago, it may be sent again
/// under the same sequence.
@frozen public enum NotAppliedReason: UInt8, CaseIterable, Sendable {
    case none = 0
    /// Commands before it are missing.
    case gap = 1
    /// The journal cannot take commands now (disk full or failed).
    case journalUnavailable = 2
    /// Answered so long ago that the reports are no longer at hand.
    case tooOld = 3
    /// The node has no room for the command at this moment.
    case busy = 4
}

/// Why reports cannot be sent again.
@frozen public enum RetransmitRejectReason: UInt8, CaseIterable, Sendable {
    case none = 0
    /// Older than what the node keeps; `oldest` is the first it has.
    case tooOld = 1
}

/// The small session messages: each written by one function, read at the offsets of the README's tables.
public enum SessionMessage {
    public static func encodeHeartbeat(
        session: UInt32, nextSequence: UInt64, into bytes: UnsafeMutableRawPointer
    ) -> Int {
        MessageHeader.write(.heartbeat, session: session, sequence: nextSequence, to: bytes)
    }

    public static func encodeTerminate(
        session: UInt32, reason: TerminationReason, into bytes: UnsafeMutableRawPointer
    ) -> Int {
        let length = MessageHeader.write(.terminate, session: session, sequence: 0, to: bytes)
        bytes.put(reason.rawValue, 16)
        return length
    }

    public static func terminationReason(at bytes: UnsafeRawPointer) -> TerminationReason {
        TerminationReason(rawValue: bytes.u8(16)) ?? .none
    }

    public static func encodeEstablishReject(
        session: UInt32, sessionVersion: UInt64, reason: EstablishRejectReason, into bytes: UnsafeMutableRawPointer
    ) -> Int {
        let length = MessageHeader.write(.establishReject, session: session, sequence: 0, to: bytes)
        bytes.put(sessionVersion, 16)
        bytes.put(reason.rawValue, 24)
        return length
    }

    public static func establishReject(at bytes: UnsafeRawPointer) -> (sessionVersion: UInt64, EstablishRejectReason) {
        (bytes.u64(16), EstablishRejectReason(rawValue: bytes.u8(24)) ?? .none)
    }

    public static func encodeRetransmitRequest(
        session: UInt32, from: UInt64, count: UInt32, into bytes: UnsafeMutableRawPointer
    ) -> Int {
        let length = MessageHeader.write(.retransmitRequest, session: session, sequence: 0, to: bytes)
        bytes.put(from, 16)
        bytes.put(count, 24)
        return length
    }

    public static func retransmitRequest(at bytes: UnsafeRawPointer) -> (from: UInt64, count: UInt32) {
        (bytes.u64(16), bytes.u32(24))
    }

    public static func encodeRetransmitReject(
        session: UInt32, from: UInt64, oldest: UInt64, reason: RetransmitRejectReason,
        into bytes: UnsafeMutableRawPointer
    ) -> Int {
        let length = MessageHeader.write(.retransmitReject, session: session, sequence: 0, to: bytes)
        bytes.put(from, 16)
        bytes.put(oldest, 24)
        bytes.put(reason.rawValue, 32)
        return length
    }

    public static func retransmitReject(at bytes: UnsafeRawPointer) -> (from: UInt64, oldest: UInt64) {
        (bytes.u64(16), bytes.u64(24))
    }

    public static func encodeNotApplied(
        session: UInt32, expected: UInt64, reason: NotAppliedReason, into bytes: UnsafeMutableRawPointer
    ) -> Int {
        let length = MessageHeader.write(.notApplied, session: session, sequence: 0, to: bytes)
        bytes.put(expected, 16)
        bytes.put(reason.rawValue, 24)
        return length
    }

    public static func notApplied(at bytes: UnsafeRawPointer) -> (expected: UInt64, reason: NotAppliedReason) {
        (bytes.u64(16), NotAppliedReason(rawValue: bytes.u8(24)) ?? .none)
    }
}
