import CPlatform
import Edge
import NetStack
import Runtime
import Wire

/// The steps of a node's receive path put together one by one from its own parts, so that each step's cost is the
/// difference between two loops. One thread.
struct StageLoop: ~Copyable {
    private let device: PacketDevice
    private let interface: InterfaceConfiguration
    private let parser: FrameParser
    private let prediction: HeaderPrediction
    private let classifier: Classifier
    private var lane: Lane<Packet>
    private var scheduler: PriorityScheduler
    private let ring: SPSCRing<Packet>
    /// As far ahead as the node fetches the bytes of a frame.
    private static var prefetchDistance: Int { 4 }
    private static var burst: Int { ForwardingLoop.burst }

    init(_ device: PacketDevice) throws {
        let configuration = try OrderFrames.configuration()
        let settings = configuration.interfaces[0]
        let interface = try InterfaceConfiguration(
            macAddress: MACAddress(rawValue: device.macAddress), ipAddress: settings.address,
            prefixLength: settings.prefixLength, mtu: device.mtu)
        let classifier = try Classifier(
            order: UDPEndpoint(address: settings.address, port: configuration.orderEntry.port),
            feeds: configuration.feeds.map { UDPEndpoint(address: $0.group, port: $0.port) })
        self.device = device
        self.interface = interface
        self.classifier = classifier
        parser = FrameParser(interface)
        prediction = HeaderPrediction(interface)
        lane = Lane(capacity: 4_096)
        scheduler = PriorityScheduler()
        ring = SPSCRing(capacity: 4_096)
    }

    deinit {
        interface.deallocate()
        prediction.deallocate()
        classifier.deallocate()
        lane.deallocate()
        ring.deallocate()
    }

    /// Runs the variant for so many ticks.
    mutating func run(_ depth: StageDepth, ticks: UInt64) -> ForwardingCount {
        var tally = PollTally()
        let start = cplatform_tsc()
        var now = start
        while now &- start < ticks {
            // The depth is a constant in each branch, and what lies deeper is not in its code.
            switch depth {
            case .io: for _ in 0..<128 { round(.io, &tally) }
            case .recognise: for _ in 0..<128 { round(.recognise, &tally) }
            case .lanes: for _ in 0..<128 { round(.lanes, &tally) }
            case .ring: for _ in 0..<128 { round(.ring, &tally) }
            case .macswap, .node: for _ in 0..<128 { round(.macswap, &tally) }
            }
            now = cplatform_tsc()
        }
        return tally.count(ticks: now &- start)
    }

    @inline(__always) private mutating func round(_ depth: StageDepth, _ tally: inout PollTally) {
        let packets = tally.packets
        var count = device.receive(into: packets, count: Self.burst)
        if depth.rawValue >= StageDepth.recognise.rawValue { count = look(&tally, count) }
        if depth.rawValue >= StageDepth.lanes.rawValue { count = queue(depth, &tally, count) }
        if depth.rawValue >= StageDepth.macswap.rawValue { ForwardingLoop.swapAddresses(packets, count) }
        tally.send(count, to: device)
    }

    /// Finds the market data in a burst; the rest is dropped, and the others close up.
    @inline(__always) private func look(_ tally: inout PollTally, _ count: Int) -> Int {
        let packets = tally.packets
        var kept = 0
        for index in 0..<count {
            if index &+ Self.prefetchDistance < count { packets[index &+ Self.prefetchDistance].fetchFrame() }
            let packet = packets[index]
            if prediction.recognises(packet, length: Int(packet.length)) || isWanted(packet) {
                packets[kept] = packet
                kept &+= 1
            } else {
                tally.drop(packets + index, 1, device)
            }
        }
        return kept
    }

    /// The long way, which the first packet of a flow takes.
    private func isWanted(_ packet: Packet) -> Bool {
        guard case .udp(let headers) = parser.parse(packet),
            case .marketData(let feed) = classifier.classifyUDP(
                destination: headers.destinationAddress, port: headers.destinationPort)
        else { return false }
        packet.tag = UInt16(feed)
        packet.lane = LaneKind.marketData.rawValue
        prediction.learn(packet)
        return true
    }

    /// Through the lane as the scheduler says, and perhaps through the ring.
    @inline(__always) private mutating func queue(
        _ depth: StageDepth, _ tally: inout PollTally, _ count: Int
    ) -> Int {
        let packets = tally.packets
        var pushed = 0
        while pushed < count, lane.push(packets[pushed]) { pushed &+= 1 }
        tally.drop(packets + pushed, count &- pushed, device)
        scheduler.beginRound()
        var served = 0
        while let next = scheduler.next(orderReady: 0, controlReady: 0, marketDataReady: lane.count) {
            let room = min(next.count, Self.burst &- served)
            let taken = lane.pop(into: packets + served, maximumCount: room)
            served &+= taken
            if taken < next.count { break }
        }
        guard depth.rawValue >= StageDepth.ring.rawValue else { return served }
        let entered = ring.push(from: packets, count: served)
        tally.drop(packets + entered, served &- entered, device)
        return ring.pop(into: packets, maximumCount: Self.burst)
    }
}
