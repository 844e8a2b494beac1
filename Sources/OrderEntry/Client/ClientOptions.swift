/// How one client session behaves. Times in nanoseconds.
public struct ClientOptions: Sendable {
    public var session: UInt32
    public var participant: UInt32
    public var accessKey: EstablishRequest.InlineKey
    /// Greater for every new start of the client: a counter that is kept, or the time of the start.
    public var sessionVersion: UInt64
    public var cancelsOnDisconnect: Bool
    public var heartbeatMilliseconds: UInt32
    /// The first report wanted; nil takes those that come after the session is established.
    public var nextReportSequence: UInt64?
    /// Commands that may wait for an answer, a power of two.
    public var commandWindow: Int
    /// Reports held while an earlier one is missing or not yet taken by the caller, a power of two.
    public var reportWindow: Int
    /// Time between two establishes, and between two terminates.
    public var establishRetryNanoseconds: UInt64
    /// Establishes sent before the session ends as not answered.
    public var establishAttempts: Int
    /// Patience for the answer to the oldest command; above the usual round trip.
    public var resendTimeoutNanoseconds: UInt64
    /// Pause after the node said that it is busy or its journal takes nothing.
    public var refusalPauseNanoseconds: UInt64
    /// Patience for requested reports.
    public var retransmitTimeoutNanoseconds: UInt64
    /// Payload of a datagram at most; below the MTU, so that nothing is fragmented.
    public var maximumDatagramLength: Int

    /// Reports asked for at once; the rest follows when these have come.
    static var retransmitBatch: UInt64 { 64 }

    public init(
        session: UInt32, participant: UInt32, accessKey: EstablishRequest.InlineKey, sessionVersion: UInt64,
        cancelsOnDisconnect: Bool = false, heartbeatMilliseconds: UInt32 = 1_000, nextReportSequence: UInt64? = nil,
        commandWindow: Int = 4_096, reportWindow: Int = 4_096, establishRetryNanoseconds: UInt64 = 100_000_000,
        establishAttempts: Int = 50, resendTimeoutNanoseconds: UInt64 = 20_000_000,
        refusalPauseNanoseconds: UInt64 = 10_000_000, retransmitTimeoutNanoseconds: UInt64 = 20_000_000,
        maximumDatagramLength: Int = 1_400
    ) {
        self.session = session
        self.participant = participant
        self.accessKey = accessKey
        self.sessionVersion = sessionVersion
        self.cancelsOnDisconnect = cancelsOnDisconnect
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.nextReportSequence = nextReportSequence
        self.commandWindow = commandWindow
        self.reportWindow = reportWindow
        self.establishRetryNanoseconds = establishRetryNanoseconds
        self.establishAttempts = establishAttempts
        self.resendTimeoutNanoseconds = resendTimeoutNanoseconds
        self.refusalPauseNanoseconds = refusalPauseNanoseconds
        self.retransmitTimeoutNanoseconds = retransmitTimeoutNanoseconds
        self.maximumDatagramLength = maximumDatagramLength
    }
}
