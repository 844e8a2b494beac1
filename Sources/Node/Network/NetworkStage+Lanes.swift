import Edge
import NetStack
import OrderEntry
import Runtime
import Wire

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
        switch next.lane {
        case .marketData: return passMarketData(next.count)
        case .control:
            for _ in 0..<next.count { if let packet = controlLane.pop() { serveControl(packet, now: now) } }
            return next.count
        case .order:
            for served in 0..<next.count {
                guard let packet = orderLane.peek(), hasRoom(for: packet) else { return served }
                _ = orderLane.pop()
                switch packet.lane {
                case LaneKind.order.rawValue: serveOrder(packet)
                case LaneKind.control.rawValue: serveControl(packet, now: now)
                default: serveMarketData(packet)
                }
            }
            return next.count
        }
    }

    /// Whether what comes after the lane can take the packet: an order datagram needs room for all the messages it can
    /// hold. By arrival, a packet that has to wait holds up all behind it, whatever they are.
    private func hasRoom(for packet: Packet) -> Bool {
        switch packet.lane {
        case LaneKind.order.rawValue: engine.orders.freeCount(wanted: messagesPerDatagram) >= messagesPerDatagram
        case LaneKind.control.rawValue: true
        default: marketData.freeCount(wanted: 1) > 0
        }
    }

    /// Moves a burst of market data from its lane into the ring; fewer when the ring has less room.
    private mutating func passMarketData(_ count: Int) -> Int {
        let taken = marketDataLane.pop(into: burst, maximumCount: min(count, marketData.freeCount(wanted: count)))
        let passed = marketData.push(from: burst, count: taken)
        counters.add(.marketDataDatagrams, UInt64(truncatingIfNeeded: passed))
        return passed
    }

    /// Copies the datagram's messages into the ring to the engine, each checked for its frame.
    private mutating func serveOrder(_ packet: Packet) {
        counters.add(.orderDatagrams)
        let peer = Peer(senderOf: packet)
        let payload = UnsafeRawPointer(packet.bytes) + Int(packet.payloadOffset)
        var framer = MessageFramer(payload, length: Int(packet.payloadLength))
        var messages: UInt64 = 0
        walk: while true {
            switch framer.next() {
            case .message(let bytes, let length):
                guard let slot = engine.orders.claim() else {
                    drops.add(.orderRingFull)
                    break walk
                }
                slot.pointee.receivedNanoseconds = packet.receivedNanoseconds
                slot.pointee.peer = peer
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
        disposal.add(packet)
    }

    private mutating func serveControl(_ packet: Packet, now: UInt64) {
        counters.add(.controlFrames)
        switch responder.respond(to: packet, now: now) {
        case .reply:
            if transmitter.enqueue(packet) {
                counters.add(.controlReplies)
            } else {
                drop(packet, .transmitFull)
            }
        case .done:
            transmitter.limit(mtu: responder.pathMTU(now: now))
            counters.add(.controlNoted)
            disposal.add(packet)
        case .drop(let reason): drop(packet, reason)
        }
    }

    private mutating func serveMarketData(_ packet: Packet) {
        if marketData.push(packet) { counters.add(.marketDataDatagrams) } else { drop(packet, .marketDataRingFull) }
    }
}

extension Peer {
    /// Who sent a datagram that the parser has passed.
    init(senderOf packet: Packet) {
        let frame = UnsafeRawPointer(packet.bytes)
        let ethernet = EthernetHeader(checked: frame)
        let ip = IPv4Header(checked: frame + ethernet.length)
        let udp = UDPHeader(checked: frame + Int(packet.payloadOffset) - UDPHeader.length)
        self.init(
            mac: ethernet.source.rawValue, ipv4: ip.source.rawValue, port: udp.sourcePort, vlan: ethernet.vlan)
    }
}
