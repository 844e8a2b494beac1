/// What a client needs to know to speak to a node.
public struct ClientSessionConfiguration: Sendable {
    /// Session and participant identifiers from the node's configuration.
    public var session: UInt32
    public var participant: UInt32
    public var accessKey: EstablishRequest.InlineKey
    /// At least 1, and greater for every new start of the client; the start time in nanoseconds does.
    public var sessionVersion: UInt64
    /// A heartbeat is sent after so long without a message, and the node is lost after three such times of silence.
    /// At least 1 ms.
    public var heartbeatNanoseconds: UInt64
    /// Asks the node to cancel the session's orders when it ends.
    public var cancelsOnDisconnect: Bool
    /// An unanswered command is sent again after so long, then after twice as long, up to 16 times; at least 1 ms.
    public var resendTimeoutNanoseconds: UInt64
    /// Unanswered commands at most: a power of two up to 65,536.
    public var windowCapacity: Int

    public init(
        session: UInt32, participant: UInt32, accessKey: EstablishRequest.InlineKey, sessionVersion: UInt64,
        heartbeatNanoseconds: UInt64 = 1_000_000_000, cancelsOnDisconnect: Bool = false,
        resendTimeoutNanoseconds: UInt64 = 20_000_000, windowCapacity: Int = 65_536
    ) {
        self.session = session
        self.participant = participant
        self.accessKey = accessKey
        self.sessionVersion = sessionVersion
        self.heartbeatNanoseconds = heartbeatNanoseconds
        self.cancelsOnDisconnect = cancelsOnDisconnect
        self.resendTimeoutNanoseconds = resendTimeoutNanoseconds
        self.windowCapacity = windowCapacity
    }
}

/// Where a client's session stands.
public enum ClientSessionState: Sendable, Equatable {
    /// Nothing has been asked for.
    case idle
    /// Asking the node for the session, every 100 ms.
    case establishing
    case established
    /// The node was silent for three heartbeat intervals or forgot the session: asking for it again, numbers go on.
    case lost
    /// Taking leave of the node.
    case terminating
    case ended(TerminationReason)
    /// Over, and not as asked for; the same client cannot go on.
    case failed(ClientSessionFailure)
}

/// Why a client's session cannot go on.
public enum ClientSessionFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case rejected(EstablishRejectReason)
    /// The node has applied commands under numbers this client has not used: another client has the session.
    case sequenceMismatch(expectedByNode: UInt64, nextHere: UInt64)
    /// Reports were missed and the node no longer has them.
    case reportsUnavailable(missing: UInt64, oldest: UInt64)

    public var description: String {
        switch self {
        case .rejected(.versionTooOld):
            "the session version is below the last one used: take the time of the start as the version"
        case .rejected(.heartbeatInvalid):
            "the heartbeat interval is outside what the node allows: choose one between 50 ms and 60 s"
        case .rejected(.reportSequenceInvalid):
            "the node has sent fewer reports than were received: it runs on another journal; start the client anew"
        case .rejected(.none): "the node refused the session without a reason it has a name for"
        case .sequenceMismatch(let expected, let next):
            "the node expects command \(expected), sent here were those below \(next): another client uses the session"
        case .reportsUnavailable(let missing, let oldest):
            "report \(missing) was missed and the node keeps those from \(oldest) only: start the client anew, and "
                + "raise the node's report history"
        }
    }
}

/// What a client's session has seen; plain counts.
public struct ClientSessionCounters: Sendable, Equatable {
    /// Commands sent again.
    public var resends: UInt64 = 0
    /// Holes seen in the numbers of the reports.
    public var gaps: UInt64 = 0
    public var retransmitRequests: UInt64 = 0
    /// Reports that had come before.
    public var duplicates: UInt64 = 0
    /// Reports too far ahead to keep; asked for again.
    public var reportsBeyondWindow: UInt64 = 0
    public var notAppliedGap: UInt64 = 0
    public var notAppliedJournalUnavailable: UInt64 = 0
    public var notAppliedTooOld: UInt64 = 0
    /// Times the node was lost.
    public var losses: UInt64 = 0
    /// Datagrams with a message that is malformed, of another session, or not for a client.
    public var strays: UInt64 = 0
}
