import Wire

/// What became of every frame the network stages took and made: each is in exactly one line.
///
/// A sum of independent counters, so the zero of `unaccountedIn` and `unaccountedOut` is a check and no definition.
/// Exact when the stages rest; while they run, what is between two counts is missing.
public struct FrameLedger: Sendable, Equatable {
    /// Frames the stages took from their devices.
    public var received: UInt64
    /// Datagrams whose messages went to the engine, or were let go of one by one with a reason of their own.
    public var orders: UInt64
    /// Datagrams handed to market data, which frees them after decoding.
    public var marketData: UInt64
    /// ARP and ICMP frames turned into their answer.
    public var answered: UInt64
    /// ARP frames learned from.
    public var noted: UInt64
    /// Frames dropped, by reason.
    public var dropped: [(reason: DropReason, count: UInt64)]
    /// Messages let go of, by reason; the frames they stood in are above.
    public var messagesDropped: [(reason: DropReason, count: UInt64)]

    /// Datagrams made of messages, and control frames of our own.
    public var built: UInt64
    /// Frames the devices took.
    public var sent: UInt64
    /// Frames the devices had not taken when the node stopped.
    public var discarded: UInt64

    /// Frames that still wait in lanes or between counters are not in it: 0 when the stages rest.
    public var unaccountedIn: Int64 {
        Int64(bitPattern: received &- handedOn &- dropped.reduce(0) { $0 &+ $1.count })
    }
    public var unaccountedOut: Int64 { Int64(bitPattern: built &+ answered &- sent &- discarded) }
    /// Frames something came of.
    public var handedOn: UInt64 { orders &+ marketData &+ answered &+ noted }

    public init(networks: [NodeStatistics.Network], drops: [UInt64]) {
        func sum(_ key: NetworkCounter) -> UInt64 { networks.reduce(0) { $0 &+ $1[key] } }
        func reasons(_ scope: DropReason.Scope) -> [(reason: DropReason, count: UInt64)] {
            DropReason.allCases.map { ($0, drops[Int($0.rawValue)]) }
                .filter { $0.0.scope == scope && $0.1 > 0 }.sorted { $0.1 > $1.1 }
        }
        received = sum(.framesReceived)
        orders = sum(.orderDatagrams)
        marketData = sum(.marketDataDatagrams)
        answered = sum(.controlReplies)
        noted = sum(.controlNoted)
        dropped = reasons(.frame)
        messagesDropped = reasons(.message)
        built = sum(.datagramsBuilt) &+ sum(.controlFramesOfOurs)
        sent = sum(.framesSent)
        discarded = sum(.framesDiscarded)
    }

    public static func == (left: FrameLedger, right: FrameLedger) -> Bool {
        left.received == right.received && left.orders == right.orders && left.marketData == right.marketData
            && left.answered == right.answered && left.noted == right.noted && left.built == right.built
            && left.sent == right.sent && left.discarded == right.discarded
            && left.dropped.elementsEqual(right.dropped, by: ==)
            && left.messagesDropped.elementsEqual(right.messagesDropped, by: ==)
    }
}

/// Where every packet of a run went, from the wire to the wire: the run's drops add up to packets in minus packets out.
///
/// Made after the node has stopped. What a driver counts is the driver's business; DPDK 22.11, read from its sources:
///
/// | Driver | `imissed` | `rx_nombuf` | `ierrors` | What the port cannot count |
/// |---|---|---|---|---|
/// | net_tap | – | frames read from the kernel and lost | frames longer than a buffer | what the kernel dropped on its side: TX dropped of `ip -s link` |
/// | net_pcap | what libpcap dropped | frames read from the file and lost | records that cannot be read | – |
/// | net_ring, net_null | – | – | – | a full ring refuses the sender |
/// | net_memif | – | – | – | a full ring refuses the sender; on reconnection its counters begin anew |
/// | net_af_packet | – | – (the frame waits) | – | what the kernel dropped when its ring was full |
///
/// Of all of these only the first 16 queues are in a port's sums. On a NIC `rx_nombuf` counts failed refills, not frames:
/// the frame itself is lost as `imissed`, so there the two must not be added; none has been under this program.
public struct LossReport: Sendable {
    /// One port, as its driver counts; every number since the port was opened.
    public struct Port: Sendable, Equatable {
        public var name: String
        public var driver: String
        /// Frames handed to the node (`ipackets`).
        public var received: UInt64
        /// `imissed`.
        public var missed: UInt64
        /// `rx_nombuf`.
        public var noBuffer: UInt64
        /// `ierrors`.
        public var errors: UInt64
        /// Frames that left (`opackets`).
        public var sent: UInt64
        /// `oerrors`; most virtual drivers count a frame each time it is refused and offered again.
        public var sendErrors: UInt64
        /// Buffers that had not come back when the port was closed; nil while it is open.
        public var buffersHeld: Int?

        public init(
            name: String, driver: String, received: UInt64, missed: UInt64, noBuffer: UInt64, errors: UInt64,
            sent: UInt64, sendErrors: UInt64
        ) {
            self.name = name
            self.driver = driver
            self.received = received
            self.missed = missed
            self.noBuffer = noBuffer
            self.errors = errors
            self.sent = sent
            self.sendErrors = sendErrors
        }
    }

    public var ports: [Port]
    public var ledger: FrameLedger

    public init(ports: [Port], statistics: NodeStatistics) {
        self.ports = ports
        ledger = FrameLedger(networks: statistics.networks, drops: statistics.drops)
    }

    private func sum(_ key: KeyPath<Port, UInt64>) -> UInt64 { ports.reduce(0) { $0 &+ $1[keyPath: key] } }

    /// Packets that came to the ports.
    public var packetsIn: UInt64 { sum(\.received) &+ lostAtPorts }
    /// Lost before a stage could see them: `imissed` + `rx_nombuf` + `ierrors`.
    public var lostAtPorts: UInt64 { sum(\.missed) &+ sum(\.noBuffer) &+ sum(\.errors) }
    /// Packets something came of.
    public var packetsOut: UInt64 { ledger.handedOn }
    /// Frames the drivers counted and no stage took: on a NIC, what was in its queues when the node stopped.
    public var notTaken: Int64 { Int64(bitPattern: sum(\.received) &- ledger.received) }
    /// Frames the drivers took and did not count as sent.
    public var notSent: Int64 { Int64(bitPattern: ledger.sent &- sum(\.sent)) }
    /// All drops together: at the ports, by reason, and in the queues at the end.
    public var drops: UInt64 {
        lostAtPorts &+ UInt64(bitPattern: notTaken) &+ ledger.dropped.reduce(0) { $0 &+ $1.count }
    }

    /// Packets in minus packets out are the drops, frames made are frames sent, and every buffer came back.
    public var isExact: Bool {
        packetsIn &- packetsOut == drops && ledger.unaccountedIn == 0 && ledger.unaccountedOut == 0 && notTaken >= 0
            && notSent == 0 && ports.allSatisfy { ($0.buffersHeld ?? 0) == 0 }
    }
}
