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
    private let prediction: HeaderPrediction
    var responder: ControlResponder
    private let classifier: Classifier
    var filter: EdgeFilter
    private let priority: PriorityControl
    var scheduler: PriorityScheduler
    /// In order of arrival everything is in the first.
    var orderLane: Lane<Packet>
    var controlLane: Lane<Packet>
    var marketDataLane: Lane<Packet>
    let engine: EngineStage.Link
    let marketData: SPSCRing<Packet>
    private let journal: JournalSharedState
    private let mayHoldOrders: Bool
    var transmitter: Transmitter
    let burst: UnsafeMutablePointer<Packet>
    var disposal: Disposal
    let messagesPerDatagram: Int
    let counters: CounterBlock<NetworkCounter>
    let drops: CounterBlock<DropReason>

    init(
        tables: NetworkTables, filter: FilterHandover, device: PacketDevice, contents: TradingNode.Queue.Contents,
        engine: EngineStage.Link, marketData: SPSCRing<Packet>,
        journal: JournalSharedState, priority: PriorityControl
    ) {
        interface = tables.interface
        parser = FrameParser(interface)
        prediction = HeaderPrediction(interface)
        responder = tables.responder
        classifier = tables.classifier
        self.filter = EdgeFilter(filter)
        self.device = device
        self.engine = engine
        self.marketData = marketData
        self.journal = journal
        self.priority = priority
        mayHoldOrders = contents != .others
        scheduler = PriorityScheduler(
            mode: priority.isStrict ? .strictPriority : .arrivalOrder, policy: Limits.scheduling)
        orderLane = Lane(capacity: Limits.laneCapacity)
        controlLane = Lane(capacity: Limits.laneCapacity)
        marketDataLane = Lane(capacity: Limits.marketDataLaneCapacity)
        transmitter = Transmitter(device: device, interface: interface, port: tables.port)
        burst = .allocate(capacity: Limits.burst)
        disposal = Disposal(device: device)
        messagesPerDatagram = device.mtu / MessageHeader.size
        counters = CounterBlock()
        drops = CounterBlock()
    }

    deinit {
        interface.deallocate()
        prediction.deallocate()
        responder.deallocate()
        classifier.deallocate()
        orderLane.deallocate()
        controlLane.deallocate()
        marketDataLane.deallocate()
        burst.deallocate()
        counters.deallocate()
        drops.deallocate()
    }

    public mutating func poll(now: UInt64) -> Int {
        if priority.isStrict != (scheduler.mode == .strictPriority) { changeMode() }
        if filter.beginPoll(now: now) { prediction.forget() }
        takeGrants(now: now)
        var work = send()
        work &+= receive(now: now)
        work &+= serve(now: now)
        if now >= responder.deadline { sendControl(now: now) }
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

    /// Takes what the device's queue holds into the lanes, where it is decided what waits and what is dropped.
    private mutating func receive(now: UInt64) -> Int {
        var total = 0
        // By arrival an order is not looked for, and waits where it is.
        let isSearched = mayHoldOrders && scheduler.mode == .strictPriority
        for _ in 0..<(isSearched ? Limits.receiveBurstsPerPollWithOrders : Limits.receiveBurstsPerPoll) {
            let count = device.receive(into: burst, count: Limits.burst)
            classifyBurst(count, now: now)
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

    /// Puts the first `count` packets of `burst` into their lanes.
    private mutating func classifyBurst(_ count: Int, now: UInt64) {
        var bytes: UInt64 = 0
        // Market data moves to the front of the burst and goes into its lane at once.
        var data = 0
        let room = marketDataLane.capacity &- marketDataLane.count
        let hasLanes = scheduler.mode == .strictPriority
        for index in 0..<count {
            // The bytes of a frame are fetched while those before it are parsed.
            if index &+ Limits.prefetchDistance < count { burst[index &+ Limits.prefetchDistance].fetchFrame() }
            let packet = burst[index]
            let length = packet.length
            bytes &+= UInt64(length)
            // What cannot be kept is not read further than its headers: in a flood that is most of the work.
            if hasLanes, data >= room, prediction.knowsHeaders(packet, length: Int(length)) {
                drop(packet, .marketDataLaneFull)
                continue
            }
            packet.receivedNanoseconds = now
            if !hasLanes {
                classifyByArrival(packet, now: now)
            } else if (prediction.recognises(packet, length: Int(length)) && filter.maySkip())
                || classify(packet, now: now) == .marketData
            {
                burst[data] = packet
                data &+= 1
            }
        }
        counters.add(.bytesReceived, bytes)
        let taken = marketDataLane.push(from: burst, count: data)
        for index in taken..<data { drop(burst[index], .marketDataLaneFull) }
    }

    /// Finds the packet's lane and puts it there, or drops it; market data is the caller's to put.
    private mutating func classify(_ packet: Packet, now: UInt64) -> LaneKind? {
        let kind: LaneKind
        switch parser.parse(packet) {
        case .drop(let reason):
            drop(packet, reason)
            return nil
        case .arp, .igmp:
            kind = .control
        case .icmp:
            if let reason = checkICMP(packet) {
                drop(packet, reason)
                return nil
            }
            kind = .control
        case .udp(let headers):
            let classification = classifier.classifyUDP(
                destination: headers.destinationAddress, port: headers.destinationPort)
            if let reason = filter.check(
                source: headers.sourceAddress, sourcePort: headers.sourcePort,
                destination: headers.destinationAddress, destinationPort: headers.destinationPort,
                bytes: packet.length, classification: classification, now: now)
            {
                // Only the listener's absence is told; who is kept out hears nothing, least of all a spoofed victim.
                if reason == .noListener {
                    refuse(packet, headers, reason, now: now)
                } else {
                    drop(packet, reason)
                }
                return nil
            }
            switch classification {
            case .order:
                kind = .order
            case .marketData(let feed):
                packet.tag = UInt16(feed)
                packet.lane = LaneKind.marketData.rawValue
                prediction.learn(packet)
                return .marketData
            case .control, .drop:
                drop(packet, .noListener)
                return nil
            }
        }
        enqueue(packet, kind)
        return kind
    }

    /// Without priority everything goes one way, in the order it came.
    private mutating func classifyByArrival(_ packet: Packet, now: UInt64) {
        if classify(packet, now: now) == .marketData { enqueue(packet, .marketData) }
    }

    private mutating func enqueue(_ packet: Packet, _ kind: LaneKind) {
        packet.lane = kind.rawValue
        let isIn =
            switch scheduler.mode == .arrivalOrder ? .order : kind {
            case .order: orderLane.push(packet)
            case .control: controlLane.push(packet)
            case .marketData: marketDataLane.push(packet)
            }
        if !isIn { drop(packet, DropReason(fullLaneOf: kind)) }
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
        while let packet = controlLane.pop() { enqueue(packet, .control) }
        while let packet = marketDataLane.pop() { enqueue(packet, .marketData) }
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
    let responder: ControlResponder
    let classifier: Classifier
    let port: UInt16

    /// - Parameter announces: this queue speaks for its interface: claims the address, joins the groups.
    init(
        _ configuration: NodeConfiguration, interface index: Int, device: PacketDevice, announces: Bool
    ) throws {
        let settings = configuration.interfaces[index]
        port = configuration.orderEntry.port
        interface = try InterfaceConfiguration(
            macAddress: MACAddress(rawValue: device.macAddress), ipAddress: settings.address,
            prefixLength: settings.prefixLength, mtu: device.mtu, vlan: settings.vlan,
            sendsPriorityTags: settings.sendsPriorityTags, marking: configuration.marking,
            multicastGroups: configuration.feeds.map(\.group).filter(\.isMulticast))
        var control = ControlResponder.Settings()
        control.echoPerSecond = configuration.icmp.echoPerSecond
        control.errorsPerSecond = configuration.icmp.errorsPerSecond
        control.ownPort = port
        control.announces = announces
        control.seed = configuration.multicast.seed
        responder = ControlResponder(
            interface, settings: control,
            membership: try MulticastMembership(
                configuration.feeds.filter(\.group.isMulticast).map {
                    // A membership names hosts; where a feed's sources are networks, the filter alone tells them apart.
                    MulticastSubscription(
                        group: $0.group,
                        sources: $0.sources.allSatisfy { $0.length == 32 } ? $0.sources.map(\.address) : [])
                },
                robustness: configuration.multicast.robustness,
                // Two hosts with one seed must not answer a query at the same moment.
                seed: configuration.multicast.seed ^ device.macAddress, mtu: device.mtu))
        classifier = try Classifier(
            order: UDPEndpoint(address: settings.address, port: port),
            feeds: configuration.feeds.map { UDPEndpoint(address: $0.group, port: $0.port) })
    }
}
