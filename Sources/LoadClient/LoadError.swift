/// Why a run could not start or go on, with what to do about it. What the node did wrong is not here but in the report.
public enum LoadError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An option is out of range; the line says what to give.
    case option(String)
    case socket(SocketError)
    /// The clock could not be calibrated.
    case clock(String)
    /// The node did not answer the request for a session.
    case noAnswer(node: SocketAddress, session: UInt32, waitedNanoseconds: UInt64, isRefused: Bool)
    /// The node said no, or ended the session.
    case sessionEnded(session: UInt32, reason: String, answered: UInt64, sent: UInt64)

    public var description: String {
        switch self {
        case .option(let problem): return problem
        case .socket(let error): return error.description
        case .clock(let problem): return problem
        case .noAnswer(let node, let session, let waited, let isRefused):
            let what = "\(node) did not establish session \(session) within \(waited / 1_000_000) ms"
            if isRefused { return what + ": nothing listens there. Start the node, or give its address and port." }
            return what
                + ": no answer. Check that the node runs at that address (ping), that the session and access key "
                + "are those of its configuration, and that this machine's address is among the participant's sources; "
                + "the node drops and counts requests of anyone else."
        case .sessionEnded(let session, let reason, let answered, let sent):
            return "the node ended session \(session): \(reason), with \(answered) of \(sent) commands answered. "
                + "See the node's counters and its configuration of that session."
        }
    }
}
