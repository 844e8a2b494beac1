import Orders

/// The state of one session on the node.
///
/// The first part follows from the log alone and is the same in the live node and in a replay; the second part is the
/// connection of the moment and starts empty after a restart.
struct ServerSession {
    // MARK: Deterministic

    /// Client sequence that will be applied next.
    var nextClientSequence: UInt64 = 1
    var nextReportSequence: UInt64 = 1
    /// Version of the last establish.
    var version: UInt64 = 0
    var cancelsOnDisconnect = false
    /// Reports by `reportSequence & mask`; the last `mask + 1` of them.
    let history: UnsafeMutablePointer<ExecutionReport>
    /// Report that would come next when a command was applied, by `clientSequence & mask`.
    let firstReport: UnsafeMutablePointer<UInt64>
    let mask: UInt64

    // MARK: Connection

    var isEstablished = false
    var peer = Peer()
    var heartbeatNanoseconds: UInt64 = 0
    var lastHeardNanoseconds: UInt64 = 0
    var lastHeartbeatSentNanoseconds: UInt64 = 0
    /// Expected client sequence of the last gap report, and when it was sent.
    var gapReported: UInt64 = 0
    var gapReportedNanoseconds: UInt64 = 0

    /// The memory is not touched before it is used: a session without traffic costs address space only.
    init(historyCapacity: Int) {
        history = .allocate(capacity: historyCapacity)
        firstReport = .allocate(capacity: historyCapacity)
        mask = UInt64(historyCapacity - 1)
    }

    func deallocate() {
        history.deallocate()
        firstReport.deallocate()
    }

    /// Oldest report still at hand.
    var oldestReport: UInt64 { nextReportSequence > mask &+ 1 ? nextReportSequence &- mask &- 1 : 1 }
}
