/// Everything a run needs to know.
public struct LoadOptions: Sendable, Equatable {
    /// How the client decides when to send the next command.
    public enum Pace: Sendable, Equatable {
        /// At set times, whatever the answers do. Commands a second, 0.001…1e9; evenly spaced.
        case openLoop(ratePerSecond: Double)
        /// When fewer than `window` commands are unanswered, 1…4,096; 1 is ping-pong.
        case closedLoop(window: Int)
    }

    /// What to do while nothing is due and nothing has come.
    public enum Idle: Sendable, Equatable {
        /// Polls the socket all the time: the shortest latency, a whole core.
        case spin
        /// Sleeps in poll(2) until a datagram comes, for a millisecond at most, when nothing is due before.
        case sleep
    }

    /// Address and port of the node's order entry.
    public var node: SocketAddress
    /// Source address and port; port 0 for any free one. The node knows sessions by their source address too.
    public var local: SocketAddress
    /// Session identifier from the node's configuration.
    public var session: UInt32
    /// Participant the session belongs to, from the node's configuration.
    public var participant: UInt32
    /// Secret of the session, 16…32 bytes.
    public var accessKey: [UInt8]
    public var pace: Pace
    /// Commands to send, at least 1.
    public var orders: UInt64
    /// Ends the sending before all orders are sent; nil for no such end.
    public var durationNanoseconds: UInt64?
    public var flow: OrderFlowOptions
    /// Of the flow; the faults use seeds made from it.
    public var seed: UInt64
    /// Identifier of the session's first command ever. A run that goes on with an old session starts as many further as
    /// that has had commands, so that identifiers stay unique; give every run of a session the same value.
    public var firstClientOrderID: UInt64
    /// Whether every trade must have both its sides in this session, because nobody else trades the instrument.
    public var isSoleParticipant: Bool
    public var sendFaults: LinkFaultOptions
    public var receiveFaults: LinkFaultOptions
    /// 100 ms…60 s.
    public var heartbeatNanoseconds: UInt64
    /// Asks the node to cancel the session's orders when it loses the client.
    public var cancelsOnDisconnect: Bool
    /// How long to try to establish the session.
    public var establishTimeoutNanoseconds: UInt64
    /// How long to wait without any progress for what is unanswered after the last command.
    public var drainTimeoutNanoseconds: UInt64
    public var idle: Idle

    public init(
        node: SocketAddress, local: SocketAddress = SocketAddress(address: 0, port: 0), session: UInt32,
        participant: UInt32,
        accessKey: [UInt8], pace: Pace = .closedLoop(window: 1), orders: UInt64 = 10_000,
        durationNanoseconds: UInt64? = nil, flow: OrderFlowOptions = OrderFlowOptions(), seed: UInt64 = 1,
        firstClientOrderID: UInt64 = 1, isSoleParticipant: Bool = false, sendFaults: LinkFaultOptions = .none,
        receiveFaults: LinkFaultOptions = .none, heartbeatNanoseconds: UInt64 = 1_000_000_000,
        cancelsOnDisconnect: Bool = false, establishTimeoutNanoseconds: UInt64 = 5_000_000_000,
        drainTimeoutNanoseconds: UInt64 = 5_000_000_000, idle: Idle = .spin
    ) {
        self.node = node
        self.local = local
        self.session = session
        self.participant = participant
        self.accessKey = accessKey
        self.pace = pace
        self.orders = orders
        self.durationNanoseconds = durationNanoseconds
        self.flow = flow
        self.seed = seed
        self.firstClientOrderID = firstClientOrderID
        self.isSoleParticipant = isSoleParticipant
        self.sendFaults = sendFaults
        self.receiveFaults = receiveFaults
        self.heartbeatNanoseconds = heartbeatNanoseconds
        self.cancelsOnDisconnect = cancelsOnDisconnect
        self.establishTimeoutNanoseconds = establishTimeoutNanoseconds
        self.drainTimeoutNanoseconds = drainTimeoutNanoseconds
        self.idle = idle
    }

    /// Says in one line what is wrong and what to write instead; nil when the options make a run.
    public var problem: String? {
        if let problem = flow.problem { return problem }
        if let problem = sendFaults.problem { return "sending: " + problem }
        if let problem = receiveFaults.problem { return "receiving: " + problem }
        switch pace {
        case .openLoop(let rate) where !(rate >= 0.001 && rate <= 1e9):
            return "rate of \(rate) commands/s: give a rate from 0.001 to 1e9"
        case .closedLoop(let window) where window < 1 || window > 4_096:
            return "window of \(window) commands: give 1 (ping-pong) to 4096"
        default: break
        }
        if session == 0 { return "session 0: give the session's identifier from the node's configuration, from 1" }
        if participant == 0 { return "participant 0: give the participant's identifier from the node's configuration" }
        if !(16...32).contains(accessKey.count) {
            return "access key of \(accessKey.count) bytes: give the session's from the node's configuration, 16 to 32"
        }
        if orders == 0 || orders > 1 << 31 { return "\(orders) orders: give 1 to 2147483648" }
        if firstClientOrderID == 0 || firstClientOrderID > 1 << 62 {
            return "first client order identifier \(firstClientOrderID): give 1 to 2⁶²"
        }
        if node.port == 0 || node.address == 0 { return "node address \(node): give the node's address and port" }
        if heartbeatNanoseconds < 100_000_000 || heartbeatNanoseconds > 60_000_000_000 {
            return "heartbeat of \(heartbeatNanoseconds) ns: give 100 ms to 60 s"
        }
        return nil
    }
}
