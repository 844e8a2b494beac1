import NetStack
import TestSupport
import Testing
import Wire

/// A host's membership on a wire of its own: messages in, and what leaves, as lines of text.
private final class Host {
    static let second: UInt64 = 1_000_000_000
    static let open = IPv4Address(233, 200, 79, 1)
    static let specific = IPv4Address(232, 1, 1, 1)
    static let sources = [IPv4Address(10, 0, 0, 9), IPv4Address(10, 0, 0, 10)]

    private var membership: MulticastMembership
    private let interface: InterfaceConfiguration
    private let parser: FrameParser
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 16)
    private(set) var now: UInt64 = 1_700_000_000 * second

    init(
        _ subscriptions: [MulticastSubscription] = [
            MulticastSubscription(group: open), MulticastSubscription(group: specific, sources: sources),
        ], robustness: Int = 2, seed: UInt64 = 7, vlan: UInt16 = 0
    ) throws {
        membership = try MulticastMembership(subscriptions, robustness: robustness, seed: seed)
        interface = try InterfaceConfiguration(
            macAddress: FrameBuilder.ownMAC, ipAddress: FrameBuilder.ownAddress, vlan: vlan,
            multicastGroups: subscriptions.map(\.group))
        parser = FrameParser(interface)
    }

    deinit {
        membership.deallocate()
        interface.deallocate()
        buffer.deallocate()
    }

    func join() { membership.join(now: now) }

    func leave() -> [String] {
        membership.leave()
        return frames()
    }

    /// Hands a message in; whether it was acted on.
    @discardableResult func receive(_ frame: [UInt8]) -> Bool {
        frame.asPacket { packet in
            guard parser.parse(packet) == .igmp else { return false }
            let ip = IPv4Header(checked: packet.bytes + 14)
            let message = IGMPMessage(
                checked: packet.bytes + Int(packet.payloadOffset), length: Int(packet.payloadLength))
            return membership.receive(message, in: ip, now: now)
        }.0
    }

    /// Lets time go on, and takes what leaves, each with the tenth of a second it left in (rounded up).
    func run(seconds: Double) -> [String] {
        let end = now + UInt64(seconds * 1e9)
        let start = now
        var lines: [String] = []
        while membership.deadline <= end {
            now = max(now, membership.deadline)
            membership.expire(now: now)
            lines += frames().map { "\((now - start + 99_999_999) / 100_000_000) \($0)" }
        }
        now = end
        return lines
    }

    private func frames() -> [String] {
        var lines: [String] = []
        while true {
            let length = membership.writeFrame(to: buffer.baseAddress!, capacity: buffer.count, interface: interface)
            guard length > 0 else { return lines }
            lines.append(describe(Array(buffer[..<length])))
        }
    }

    /// Reads a frame by the RFC's tables, with nothing of the stack.
    private func describe(_ frame: [UInt8]) -> String {
        #expect(Array(frame[12..<14]) == [8, 0] && frame[14] == 0x46, "IPv4 with one option")
        #expect(
            frame[22] == 1 && frame[23] == 2 && Array(frame[34..<38]) == [0x94, 4, 0, 0], "TTL, IGMP, Router Alert")
        #expect(FrameBuilder.naiveChecksum(Array(frame[14..<38])) == 0 && frame[15] == 40 << 2)
        let message = Array(frame[38...])
        #expect(FrameBuilder.naiveChecksum(message) == 0)
        #expect(Int(frame[16]) << 8 | Int(frame[17]) == frame.count - 14)
        #expect(Array(frame[..<4]) == [1, 0, 0x5E, frame[31] & 0x7F] && frame[4...5] == frame[32...33])
        let to = frame[30..<34].map(String.init).joined(separator: ".")
        func address(_ offset: Int) -> String {
            message[offset..<offset + 4].map(String.init).joined(separator: ".")
        }
        guard message[0] == 0x22 else { return "\(message[0] == 0x17 ? "leave" : "report2") \(address(4)) to \(to)" }
        #expect(to == "224.0.0.22")
        var offset = 8
        let names = ["", "isIn", "isEx", "toIn", "toEx", "allow", "block"]
        let records = (0..<Int(message[6]) << 8 | Int(message[7])).map { _ in
            let count = Int(message[offset + 2]) << 8 | Int(message[offset + 3])
            let sources = (0..<count).map { address(offset + 8 + 4 * $0) }
            defer { offset += 8 + 4 * count }
            return "\(names[Int(message[offset])]) \(address(offset + 4))" + (count > 0 ? " \(sources)" : "")
        }
        #expect(offset == message.count)
        return records.joined(separator: ", ")
    }

    static func query(group: IPv4Address = .any, tenths: UInt8 = 100, sources: [IPv4Address] = [], qrv: UInt8 = 2)
        -> [UInt8]
    {
        let builder = FrameBuilder.query.with {
            guard group != .any else { return }
            $0.destination = group
            $0.destinationMAC = MACAddress(multicastGroup: group)
        }
        return builder.igmp(
            [0x11, tenths, 0, 0] + FrameBuilder.bytes(group) + [qrv, 125, 0, UInt8(sources.count)]
                + sources.flatMap(FrameBuilder.bytes))
    }

    static func oldQuery(group: IPv4Address = .any, tenths: UInt8 = 100) -> [UInt8] {
        FrameBuilder.query.igmp([0x11, tenths, 0, 0] + FrameBuilder.bytes(group))
    }
}

@Suite struct MulticastMembershipTests {
    static let joined = #"allow 232.1.1.1 ["10.0.0.9", "10.0.0.10"], toEx 233.200.79.1"#
    static let current = #"isIn 232.1.1.1 ["10.0.0.9", "10.0.0.10"], isEx 233.200.79.1"#
    static let left = #"block 232.1.1.1 ["10.0.0.9", "10.0.0.10"], toIn 233.200.79.1"#

    /// Lines without the time in front.
    static func texts(_ lines: [String]) -> [String] {
        lines.map { String($0.drop { $0 != " " }.dropFirst()) }
    }

    @Test(arguments: [1, 2, 5]) func aJoinIsToldAsOftenAsTheRobustnessSays(robustness: Int) throws {
        let host = try Host(robustness: robustness)
        host.join()
        let lines = host.run(seconds: 20)
        #expect(Self.texts(lines) == [String](repeating: Self.joined, count: robustness))
        #expect(lines.first?.hasPrefix("0 ") == true, "the first at once")
    }

    @Test func aLeaveIsToldAtOnceAndQueriesAreNotAnsweredAfterIt() throws {
        let host = try Host()
        host.join()
        _ = host.run(seconds: 5)
        #expect(host.leave() == [Self.left] && host.leave() == [Self.left])
        #expect(!host.receive(Host.query()) && host.run(seconds: 20) == [])
    }

    @Test func aGeneralQueryIsAnsweredOnceWithinItsTime() throws {
        let host = try Host()
        #expect(host.receive(Host.query(tenths: 50)) && host.receive(Host.query(tenths: 50)))
        let lines = host.run(seconds: 20)
        #expect(Self.texts(lines) == [Self.current])
        let tenth = try #require(Int(lines[0].prefix { $0 != " " }))
        #expect((1...50).contains(tenth))
    }

    @Test func questionsAboutAGroup() throws {
        let host = try Host()
        let other = IPv4Address(10, 0, 0, 77)
        func answer(_ queries: [UInt8]...) -> [String] {
            for query in queries { host.receive(query) }
            return Self.texts(host.run(seconds: 20))
        }
        #expect(answer(Host.query(group: Host.open)) == ["isEx 233.200.79.1"])
        #expect(answer(Host.query(group: Host.specific)) == [#"isIn 232.1.1.1 ["10.0.0.9", "10.0.0.10"]"#])
        #expect(
            answer(Host.query(group: Host.specific, sources: [Host.sources[1], other])) == [
                #"isIn 232.1.1.1 ["10.0.0.10"]"#
            ])
        #expect(answer(Host.query(group: Host.specific, sources: [other])) == [], "none of ours")
        #expect(answer(Host.query(group: Host.open, sources: [other])) == [#"isIn 233.200.79.1 ["10.0.0.77"]"#])
        #expect(
            answer(
                Host.query(group: Host.specific, sources: [Host.sources[1]]),
                Host.query(group: Host.specific, sources: [Host.sources[0], Host.sources[1]]))
                == [#"isIn 232.1.1.1 ["10.0.0.10", "10.0.0.9"]"#], "two questions, one answer")
        #expect(
            answer(Host.query(group: Host.open, sources: [other]), Host.query(group: Host.open)) == [
                "isEx 233.200.79.1"
            ],
            "a question about the group takes in one about its sources")
        let many = (0..<65).map { IPv4Address(rawValue: 0x0B00_0000 + $0) }
        #expect(answer(Host.query(group: Host.open, sources: many)) == ["isEx 233.200.79.1"], "too many to keep")
    }

    @Test func whatAHostDoesNotActOn() throws {
        let host = try Host()
        let general: [UInt8] = [0x11, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0]
        let noAlert = FrameBuilder.query.with { $0.transport = 2 }.ipv4(
            Array(FrameBuilder.query.igmp(general).dropFirst(38)))
        #expect(!host.receive(noAlert), "no Router Alert")
        let toAGroup = FrameBuilder.query.with {
            $0.destination = Host.open
            $0.destinationMAC = MACAddress(multicastGroup: Host.open)
        }
        #expect(!host.receive(toAGroup.igmp(general)), "a general query to a group")
        #expect(!host.receive(Host.oldQuery(tenths: 0)), "version 1")
        #expect(!host.receive(Host.query(group: IPv4Address(233, 9, 9, 9))), "a group that is not ours")
        #expect(!host.receive(FrameBuilder.query.igmp([0x16, 0, 0, 0] + FrameBuilder.bytes(Host.open))), "a report")
        #expect(!host.receive(FrameBuilder.query.igmp([0x13, 0, 0, 0, 0, 0, 0, 0])), "DVMRP")
        #expect(host.run(seconds: 60) == [])
        let none = try Host([])
        #expect(!none.receive(Host.query()))
    }

    @Test func aVersionTwoQuerierIsSpokenToInItsVersionUntilItFallsSilent() throws {
        let host = try Host()
        host.join()
        _ = host.run(seconds: 5)
        #expect(host.receive(Host.oldQuery()))
        let answers = ["report2 232.1.1.1 to 232.1.1.1", "report2 233.200.79.1 to 233.200.79.1"]
        #expect(Self.texts(host.run(seconds: 20)).sorted() == answers)
        // A version 3 query is answered the same way meanwhile (RFC 3376 §7.2.1).
        host.receive(Host.query())
        #expect(Self.texts(host.run(seconds: 20)).sorted() == answers)
        // Two query intervals of 125 s and 10 s after the old query.
        _ = host.run(seconds: 221)
        host.receive(Host.query())
        #expect(Self.texts(host.run(seconds: 20)) == [Self.current])
    }

    @Test func inVersionTwoAnotherHostsReportSparesOurs() throws {
        let host = try Host()
        host.receive(Host.oldQuery())
        let report = FrameBuilder.feed.igmp([0x16, 0, 0, 0] + FrameBuilder.bytes(Host.open))
        #expect(host.receive(report))
        #expect(Self.texts(host.run(seconds: 20)) == ["report2 232.1.1.1 to 232.1.1.1"])
        #expect(host.leave() == ["leave 232.1.1.1 to 224.0.0.2", "leave 233.200.79.1 to 224.0.0.2"])
    }

    @Test func theQueriersRobustnessGoesBeforeOurs() throws {
        let host = try Host()
        host.receive(Host.query(qrv: 4))
        _ = host.run(seconds: 20)
        host.join()
        #expect(host.run(seconds: 20).count == 4)
    }

    @Test func theSameSeedGivesTheSameMoments() throws {
        func moments(seed: UInt64) throws -> [String] {
            let host = try Host(seed: seed)
            host.join()
            host.receive(Host.query())
            return host.run(seconds: 20)
        }
        #expect(try moments(seed: 1) == moments(seed: 1))
        #expect(try (1...8).map(moments).reduce(into: Set()) { $0.insert($1) }.count > 4)
    }

    @Test func aGroupTwiceIsOneAndAnybodyTakesInSome() throws {
        let host = try Host([
            MulticastSubscription(group: Host.specific, sources: [Host.sources[0]]),
            MulticastSubscription(group: Host.specific, sources: Host.sources),
            MulticastSubscription(group: Host.open, sources: Host.sources), MulticastSubscription(group: Host.open),
            MulticastSubscription(group: .allSystems),
        ])
        #expect(host.leave() == [Self.left])
    }

    /// 64 groups with 64 sources each fill several frames, none above the MTU, nothing twice, nothing lost.
    @Test func manyRecordsAreSplitOverFrames() throws {
        let sources = (1...64).map { IPv4Address(rawValue: 0x0A00_0000 + $0) }
        let host = try Host(
            (0..<64).map { MulticastSubscription(group: IPv4Address(rawValue: 0xE900_0100 + $0), sources: sources) })
        let frames = host.leave()
        #expect(frames.count == 13, "five records of 264 bytes in 1,468")
        let groups = frames.flatMap { $0.split(separator: ", block ") }
        #expect(groups.count == 64 && Set(groups).count == 64)
    }

    @Test func whatDoesNotFitIsRefused() {
        let sources = (1...65).map { IPv4Address(rawValue: 0x0A00_0000 + $0) }
        let group = Host.specific
        #expect(throws: MulticastMembershipError.tooManySources(group, 65)) {
            try MulticastMembership([MulticastSubscription(group: group, sources: sources)])
        }
        #expect(throws: MulticastMembershipError.mtuTooSmall(575)) {
            try MulticastMembership([MulticastSubscription(group: group)], mtu: 575)
        }
    }
}
