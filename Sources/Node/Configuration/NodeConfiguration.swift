import Edge
import Journal
import NetStack
import OrderEntry
import Orders
import Runtime
import Wire

/// What a node is told at start; read from YAML by `NodeConfiguration(yaml:file:)`, every key explained in `NodeConfiguration.example`.
public struct NodeConfiguration: Sendable {
    public var name: String
    public var acknowledgement: AcknowledgementMode
    public var priority: PriorityMode
    /// Engines that share the instruments, 1…16. Results depend on it, as on the instruments themselves; not on the cores
    /// they run on.
    public var shards: Int
    public var memory: Memory
    public var dpdk: DPDK
    public var interfaces: [Interface]
    public var orderEntry: OrderEntryDoor
    public var feeds: [Feed]
    /// Can be changed while the node runs.
    public var filter: FilterRules
    public var instruments: [Instrument]
    public var journal: JournalSettings
    public var cores: Cores
    public var icmp: ICMP
    public var multicast: Multicast
    /// How frames of each class are marked for the switches on the way.
    public var marking: TransmitMarking

    /// Whether lanes are served by strict priority or in order of arrival (for comparison).
    public enum PriorityMode: String, CaseIterable, Sendable { case strict, arrival }

    /// Memory for packets.
    public struct Memory: Sendable {
        public enum HugePages: String, CaseIterable, Sendable {
            /// Huge pages when enough are free, else none with a message.
            case auto
            /// Refuse to start without.
            case required
            /// Never: DPDK's `--no-huge`.
            case none
        }
        public var hugePages: HugePages
        /// Memory DPDK may take when it runs without huge pages, MiB.
        public var megabytesWithoutHugePages: Int
        /// Packet buffers per queue of an interface.
        public var buffers: Int
        public var filePrefix: String
    }

    /// One network interface of the node.
    public struct Interface: Sendable {
        /// The device in the notation of `DeviceSpecification`, such as `tap:wissel0`; checked when it is opened.
        public var device: String
        public var address: IPv4Address
        public var prefixLength: Int
        /// For a TAP device: the address the kernel's side gets, so that programs on this machine reach the node.
        public var hostAddress: IPv4Address?
        public var queues: Int
        public var steering: Steering
        /// Largest IP packet, bytes; longer frames are dropped.
        public var mtu: Int
        /// 802.1Q identifier of the VLAN; 0: none.
        public var vlan: UInt16
        /// Frames outside a VLAN carry a tag with their priority all the same.
        public var sendsPriorityTags: Bool
        public var checksumOffload: ChecksumOffload
    }

    /// Who sorts order traffic out of all the rest.
    public enum Steering: String, CaseIterable, Sendable {
        /// The device, into a queue of its own, when there are queues enough and it can; else software.
        case auto
        /// The device, or the node does not start.
        case hardware
        /// The classifier of the network stages; all queues carry everything.
        case software
    }

    /// The native order-entry protocol's door.
    public struct OrderEntryDoor: Sendable {
        public var port: UInt16
        public var participants: [Participant]
    }

    public struct Participant: Sendable {
        public var id: UInt32
        public var name: String
        /// 32 bytes; shorter secrets are padded with zeros.
        public var accessKey: [UInt8]
        public var sources: [IPv4Prefix]
        public var sessions: [UInt32]
        /// Sessions that belong to a firm, for self-trade prevention; one that is not here is its own firm.
        public var firms: [Firm] = []

        /// A session's firm.
        public struct Firm: Sendable, Equatable {
            public var session: UInt32
            /// 1…2³¹−1; equal ones of different participants are the same firm.
            public var firm: UInt32

            public init(session: UInt32, firm: UInt32) {
                self.session = session
                self.firm = firm
            }
        }
    }

    /// A market-data feed to listen to.
    public struct Feed: Sendable {
        public enum Format: String, CaseIterable, Sendable {
            /// IEX-TP 1 with DEEP 1.0 messages.
            case iexDEEP = "iex-deep"
        }
        public var name: String
        public var format: Format
        public var group: IPv4Address
        public var port: UInt16
        /// Where the feed's datagrams may come from; empty: from anywhere. When all are single hosts, a group is joined
        /// for them alone (source-specific multicast, RFC 4607).
        public var sources: [IPv4Prefix]
    }

    public struct Instrument: Sendable {
        public var specification: InstrumentSpecification
        public var risk: RiskLimits
        /// Shard that trades it; nil: by turns, in the order of the configuration.
        public var shard: Int?
    }

    public struct JournalSettings: Sendable {
        public var directory: String
        public var segmentMegabytes: Int
    }

    public struct Cores: Sendable {
        /// A network core on another NUMA node than its NIC: each packet crosses the link between the sockets.
        public enum RemoteMemory: String, CaseIterable, Sendable {
            /// The node starts, and the doctor warns.
            case warn
            /// The node does not start.
            case refuse
        }
        public var remoteMemory: RemoteMemory
        /// Nil: as the plan made from this machine's CPUs says.
        public var idle: IdleStrategy?
        /// Empty: made from the CPUs that are there when the node starts.
        public var plan: [CorePlan.Core]
        /// CPUs for the shards alone, beside the cores of the plan; shards are dealt out to them by turns. Empty: they run
        /// where the plan names them (`matching0` …), or else on the engine's core.
        public var matching: [Int] = []
    }
}

extension NodeConfiguration {
    /// Firm of each session that shares one, for the engine. A session without is its own firm and has its own number, so
    /// the numbers of firms are above those.
    var firms: [UInt32: UInt32] {
        var firms: [UInt32: UInt32] = [:]
        for row in orderEntry.participants.flatMap(\.firms) { firms[row.session] = row.firm | 1 << 31 }
        return firms
    }

    /// Which scopes of the risk gate the orders of each session belong to: a session is a user, a participant an account,
    /// and its firm is that of its sessions.
    var riskMembers: [RiskMembership] {
        orderEntry.participants.flatMap { participant in
            participant.sessions.map { session in
                RiskMembership(session: session, account: participant.id, firm: participant.firms.first?.firm)
            }
        }
    }

    /// The sessions of all participants, as the order-entry room wants them.
    var sessionConfigurations: [SessionConfiguration] {
        orderEntry.participants.flatMap { participant in
            participant.sessions.map { session in
                SessionConfiguration(
                    session: session, participant: participant.id,
                    accessKey: EstablishRequest.InlineKey(participant.accessKey),
                    sources: participant.sources.map { ($0.address.rawValue, Int($0.length)) })
            }
        }
    }
}
