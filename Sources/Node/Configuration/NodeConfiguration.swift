import Journal
import OrderEntry
import Orders
import Runtime
import Wire

/// What a node is told at start; read from YAML by `NodeConfiguration(yaml:file:)`, every key explained in `NodeConfiguration.example`.
public struct NodeConfiguration: Sendable {
    public var name: String
    public var acknowledgement: AcknowledgementMode
    public var priority: PriorityMode
    public var memory: Memory
    public var dpdk: DPDK
    public var interfaces: [Interface]
    public var orderEntry: OrderEntryDoor
    public var feeds: [Feed]
    public var instruments: [Instrument]
    public var journal: JournalSettings
    public var cores: Cores

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
        /// Packet buffers per interface.
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
        public var mtu: Int
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
    }

    public struct Instrument: Sendable {
        public var specification: InstrumentSpecification
        public var risk: RiskLimits
    }

    public struct JournalSettings: Sendable {
        public var directory: String
        public var segmentMegabytes: Int
    }

    public struct Cores: Sendable {
        /// Nil: as the plan made from this machine's CPUs says.
        public var idle: IdleStrategy?
        /// Empty: made from the CPUs that are there when the node starts.
        public var plan: [CorePlan.Core]
    }
}

extension NodeConfiguration {
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
