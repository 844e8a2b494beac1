import NetStack
import Runtime
import TestSupport
import Testing
import Wire

/// What the responder does over time and about errors: frames in, answers, own frames and counters out.
@Suite struct ControlResponderLinkTests {
    static let now = ControlResponderTests.now
    static let second: UInt64 = 1_000_000_000

    /// A responder with the parser in front of it.
    final class Station {
        var responder: ControlResponder
        let interface: InterfaceConfiguration
        private let parser: FrameParser

        init(
            vlan: UInt16 = 0, sendsPriorityTags: Bool = false,
            _ change: (inout ControlResponder.Settings) -> Void = { _ in }
        ) {
            var settings = ControlResponder.Settings()
            settings.ownPort = FrameBuilder.orderPort
            change(&settings)
            interface = try! InterfaceConfiguration(
                macAddress: FrameBuilder.ownMAC, ipAddress: FrameBuilder.ownAddress, vlan: vlan,
                sendsPriorityTags: sendsPriorityTags, multicastGroups: [FrameBuilder.group])
            responder = ControlResponder(
                interface, settings: settings,
                membership: try! MulticastMembership([MulticastSubscription(group: FrameBuilder.group)]))
            parser = FrameParser(interface)
        }

        deinit {
            responder.deallocate()
            interface.deallocate()
        }

        /// The answer's bytes, `done`, or the reason of the drop.
        func receive(_ frame: [UInt8], now: UInt64 = ControlResponderLinkTests.now) -> (ControlOutcome, [UInt8]) {
            // Room behind the frame, as a buffer has.
            (frame + [UInt8](repeating: 0, count: 64)).asPacket { packet -> (ControlOutcome, [UInt8]) in
                packet.length = UInt32(frame.count)
                let outcome: ControlOutcome
                switch parser.parse(packet) {
                case .arp, .icmp, .igmp: outcome = responder.respond(to: packet, now: now)
                case .drop(let reason): outcome = .drop(reason)
                case .udp(let headers):
                    outcome =
                        responder.turnIntoPortUnreachable(packet, headers, now: now) ? .reply : .drop(.noListener)
                }
                return (outcome, Array(UnsafeRawBufferPointer(start: packet.bytes, count: Int(packet.length))))
            }.0
        }

        /// The next frame of its own that is due.
        func take(now: UInt64) -> [UInt8]? {
            [UInt8](repeating: 0xEE, count: 256).asPacket { packet -> [UInt8]? in
                packet.length = 0
                guard responder.takeFrame(into: packet, now: now) else { return nil }
                return Array(UnsafeRawBufferPointer(start: packet.bytes, count: Int(packet.length)))
            }.0
        }

        func count(_ event: ControlEvent) -> UInt64 { responder.events.value(event) }
    }

    static func own(_ change: (inout FrameBuilder) -> Void = { _ in }) -> FrameBuilder {
        FrameBuilder().with {
            $0.destinationMAC = .broadcast
            $0.sourceMAC = FrameBuilder.ownMAC
            $0.source = .any
            $0.destination = FrameBuilder.ownAddress
            change(&$0)
        }
    }

    // MARK: The address

    @Test func atStartItProbesJoinsAndAnnounces() {
        let station = Station { $0.announces = true }
        #expect(station.responder.deadline == 0)
        #expect(station.take(now: Self.now) == Self.own().arp(), "the probe, in nobody's name")
        #expect(station.take(now: Self.now)?.dropFirst(23).first == 2, "the join")
        #expect(station.take(now: Self.now) == nil && station.responder.deadline > Self.now)
        var frames: [[UInt8]] = []
        for tenth in 1..<200 {
            while let frame = station.take(now: Self.now + UInt64(tenth) * 100_000_000) { frames.append(frame) }
        }
        let announcement = Self.own { $0.source = FrameBuilder.ownAddress }.arp()
        #expect(frames.filter { $0 == Self.own().arp() }.count == 2 && frames.filter { $0 == announcement }.count == 2)
        #expect(frames.count == 5, "and the repeated join")
        #expect(station.count(.addressProbesSent) == 3 && station.count(.addressAnnouncementsSent) == 2)
        #expect(station.count(.igmpReportsSent) == 2)
    }

    @Test func aQueueThatDoesNotSpeakForTheInterfaceIsSilentButAnswers() {
        let station = Station()
        for tenth in 0..<200 { #expect(station.take(now: Self.now + UInt64(tenth) * 100_000_000) == nil) }
        station.responder.leaveGroups()
        #expect(station.take(now: Self.now + 20 * Self.second) == nil)
        #expect(station.receive(ControlResponderTests.ask.arp()).0 == .reply)
        let later = Self.now + 30 * Self.second
        let query = FrameBuilder.query.igmp([0x11, 10, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0])
        #expect(station.receive(query, now: later).0 == .done && station.count(.igmpQueriesReceived) == 1)
        #expect(station.take(now: later + Self.second)?.dropFirst(38).first == 0x22)
    }

    @Test func whoeverHasTheAddressFirstIsYieldedTo() {
        let station = Station { $0.announces = true }
        while station.take(now: Self.now) != nil {}
        let claim = FrameBuilder().with { $0.source = FrameBuilder.ownAddress }.arp(operation: 2)
        #expect(station.receive(claim).0 == .drop(.arpAddressConflict))
        #expect(station.count(.addressConflicts) == 1 && station.count(.addressYielded) == 1)
        #expect(station.count(.addressConflictMAC) == FrameBuilder.peerMAC.rawValue)
        #expect(
            station.receive(ControlResponderTests.ask.arp()).0 == .drop(.arpAddressConflict), "no answer for it now")
        let free = Self.now + 61 * Self.second
        #expect(station.take(now: free) == Self.own().arp() && station.count(.addressYielded) == 0)
        #expect(station.receive(ControlResponderTests.ask.arp(), now: free).0 == .reply)
    }

    @Test func twoThatProbeAtOnceBothYield() {
        let station = Station { $0.announces = true }
        while station.take(now: Self.now) != nil {}
        let probe = ControlResponderTests.ask.with { $0.source = .any }
        #expect(
            station.receive(probe.with { $0.sourceMAC = FrameBuilder.ownMAC }.arp()).0 == .drop(.notForUs), "an echo")
        #expect(station.receive(probe.arp()).0 == .drop(.arpAddressConflict))
        #expect(station.responder.claim.state == .yielded)
    }

    @Test func aHeldAddressIsDefended() {
        let station = Station()
        while station.take(now: Self.now) != nil {}
        let claim = ControlResponderTests.ask.with { $0.source = FrameBuilder.ownAddress }.arp()
        for _ in 0..<5 { #expect(station.receive(claim).0 == .drop(.arpAddressConflict)) }
        #expect(station.responder.deadline <= Self.now)
        #expect(station.take(now: Self.now) == Self.own { $0.source = FrameBuilder.ownAddress }.arp())
        #expect(station.take(now: Self.now) == nil && station.count(.addressConflicts) == 5)
        #expect(station.receive(ControlResponderTests.ask.arp()).0 == .reply, "and kept")
    }

    @Test func aContestedNeighbourIsAskedBeforeAnybodyIsBelieved() {
        let station = Station()
        while station.take(now: Self.now) != nil {}
        let intruder = MACAddress(rawValue: 0x0200_0000_0066)
        _ = station.receive(ControlResponderTests.ask.arp())
        _ = station.receive(ControlResponderTests.ask.with { $0.sourceMAC = intruder }.arp())
        #expect(station.count(.neighbourContested) == 1)
        let question = Self.own {
            $0.destinationMAC = FrameBuilder.peerMAC
            $0.source = FrameBuilder.ownAddress
            $0.destination = FrameBuilder.peerAddress
        }
        let later = Self.now + Self.second
        #expect(station.take(now: later) == question.arp(targetMAC: FrameBuilder.peerMAC))
        let reply = FrameBuilder()
        #expect(
            station.receive(reply.with { $0.sourceMAC = intruder }.arp(operation: 2), now: later).0
                == .drop(.arpUnsolicited))
        #expect(station.receive(reply.arp(operation: 2), now: later).0 == .done)
        #expect(station.responder.neighbours.lookUp(FrameBuilder.peerAddress, now: later) == FrameBuilder.peerMAC)
    }

    // MARK: ICMP

    @Test func echoesAboveTheRateAreDropped() {
        let station = Station { $0.echoPerSecond = 50 }
        let ping = FrameBuilder().echo([1])
        let outcomes = (0..<20).map { _ in station.receive(ping).0 }
        #expect(
            outcomes == [ControlOutcome](repeating: .reply, count: 5)
                + [ControlOutcome](repeating: .drop(.icmpRateLimited), count: 15))
        #expect(station.receive(ping, now: Self.now + 20_000_000).0 == .reply)
    }

    static let stranger = FrameBuilder().with { $0.destinationPort = 9 }

    /// "Port unreachable" about a frame, as RFC 792 draws it.
    static func unreachable(_ frame: [UInt8], headerLength: Int = 20) -> [UInt8] {
        var message: [UInt8] = [3, 3, 0, 0, 0, 0, 0, 0] + frame[14..<14 + headerLength + 8]
        message.replaceSubrange(2..<4, with: FrameBuilder.bytes(FrameBuilder.naiveChecksum(message)))
        let builder = FrameBuilder().with {
            $0.destinationMAC = FrameBuilder.peerMAC
            $0.sourceMAC = FrameBuilder.ownMAC
            $0.source = FrameBuilder.ownAddress
            $0.destination = FrameBuilder.peerAddress
            $0.flagsAndOffset = 0x4000
            $0.transport = 1
            $0.trafficClass = 40 << 2
        }
        // The builder numbers its packets 7; ours carry 0.
        var expected = builder.ipv4(message).replacing(18, 0, 0, 0x40, 0, 64, 1, 0, 0)
        expected.replaceSubrange(
            24..<26, with: FrameBuilder.bytes(FrameBuilder.naiveChecksum(Array(expected[14..<34]))))
        return expected
    }

    @Test(arguments: [
        stranger.udp([]), stranger.udp([UInt8](repeating: 9, count: 1_400)), stranger.udp([1], checksummed: false),
    ])
    func aDatagramNobodyListensToIsAnswered(frame: [UInt8]) {
        let station = Station()
        let (outcome, answer) = station.receive(frame)
        #expect(outcome == .reply && answer == Self.unreachable(frame) && station.count(.icmpErrorsSent) == 1)
    }

    @Test func optionsAreQuoted() {
        let frame = Self.stranger.with { $0.options = [UInt8](repeating: 1, count: 40) }.udp([7])
        #expect(Station().receive(frame).1 == Self.unreachable(frame, headerLength: 60))
    }

    @Test(arguments: [
        ("to a group", FrameBuilder.feed.with { $0.destinationPort = 9 }.udp([1]), DropReason.noListener),
        ("to all systems", FrameBuilder.query.udp([1]), .noListener),
        ("in a broadcast frame", stranger.with { $0.destinationMAC = .broadcast }.udp([1]), .notForUs),
        ("a fragment", stranger.with { $0.flagsAndOffset = 0x2000 }.udp([1]), .fragmented),
        (
            "from the network's broadcast", stranger.with { $0.source = IPv4Address(10, 0, 0, 255) }.udp([1]),
            .noListener
        ),
        ("from the network itself", stranger.with { $0.source = IPv4Address(10, 0, 0, 0) }.udp([1]), .noListener),
        ("an ICMP error", FrameBuilder().echo([UInt8](repeating: 0, count: 40), type: 3, code: 3), .icmpUnsupported),
    ]) func noErrorIsSentAbout(_ name: String, _ frame: [UInt8], _ reason: DropReason) {
        let station = Station()
        #expect(station.receive(frame).0 == .drop(reason), "\(name)")
        #expect(station.count(.icmpErrorsSent) == 0 && station.count(.icmpErrorsWithheld) == 0)
    }

    @Test func errorsAboveTheRateAreWithheldAndCounted() {
        let station = Station { $0.errorsPerSecond = 20 }
        let outcomes = (0..<100).map { _ in station.receive(Self.stranger.udp([1])).0 }
        #expect(outcomes.count { $0 == .reply } == 2 && outcomes.count { $0 == .drop(.noListener) } == 98)
        #expect(station.count(.icmpErrorsSent) == 2 && station.count(.icmpErrorsWithheld) == 98)
        let silent = Station { $0.errorsPerSecond = 0 }
        #expect(silent.receive(Self.stranger.udp([1])).0 == .drop(.noListener))
    }

    /// An error about a datagram of ours, of type 3 and `code`, with an MTU where it stands.
    static func error(_ code: UInt8, mtu: UInt16 = 0, port: UInt16 = FrameBuilder.orderPort, type: UInt8 = 3) -> [UInt8]
    {
        let ours = FrameBuilder().with {
            $0.source = FrameBuilder.ownAddress
            $0.destination = FrameBuilder.peerAddress
            $0.sourcePort = port
        }.udp([1, 2, 3])
        var message = [type, code, 0, 0, 0, 0] + FrameBuilder.bytes(mtu) + ours[14..<42]
        message.replaceSubrange(2..<4, with: FrameBuilder.bytes(FrameBuilder.naiveChecksum(message)))
        return FrameBuilder().with { $0.transport = 1 }.ipv4(message)
    }

    @Test(arguments: [
        ("port unreachable", error(3), ControlEvent.portUnreachableReceived, 1_500),
        ("MTU 1,280", error(4, mtu: 1_280), .fragmentationNeededReceived, 1_280),
        ("MTU 576", error(4, mtu: 576), .fragmentationNeededReceived, 576),
        ("MTU 575", error(4, mtu: 575), .fragmentationNeededIgnored, 1_500),
        ("MTU 68", error(4, mtu: 68), .fragmentationNeededIgnored, 1_500),
        ("no MTU", error(4), .fragmentationNeededIgnored, 1_500),
        ("MTU above ours", error(4, mtu: 9_000), .fragmentationNeededIgnored, 1_500),
        ("host unreachable", error(1), .icmpErrorsReceived, 1_500),
        ("time exceeded", error(0, type: 11), .icmpErrorsReceived, 1_500),
    ]) func errorsAboutOurReportsAreCounted(_ name: String, _ frame: [UInt8], _ event: ControlEvent, _ mtu: Int) {
        let station = Station()
        #expect(station.receive(frame).0 == .done && station.count(event) == 1, "\(name)")
        #expect(station.responder.pathMTU(now: Self.now) == mtu)
        #expect(station.responder.pathMTU(now: Self.now + 601 * Self.second) == 1_500, "forgotten after ten minutes")
    }

    @Test(arguments: [
        ("another port", error(4, mtu: 600, port: 4)),
        ("quotation cut off", FrameBuilder().echo([UInt8](repeating: 0x45, count: 27), type: 3)),
        ("quotes no IPv4", FrameBuilder().echo([UInt8](repeating: 0, count: 40), type: 3, code: 4)),
    ]) func errorsAboutOthersAreDropped(_ name: String, _ frame: [UInt8]) {
        let station = Station()
        #expect(station.receive(frame).0 == .drop(.icmpUnsupported), "\(name)")
        #expect(station.responder.pathMTU(now: Self.now) == 1_500)
    }

    // MARK: Tags

    @Test func ownFramesGoIntoTheVLANWithTheirPriority() {
        let station = Station(vlan: 42) { $0.announces = true }
        #expect(station.take(now: Self.now) == Self.own { $0.tag = 0x802A }.arp())
        let report = station.take(now: Self.now)
        #expect(report?[12..<16] == [0x81, 0, 0x80, 0x2A] && report?[27] == 2)
    }

    @Test func withPriorityTagsAnUntaggedQuestionHasATaggedAnswer() {
        let station = Station(sendsPriorityTags: true)
        let (outcome, answer) = station.receive(FrameBuilder().echo([1, 2, 3]))
        #expect(outcome == .reply && answer.count == 14 + 4 + 20 + 8 + 3 && answer[12..<16] == [0x81, 0, 0x80, 0])
        let untagged = Station().receive(FrameBuilder().echo([1, 2, 3])).1
        #expect(Array(answer[..<12]) + answer[16...] == untagged)
        let tagged = station.receive(FrameBuilder().with { $0.tag = 0xE000 }.echo([1])).1
        #expect(tagged[12..<16] == [0x81, 0, 0x80, 0])
    }
}
