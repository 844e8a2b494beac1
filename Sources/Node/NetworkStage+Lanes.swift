import Edge
import NetStack
import OrderEntry
import Runtime
import Wire

/// A checked packet that waits in a lane, with what the parser found out about its sender.
struct LaneItem: BitwiseCopyable {
    var packet: Packet
    var peer: Peer
    var kind: LaneKind
}

extension NetworkStage {
    /// Serves the lanes as the scheduler says, for one round.
    mutating func serve(now: UInt64) -> Int {
        scheduler.beginRound()
        var served = 0
        while let next = scheduler.next(
            orderReady: orderLane.count, controlReady: controlLane.count, marketDataReady: marketDataLane.count)
        {
            let count = serve(next, now: now)
            served &+= count
            if count < next.count { break }
        }
        return served
    }

    /// Serves a burst of one lane; fewer than asked when what comes after it has no room, and the rest waits.
    private mutating func serve(_ next: PriorityScheduler.Burst, now: UInt64) -> Int {
        for served in 0..<next.count {
            let item: LaneItem?
            switch next.lane {
            case .order: item = hasRoom(for: orderLane.peek()) ? orderLane.pop() : nil
            case .control: item = controlLane.pop()
            case .marketData: item = hasRoom(for: marketDataLane.peek()) ? marketDataLane.pop() : nil
            }
            guard let item else { return served }
            switch item.kind {
            case .order: serveOrder(item)
            case .control: serveControl(item, now: now)
            case .marketData: serveMarketData(item)
            }
        }
        return next.count
    }

    /// Whether what comes after the lane can take the packet: an order datagram needs room for all the messages it can
    /// hold. By arrival, a packet that has to wait holds up all behind it, whatever they are.
    private func hasRoom(for item: LaneItem?) -> Bool {
        switch item?.kind {
        case .order: engine.orders.freeCount(wanted: messagesPerDatagram) >= messagesPerDatagram
        case .marketData: marketData.freeCount(wanted: 1) > 0
        case .control, nil: true
        }
    }

    /// Copies the datagram's messages into the ring to the engine, each checked for its frame.
    private mutating func serveOrder(_ item: LaneItem) {
        counters.add(.orderDatagrams)
        let payload = UnsafeRawPointer(item.packet.bytes) + Int(item.packet.payloadOffset)
        var framer = MessageFramer(payload, length: Int(item.packet.payloadLength))
        var messages: UInt64 = 0
        walk: while true {
            switch framer.next() {
            case .message(let bytes, let length):
                guard let slot = engine.orders.claim() else {
                    drops.add(.orderRingFull)
                    break walk
                }
                slot.pointee.receivedNanoseconds = item.packet.receivedNanoseconds
                slot.pointee.peer = item.peer
                InboundMessage.bytes(of: slot).copyMemory(from: bytes, byteCount: length)
                engine.orders.publish()
                messages &+= 1
            case .failure(let error):
                drops.add(DropReason(error))
                break walk
            case .end:
                break walk
            }
        }
        counters.add(.messagesReceived, messages)
        disposal.add(item.packet)
    }

    private mutating func serveControl(_ item: LaneItem, now: UInt64) {
        counters.add(.controlFrames)
        switch responder.respond(to: item.packet, now: now) {
        case .reply:
            if transmitter.enqueue(item.packet) {
                counters.add(.controlReplies)
            } else {
                drop(item.packet, .transmitFull)
            }
        case .done: disposal.add(item.packet)
        case .drop(let reason): drop(item.packet, reason)
        }
    }

    private mutating func serveMarketData(_ item: LaneItem) {
        counters.add(.marketDataDatagrams)
        if !marketData.push(item.packet) { drop(item.packet, .marketDataRingFull) }
    }
}
