import Orders

/// The state of one session on the node.
///
/// The first part follows from the log alone and is the same in the live node and in a replay; the second part is the
/// connection of the moment and starts empty after a restart.
struct ServerSession {
    // MARK: Deterministic

    /// Client sequence that will be sequenced next.
    var nextClientSequence: UInt64 = 1
    /// Client sequence whose reports will be recorded next. Behind the one above only while shards of the engine have
    /// commands under way.
    var nextAnsweredSequence: UInt64 = 1
    var nextReportSequence: UInt64 = 1
    /// Version of the last establish.
    var version: UInt64 = 0
    var cancelsOnDisconnect = false
    /// Established in the log and not terminated there; after a restart true for sessions whose client must come back.
    var isOpen = false
    /// Reports by `reportSequence & mask`; the last `mask + 1` of them.
    let history: UnsafeMutablePointer<ExecutionReport>
    /// Report that would come next when a command was applied, by `clientSequence & mask`.
    let firstReport: UnsafeMutablePointer<UInt64>
    let mask: UInt64

    // MARK: Configuration

    let session: UInt32
    /// Addresses the session may come from, as (address, mask) with the address already masked.
    let sources: UnsafeMutablePointer<(address: UInt32, mask: UInt32)>
    let sourceCount: Int
    let heartbeatMilliseconds: ClosedRange<UInt32>

    // MARK: Connection

    var isEstablished = false
    var peer = Peer()
    var heartbeatNanoseconds: UInt64 = 0
    var lastHeardNanoseconds: UInt64 = 0
    var lastHeartbeatSentNanoseconds: UInt64 = 0
    /// Sequence of the sessionEstablished command, which must be durable before any acknowledgement of it leaves.
    var establishedGate: UInt64 = 0
    /// When the timers first saw the session open without a connection; 0: not seen.
    var lostSinceNanoseconds: UInt64 = 0
    /// Expected client sequence of the last gap report, and when it was sent.
    var gapReported: UInt64 = 0
    var gapReportedNanoseconds: UInt64 = 0

    /// The memory is not touched before it is used: a session without traffic costs address space only.
    init(_ configuration: SessionConfiguration, historyCapacity: Int) {
        session = configuration.session
        heartbeatMilliseconds = configuration.minimumHeartbeatMilliseconds...configuration.maximumHeartbeatMilliseconds
        sourceCount = configuration.sources.count
        sources = .allocate(capacity: max(sourceCount, 1))
        for (index, source) in configuration.sources.enumerated() {
            let mask = SessionConfiguration.mask(length: source.length)
            (sources + index).initialize(to: (source.address & mask, mask))
        }
        history = .allocate(capacity: historyCapacity)
        firstReport = .allocate(capacity: historyCapacity)
        mask = UInt64(historyCapacity - 1)
    }

    func deallocate() {
        sources.deallocate()
        history.deallocate()
        firstReport.deallocate()
    }

    func allows(source: UInt32) -> Bool {
        for index in 0..<sourceCount where source & sources[index].mask == sources[index].address { return true }
        return false
    }

    /// Oldest report still at hand.
    var oldestReport: UInt64 { nextReportSequence > mask &+ 1 ? nextReportSequence &- mask &- 1 : 1 }
}
