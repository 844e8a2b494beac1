import Edge
import Journal
import NetStack
import Runtime

/// A node's network stage by itself: from the receive queue through parser, filter, classifier, lanes and scheduler to
/// the ring behind them. What is measured when the path of a packet is measured. One thread.
public struct PacketPipeline: ~Copyable {
    private var stage: NetworkStage
    private let rings: RingSet
    private let priority: PriorityControl
    private let filter: FilterPublisher
    private let journal: JournalSharedState

    /// The queue is one without orders, as steering leaves it: what is offered beyond what the path takes stays in the
    /// device.
    /// - Parameter configuration: interface 0 is the device's; nothing else of the node is built.
    public init(device: PacketDevice, configuration: NodeConfiguration) throws {
        let tables = try NetworkTables(configuration, interface: 0, device: device, announces: false)
        filter = try FilterPublisher(
            rules: configuration.filter, scope: FilterScope(configuration), stages: 1)
        rings = RingSet(networkStages: 1)
        priority = PriorityControl(configuration.priority)
        journal = JournalSharedState(durableSequence: 0)
        stage = NetworkStage(
            tables: tables, filter: filter.handover(0), device: device, contents: .others, engine: rings.links[0],
            marketData: rings.marketData[0], journal: journal, priority: priority)
    }

    deinit {
        priority.deallocate()
        journal.deallocate()
        rings.deallocate()
    }

    /// One poll of the stage.
    @discardableResult public mutating func poll(now: UInt64) -> Int { stage.poll(now: now) }

    /// Takes market-data packets out of the ring at the end.
    public mutating func take(into packets: UnsafeMutablePointer<Packet>, maximumCount: Int) -> Int {
        rings.marketData[0].pop(into: packets, maximumCount: maximumCount)
    }

    /// Packets dropped, whatever the reason.
    public var dropped: UInt64 { stage.drops.values.reduce(0, &+) }
    /// Frames taken from the device.
    public var received: UInt64 { stage.counters.value(.framesReceived) }

    /// What became of each frame so far.
    public var ledger: FrameLedger {
        FrameLedger(
            networks: [.init(counters: stage.counters.values, control: stage.responder.events.values)],
            drops: stage.drops.values)
    }

    /// Gives back what still waits in lanes and rings.
    public mutating func close() {
        stage.close()
        let packet = UnsafeMutablePointer<Packet>.allocate(capacity: 1)
        defer { packet.deallocate() }
        while take(into: packet, maximumCount: 1) == 1 { stage.device.free(packet, count: 1) }
    }
}
