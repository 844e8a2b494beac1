import Edge
import Foundation
import NetStack
import Runtime
import TestSupport
import Testing
import Wire

/// Millions of valid, damaged and random frames through the path a packet takes from the device to its lane.
@Suite struct MutatedPacketsTests {
    /// Ten million, the number promised, in release; fewer where every step is checked and slow.
    static let packetCount: Int = {
        if let text = ProcessInfo.processInfo.environment["WISSEL_MUTATED_PACKETS"], let count = Int(text) {
            return count
        }
        #if DEBUG
            return 300_000
        #else
            return 10_000_000
        #endif
    }()

    /// Other packets with every seed; a long run is several seeds side by side.
    static let seed: UInt64 =
        ProcessInfo.processInfo.environment["WISSEL_MUTATED_SEED"].flatMap { UInt64($0) } ?? 0x5769_7373_656C

    /// Where the packets of a run ended; every one of them somewhere.
    struct Tally {
        var order = 0
        var marketData = 0
        var replied = 0
        var done = 0
        var payloadBytes: UInt64 = 0
        /// Market data that the prediction knew before the parser had looked at it.
        var recognised = 0
        /// Payloads that do not lie within their frame.
        var outside = 0
    }

    @Test func everyPacketEndsSomewhereAndNothingIsReadOutsideIt() throws {
        let buffers = GuardedBuffers(count: 64)
        let loopback = LoopbackDevice(memory: buffers.memory)
        let interface = FrameBuilder.interface()
        let parser = FrameParser(interface)
        let prediction = HeaderPrediction(interface)
        var settings = ControlResponder.Settings()
        settings.echoPerSecond = 1_000_000_000
        var responder = ControlResponder(
            interface, settings: settings,
            membership: try MulticastMembership([MulticastSubscription(group: FrameBuilder.group)]))
        let classifier = try Classifier(
            order: UDPEndpoint(address: FrameBuilder.ownAddress, port: FrameBuilder.orderPort),
            feeds: [UDPEndpoint(address: FrameBuilder.group, port: FrameBuilder.feedPort)])
        var mutator = PacketMutator(seed: Self.seed)
        let drops = CounterBlock<DropReason>()
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 32)
        var tally = Tally()
        var now: UInt64 = 1_700_000_000_000_000_000
        var injected = 0
        while injected < Self.packetCount {
            let wanted = min(32, Self.packetCount - injected)
            for _ in 0..<wanted where !loopback.inject(mutator.next()) { Issue.record("the loopback took no frame") }
            injected += wanted
            let received = loopback.device.receive(into: packets, count: 32)
            let end = Int(bitPattern: packets[0].bytes) + Int(packets[0].length)
            // The macros of the tests cost more than a packet, so they are asked only when something is wrong.
            if received != wanted || end % GuardedBuffers.pageSize != 0 {
                try #require(received == wanted)
                try #require(end % GuardedBuffers.pageSize == 0, "a frame does not end at its guard page")
            }
            for index in 0..<received {
                now += 100
                Self.handle(
                    packets[index], now: now, prediction, parser, &responder, classifier, loopback.device, drops,
                    &tally)
            }
            loopback.discardTransmitted()
        }
        let dropped = DropReason.allCases.reduce(0) { $0 + Int(drops.value($1)) }
        print("\(injected) packets of seed \(Self.seed): \(tally), dropped \(dropped)")
        #expect(tally.outside == 0, "a payload does not lie within its frame")
        #expect(injected == tally.order + tally.marketData + tally.replied + tally.done + dropped)
        #expect(loopback.freeBufferCount == loopback.bufferCount, "a buffer was not returned")
        let counts = [tally.order, tally.marketData, tally.recognised, tally.replied, tally.done]
        #expect(counts.allSatisfy { $0 > injected / 1000 }, "the mutator no longer makes packets that pass: \(counts)")
        for reason in DropReason.allCases.prefix(while: { $0 != .unknownSource }) where reason != .segmented {
            // The loopback never splits a frame.
            #expect(drops.value(reason) > 0, "no packet was dropped as \(reason)")
        }
        packets.deallocate()
        drops.deallocate()
        mutator.deallocate()
        classifier.deallocate()
        responder.deallocate()
        prediction.deallocate()
        interface.deallocate()
        loopback.deallocate()
        buffers.deallocate()
    }

    private static func handle(
        _ packet: Packet, now: UInt64, _ prediction: HeaderPrediction, _ parser: FrameParser,
        _ responder: inout ControlResponder, _ classifier: Classifier, _ device: PacketDevice,
        _ drops: CounterBlock<DropReason>, _ tally: inout Tally
    ) {
        var packet = packet
        packet.payloadLength = 0
        let isRecognised = prediction.recognises(packet, length: Int(packet.length))
        let recognised = (packet.payloadOffset, packet.payloadLength, packet.tag)
        let verdict = parser.parse(packet)
        if isRecognised {
            // Whatever is recognised, the slow way must have passed as the same.
            tally.recognised += 1
            let headers = if case .udp(let headers) = verdict { headers } else { nil as FrameHeaders? }
            #expect(
                headers?.destinationAddress == FrameBuilder.group && headers?.destinationPort == FrameBuilder.feedPort)
            #expect(recognised == (packet.payloadOffset, packet.payloadLength, 7))
        }
        switch verdict {
        case .drop(let reason): drops.add(reason)
        case .arp, .icmp, .igmp:
            switch responder.respond(to: packet, now: now) {
            case .reply:
                tally.replied += device.transmit(&packet, count: 1)
                return
            case .done: tally.done += 1
            case .drop(let reason): drops.add(reason)
            }
        case .udp(let headers):
            switch classifier.classifyUDP(destination: headers.destinationAddress, port: headers.destinationPort) {
            case .order: tally.order += 1
            case .marketData:
                tally.marketData += 1
                packet.tag = 7
                prediction.learn(packet)
            case .control: Issue.record("a datagram is no control packet")
            case .drop(let reason): drops.add(reason)
            }
            // Whoever gets the payload reads all of it; if any of it lay outside the frame, this would fault.
            let payload = UnsafeRawBufferPointer(
                start: packet.bytes + Int(packet.payloadOffset), count: Int(packet.payloadLength))
            tally.payloadBytes &+= payload.reduce(0) { $0 &+ UInt64($1) }
            if Int(packet.payloadOffset) + Int(packet.payloadLength) > Int(packet.length) { tally.outside += 1 }
        }
        device.free(&packet, count: 1)
    }
}
