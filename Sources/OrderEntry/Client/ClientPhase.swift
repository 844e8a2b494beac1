/// Where a client session stands.
public enum ClientPhase: Sendable, Equatable {
    case idle
    /// Establishes are sent until the node answers.
    case establishing
    case established
    /// Terminates are sent until the node answers.
    case terminating
    /// Over. After every end but `reportsLost` and `sequenceMismatch`, `establish(now:)` goes on where it stopped.
    case ended(ClientEnd)
}

/// Why a client session is over.
public enum ClientEnd: Sendable, Equatable {
    /// The node ended it, or confirmed our end.
    case terminated(TerminationReason)
    case refused(EstablishRejectReason)
    /// No establish was answered.
    case notAnswered
    /// Nothing was heard from the node for three heartbeat intervals.
    case serverSilent
    /// The node expects a command that is not among those waiting for an answer: it lost its log, or another client
    /// used the session.
    case sequenceMismatch(expected: UInt64)
    /// Reports are gone for good: the node keeps only those from `oldest` on.
    case reportsLost(expected: UInt64, oldest: UInt64)
}

/// What a client session has seen, since its start.
public struct ClientStatistics: Sendable, Equatable {
    /// Commands sent for the first time.
    public var commandsSent: UInt64 = 0
    public var commandsResent: UInt64 = 0
    /// Reports delivered or ready to be.
    public var reportsReceived: UInt64 = 0
    /// Reports that were there already.
    public var reportsRepeated: UInt64 = 0
    /// Reports too far ahead to be held; they are asked for again.
    public var reportsBeyondWindow: UInt64 = 0
    public var retransmitRequests: UInt64 = 0
    public var gapsReported: UInt64 = 0
    /// Commands the node refused for the moment, by its journal or for want of room.
    public var refusals: UInt64 = 0
    /// Datagrams with a message that could not be framed.
    public var framingErrors: UInt64 = 0
    /// Messages of another session, of a type a node does not send, or out of place.
    public var messagesIgnored: UInt64 = 0

    public init() {}
}
