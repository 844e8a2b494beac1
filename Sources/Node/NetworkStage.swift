import Edge
import Journal
import NetStack
import OrderEntry
import Runtime
import Wire

/// One queue pair: takes frames from the device, checks and classifies them into lanes, serves the lanes by priority
/// into the rings, and sends what the engine has for the wire.
///
/// Runs on one core, the only one that touches its queue pair. A poll is: send, receive everything there is, serve.
public struct NetworkStage: ~Copyable, Stage {
    let device: PacketDevice
    private let interface: InterfaceConfiguration
    private let parser: FrameParser
    let responder: ControlResponder
    private let classifier: Classifier
    private let sources: SourceFilter
    private let priority: PriorityControl
    var scheduler: PriorityScheduler
    /// In order of arrival everything is in the first.
    var orderLane: Lane<Packet>
    var controlLane: Lane<Packet>
    var marketDataLane: Lane<Packet>
    let engine: EngineStage.Link
    let marketData: SPSCRing<Packet>
    private let journal: JournalSharedState
    var transmitter: Transmitter
    let burst: UnsafeMutablePointer<Packet>
    var disposal: Disposal
    let messagesPerDatagram: Int
    let counters: CounterBlock<NetworkCounter>
    let drops: CounterBlock<DropReason>

    init(
        tables: NetworkTables, device: PacketDevice, engine: EngineStage.Link, marketData: SPSCRing<Packet>,
        journal: JournalSharedState, priority: PriorityControl
    ) {
        interface = tables.interface
        parser = FrameParser(interface)
        responder = ControlResponder(interface)
        classifier = tables.classifier
        sources = tables.sources
        self.device = device
        self.engine = engine
        self.marketData = marketData
        self.journal = journal
        self.priority = priority
        scheduler = PriorityScheduler(
            mode: priority.isStrict ? .strictPriority : .arrivalOrder, policy: Limits.scheduling)
        orderLane = Lane(capacity: Limits.laneCapacity)
        controlLane = Lane(capacity: Limits.laneCapacity)
        marketDataLane = Lane(capacity: Limits.laneCapacity)
        transmitter = Transmitter(device: device, interface: interface, port: tables.port)
        burst = .allocate(capacity: Limits.burst)
        disposal = Disposal(device: device)
        messagesPerDatagram = device.mtu / MessageHeader.size
        counters = CounterBlock()
        drops = CounterBlock()
    }

    deinit {
        interface.deallocate()
        responder.deallocate()
        classifier.deallocate()
        sources.deallocate()
        orderLane.deallocate()
        controlLane.deallocate()
        marketDataLane.deallocate()
        burst.deallocate()
        counters.deallocate()
        drops.deallocate()
    }

    public mutating func poll(now: UInt64) -> Int {
        if priority.isStrict != (scheduler.mode == .strictPriority) { changeMode() }
        var work = send()
        work &+= receive(now: now)
        work &+= serve(now: now)
        disposal.flush()
        transmitter.flush(counters: counters)
        return work
    }

    // MARK: Sending

    /// Answers that wait for nothing, then reports; order reports go before everything else this poll brings about.
    private mutating func send() -> Int {
        let replies = transmitter.drain(engine.replies, durable: .max, counters: counters, drops: drops)
        let durable = journal.durableSequence
        let reports = transmitter.drain(engine.reports, durable: durable, counters: counters, drops: drops)
        if replies &+ reports > 0 { transmitter.flush(counters: counters) }
        return replies &+ reports
    }

    // MARK: Receiving

    /// Empties the device's queue into the lanes, so that nothing is lost in the NIC while lower lanes are worked off.
    private mutating func receive(now: UInt64) -> Int {
        var total = 0
        for _ in 0..<Limits.receiveBurstsPerPoll {
            let count = device.receive(into: burst, count: Limits.burst)
            var bytes: UInt64 = 0
            for index in 0..<count {
                // The bytes of a frame are fetched while those before it are parsed.
                if index &+ Limits.prefetchDistance < count { prefetch(burst[index &+ Limits.prefetchDistance].bytes) }
                bytes &+= UInt64(burst[index].length)
                classify(burst[index], now: now)
            }
            counters.add(.bytesReceived, bytes)
            total &+= count
            if count < Limits.burst { break }
        }
        if total == 0 {
            counters.add(.emptyPolls)
        } else {
            counters.add(.framesReceived, UInt64(truncatingIfNeeded: total))
            counters.raise(.orderLaneHighWater, to: UInt64(truncatingIfNeeded: orderLane.count))
            counters.raise(.marketDataLaneHighWater, to: UInt64(truncatingIfNeeded: marketDataLane.count))
        }
        return total
    }

    @inline(__always) private mutating func classify(_ packet: Packet, now: UInt64) {
        packet.receivedNanoseconds = now
        switch parser.parse(packet) {
        case .drop(let reason):
            drop(packet, reason)
        case .arp, .icmp:
            enqueue(packet, .control, full: .controlLaneFull)
        case .udp(let headers):
            switch classifier.classifyUDP(destination: headers.destinationAddress, port: headers.destinationPort) {
            case .order:
                if let reason = sources.check(headers.sourceAddress) {
                    drop(packet, reason)
                } else {
                    enqueue(packet, .order, full: .orderLaneFull)
                }
            case .marketData(let feed):
                packet.tag = UInt16(feed)
                enqueue(packet, .marketData, full: .marketDataLaneFull)
            case .control:
                drop(packet, .noListener)
            case .drop(let reason):
                drop(packet, reason)
            }
        }
    }

    @inline(__always)
    private mutating func enqueue(_ packet: Packet, _ kind: LaneKind, full reason: DropReason) {
        packet.lane = kind.rawValue
        let isIn =
            switch scheduler.mode == .arrivalOrder ? .order : kind {
            case .order: orderLane.push(packet)
            case .control: controlLane.push(packet)
            case .marketData: marketDataLane.push(packet)
            }
        if !isIn { drop(packet, reason) }
    }

    mutating func drop(_ packet: Packet, _ reason: DropReason) {
        drops.add(reason)
        disposal.add(packet)
    }

    // MARK: Life

    /// The other mode begins with what the lanes hold: by arrival, everything that waits goes into one lane.
    private mutating func changeMode() {
        scheduler = PriorityScheduler(
            mode: priority.isStrict ? .strictPriority : .arrivalOrder, policy: Limits.scheduling)
        guard scheduler.mode == .arrivalOrder else { return }
        while let packet = controlLane.pop() { enqueue(packet, .control, full: .controlLaneFull) }
        while let packet = marketDataLane.pop() { enqueue(packet, .marketData, full: .marketDataLaneFull) }
    }

    /// Gives every buffer back that the stage still holds. Only after the core has stopped.
    mutating func close() {
        while let packet = orderLane.pop() { drop(packet, .nodeStopped) }
        while let packet = controlLane.pop() { drop(packet, .nodeStopped) }
        while let packet = marketDataLane.pop() { drop(packet, .nodeStopped) }
        disposal.flush()
        transmitter.discard(counters: counters)
    }

    static func handle(at stage: UnsafeMutablePointer<NetworkStage>) -> StageHandle {
        StageHandle(name: "network", context: stage) { context, now in
            context.assumingMemoryBound(to: NetworkStage.self).pointee.poll(now: now)
        }
    }
}

/// What a network stage looks things up in, made from the configuration before the stage.
struct NetworkTables {
    let interface: InterfaceConfiguration
    let classifier: Classifier
    let sources: SourceFilter
    let port: UInt16

    init(_ configuration: NodeConfiguration, interface index: Int, device: PacketDevice) throws {
        let settings = configuration.interfaces[index]
        port = configuration.orderEntry.port
        interface = try InterfaceConfiguration(
            macAddress: MACAddress(rawValue: device.macAddress), ipAddress: settings.address,
            prefixLength: settings.prefixLength, mtu: device.mtu,
            multicastGroups: configuration.feeds.map(\.group).filter(\.isMulticast))
        classifier = try Classifier(
            order: UDPEndpoint(address: settings.address, port: port),
            feeds: configuration.feeds.map { UDPEndpoint(address: $0.group, port: $0.port) })
        sources = try SourceFilter(allowed: configuration.orderEntry.participants.flatMap(\.sources))
    }
}
