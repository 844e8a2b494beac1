import MarketData
import NetStack
import Runtime
import Wire

/// Takes market-data packets from the network stages, decodes them, and gives their buffers back in bursts.
///
/// One handler per feed of the configuration; a packet's `tag` is its feed. Runs on one core.
struct MarketDataStage: ~Copyable, Stage {
    /// One network stage as market data sees it.
    struct Link {
        var packets: SPSCRing<Packet>
        var device: PacketDevice
    }

    private let links: UnsafeMutablePointer<Link>
    private let linkCount: Int
    let handlers: UnsafeMutablePointer<FeedHandler>
    let handlerCount: Int
    private let burst: UnsafeMutablePointer<Packet>
    let drops: CounterBlock<DropReason>

    init(links: [Link], feedCount: Int) {
        linkCount = links.count
        self.links = .allocate(capacity: links.count)
        self.links.initialize(from: links, count: links.count)
        handlerCount = feedCount
        handlers = .allocate(capacity: max(feedCount, 1))
        for index in 0..<feedCount { (handlers + index).initialize(to: FeedHandler(limits: Limits.feed)) }
        burst = .allocate(capacity: Limits.burst)
        drops = CounterBlock()
    }

    deinit {
        handlers.deinitialize(count: handlerCount)
        handlers.deallocate()
        links.deallocate()
        burst.deallocate()
        drops.deallocate()
    }

    /// Takes as much of each network stage as that passes on per poll, so that on a lone core nothing gathers in between.
    mutating func poll(now: UInt64) -> Int {
        var work = 0
        for index in 0..<linkCount {
            var rest = Limits.scheduling.marketDataBudget
            while rest > 0, case let taken = consume(links + index, maximumCount: min(rest, Limits.burst)), taken > 0 {
                work &+= taken
                rest &-= taken
            }
        }
        return work
    }

    /// Works through a burst of one network stage; returns how many packets it held.
    private mutating func consume(_ link: UnsafeMutablePointer<Link>, maximumCount: Int) -> Int {
        let taken = link.pointee.packets.pop(into: burst, maximumCount: maximumCount)
        guard taken > 0 else { return 0 }
        for position in 0..<taken {
            // A packet may have waited behind thousands: first its header is fetched, then the frame it tells of.
            let next = position &+ Limits.prefetchDistance
            if next < taken { burst[next].fetchFrame() }
            if next &+ Limits.prefetchDistance < taken { burst[next &+ Limits.prefetchDistance].fetchHeader() }
            let packet = burst[position]
            let feed = Int(packet.tag)
            guard feed < handlerCount else { continue }
            let payload = packet.bytes + Int(packet.payloadOffset)
            let outcome = handlers[feed].consume(
                payload, length: Int(packet.payloadLength),
                receivedNanoseconds: packet.receivedNanoseconds)
            if case .failed(let failure) = outcome { drops.add(DropReason(failure)) }
        }
        link.pointee.device.free(burst, count: taken)
        return taken
    }

    /// Gives back the packets that still wait. Only after the core has stopped.
    mutating func close() {
        while poll(now: 0) > 0 {}
    }

    func statistics(of feed: Int, name: String) -> NodeStatistics.Feed {
        let counters = handlers[feed].counters
        return NodeStatistics.Feed(
            name: name, packets: counters.value(.packets), messages: counters.value(.messages),
            gaps: counters.value(.gaps), missing: counters.value(.missing), duplicates: counters.value(.duplicates),
            malformed: [FeedCounter.truncated, .versionUnsupported, .protocolUnknown, .malformed].reduce(0) {
                $0 &+ counters.value($1)
            })
    }

    static func handle(at stage: UnsafeMutablePointer<MarketDataStage>) -> StageHandle {
        StageHandle(name: "marketData", context: stage) { context, now in
            context.assumingMemoryBound(to: MarketDataStage.self).pointee.poll(now: now)
        }
    }
}
