import NetStack
import TestSupport
import Testing
import Wire

@Suite struct ControlResponderTests {
    static let now: UInt64 = 1_700_000_000_000_000_000

    /// Parses and answers one frame; the outcome and the frame afterwards.
    static func respond(
        _ frame: [UInt8], check: (ControlResponder) -> Void = { _ in }
    ) -> (outcome: ControlOutcome, frame: [UInt8]) {
        let interface = FrameBuilder.interface()
        var responder = ControlResponder(interface)
        defer {
            responder.deallocate()
            interface.deallocate()
        }
        let parser = FrameParser(interface)
        let (outcome, after) = frame.asPacket { packet -> ControlOutcome in
            switch parser.parse(packet) {
            case .arp, .icmp, .igmp: return responder.respond(to: packet, now: now)
            case .drop(let reason): return .drop(reason)
            case .udp: return .done
            }
        }
        check(responder)
        return (outcome, after)
    }

    static let ask = FrameBuilder().with { $0.destinationMAC = .broadcast }

    @Test func requestIsAnsweredAndTheAskerLearned() {
        let (outcome, frame) = Self.respond(Self.ask.arp()) { responder in
            #expect(responder.neighbours.lookUp(FrameBuilder.peerAddress, now: Self.now) == FrameBuilder.peerMAC)
            #expect(responder.events.value(.arpRequestAnswered) == 1)
        }
        #expect(outcome == .reply)
        let expected = FrameBuilder().with {
            $0.destinationMAC = FrameBuilder.peerMAC
            $0.sourceMAC = FrameBuilder.ownMAC
            $0.source = FrameBuilder.ownAddress
            $0.destination = FrameBuilder.peerAddress
        }
        #expect(frame == expected.arp(operation: 2, targetMAC: FrameBuilder.peerMAC))
    }

    @Test func probeIsAnsweredAndTeachesNothing() {
        let (outcome, _) = Self.respond(Self.ask.with { $0.source = .any }.arp()) { responder in
            #expect(responder.neighbours.count(now: Self.now) == 0)
        }
        #expect(outcome == .reply)
    }

    @Test func aReplyNobodyAskedForIsDropped() {
        let (outcome, frame) = Self.respond(FrameBuilder().arp(operation: 2)) { responder in
            #expect(responder.neighbours.count(now: Self.now) == 0)
        }
        #expect(outcome == .drop(.arpUnsolicited) && frame == FrameBuilder().arp(operation: 2))
    }

    @Test(arguments: [
        ("about another", ask.with { $0.destination = IPv4Address(10, 0, 0, 2) }, DropReason.notForUs),
        ("gratuitous", ask.with { $0.destination = FrameBuilder.peerAddress }, .notForUs),
        ("in our name", ask.with { $0.source = FrameBuilder.ownAddress }, .arpAddressConflict),
        ("from another network", ask.with { $0.source = IPv4Address(192, 0, 2, 9) }, .arpInvalid),
        ("from a group", ask.with { $0.source = FrameBuilder.group }, .arpInvalid),
    ]) func otherRequestsAreDroppedAndTeachNothing(_ name: String, _ frame: FrameBuilder, _ reason: DropReason) {
        let (outcome, _) = Self.respond(frame.arp()) { responder in
            #expect(responder.neighbours.count(now: Self.now) == 0, "\(name)")
        }
        #expect(outcome == .drop(reason), "\(name)")
    }

    @Test(arguments: [0, 1, 2, 56, 1472]) func echoIsAnsweredByteForByte(dataLength: Int) {
        let data = (0..<dataLength).map { UInt8($0 & 0xFF) }
        let (outcome, frame) = Self.respond(FrameBuilder().with { $0.timeToLive = 3 }.echo(data)) { responder in
            #expect(responder.events.value(.echoAnswered) == 1)
        }
        #expect(outcome == .reply)
        let expected = FrameBuilder().with {
            $0.destinationMAC = FrameBuilder.peerMAC
            $0.sourceMAC = FrameBuilder.ownMAC
            $0.source = FrameBuilder.ownAddress
            $0.destination = FrameBuilder.peerAddress
            // CS5, the class of control frames.
            $0.trafficClass = 40 << 2
        }
        #expect(frame == expected.echo(data, type: 0))
    }

    @Test func taggedEchoKeepsItsVLANAndTakesOurPriority() {
        let (outcome, frame) = Self.respond(FrameBuilder().with { $0.tag = 0x602A }.echo([1]))
        #expect(outcome == .reply && Array(frame[12..<16]) == [0x81, 0x00, 0x80, 0x2A])
    }

    @Test(arguments: [
        FrameBuilder().echo([1], type: 0), FrameBuilder().echo([1], code: 1), FrameBuilder().echo([1], type: 13),
        FrameBuilder().with { $0.options = [1, 1, 1, 0] }.echo([1]),
    ]) func otherMessagesAreUnsupported(frame: [UInt8]) {
        #expect(Self.respond(frame).outcome == .drop(.icmpUnsupported))
    }

    @Test func whatIsNoControlPacketIsRefused() {
        let interface = FrameBuilder.interface()
        var responder = ControlResponder(interface)
        defer {
            responder.deallocate()
            interface.deallocate()
        }
        let (outcome, _) = FrameBuilder().udp([1]).asPacket { responder.respond(to: $0, now: Self.now) }
        #expect(outcome == .drop(.protocolUnsupported))
    }
}
