import Edge
import Runtime
import TestSupport
import Testing
import Wire

@Suite struct EdgeFilterTests {
    private static func rules() throws -> FilterRules {
        var rules = FilterRules()
        rules.acl = [
            AccessRule(.allow, source: try IPv4Prefix(parsing: "7.7.7.7/32")),
            AccessRule(.deny, source: try IPv4Prefix(parsing: "7.7.0.0/16")),
            AccessRule(.deny, transport: .udp, sourcePorts: 6_000...6_010),
            AccessRule(.deny, transport: .icmp, sourcePorts: AccessRule.anyPort),
        ]
        rules.bogons += SpecialAddresses.notGlobal
        return rules
    }

    /// Source, source port, lane, verdict.
    @Test(
        arguments: [
            ("8.8.4.4", 40_000, .order, nil), ("10.1.2.3", 40_000, .order, nil),
            ("10.9.0.1", 40_000, .order, .bogonSource), ("192.168.1.1", 40_000, .order, .bogonSource),
            ("198.18.0.77", 40_000, .order, nil), ("198.19.0.1", 40_000, .order, .bogonSource),
            ("192.0.2.9", 40_000, .order, .bogonSource), ("203.0.113.1", 40_000, .marketData(feed: 0), .bogonSource),
            ("7.7.7.7", 40_000, .order, nil), ("7.7.7.8", 40_000, .order, .aclDenied),
            ("7.7.0.0", 40_000, .marketData(feed: 0), .aclDenied), ("7.6.255.255", 40_000, .order, nil),
            ("8.8.4.4", 5_999, .order, nil), ("8.8.4.4", 6_000, .order, .aclDenied),
            ("8.8.4.4", 6_010, .drop(.noListener), .aclDenied), ("8.8.4.4", 6_011, .drop(.noListener), .noListener),
            ("8.8.4.4", 53, .order, .amplificationPort), ("8.8.4.4", 123, .order, .amplificationPort),
            ("8.8.4.4", 1_900, .drop(.noListener), .amplificationPort),
            ("8.8.4.4", 11_211, .marketData(feed: 0), .amplificationPort),
            ("8.8.4.4", 19, .order, .amplificationPort), ("8.8.4.4", 389, .order, .amplificationPort),
            ("8.8.4.4", 161, .order, .amplificationPort), ("8.8.4.4", 40_000, .marketData(feed: 0), nil),
            ("8.8.4.4", 40_000, .marketData(feed: 1), .feedSourceUnknown),
            ("20.0.0.255", 40_000, .marketData(feed: 1), nil),
            ("20.0.1.0", 40_000, .marketData(feed: 1), .feedSourceUnknown), ("8.8.4.4", 40_000, .control, nil),
        ] as [(String, UInt16, Classification, DropReason?)])
    func verdicts(source: String, port: UInt16, lane: Classification, verdict: DropReason?) throws {
        let bench = try FilterBench(
            try Self.rules(), orders: ["0.0.0.0/0", "10.1.0.0/16"], feeds: [[], ["20.0.0.0/24"]])
        #expect(try bench.check(source, port: port, as: lane) == verdict)
        // What is remembered of a feed changes nothing.
        #expect(try bench.check(source, port: port, as: lane) == verdict)
    }

    /// Whoever may not send orders is dropped before any rate is looked at.
    @Test(
        arguments: [
            ("10.0.0.0", nil), ("10.0.0.255", nil), ("10.0.1.0", .unknownSource), ("9.255.255.255", .unknownSource),
        ]
            as [(String, DropReason?)])
    func orderSources(source: String, verdict: DropReason?) throws {
        let bench = try FilterBench(orders: ["10.0.0.0/24"])
        #expect(try bench.check(source) == verdict)
        #expect(try FilterBench(orders: []).check(source) == .unknownSource)
    }

    @Test(
        arguments: [("7.7.7.8", .aclDenied), ("7.7.7.7", nil), ("8.8.4.4", .aclDenied), ("10.9.0.1", .aclDenied)]
            as [(String, DropReason?)])
    func icmp(source: String, verdict: DropReason?) throws {
        let bench = try FilterBench(try Self.rules())
        #expect(
            bench.filter.checkICMP(source: try IPv4Address(parsing: source), destination: FilterBench.own) == verdict)
    }

    @Test func icmpFromNobody() throws {
        let bench = try FilterBench()
        #expect(bench.filter.checkICMP(source: IPv4Address(192, 0, 2, 1), destination: FilterBench.own) == .bogonSource)
        #expect(bench.filter.checkICMP(source: IPv4Address(9, 0, 2, 1), destination: FilterBench.own) == nil)
    }

    // MARK: Rates

    @Test func unknownSourcesShareOneChannel() throws {
        let bench = try FilterBench()
        var verdicts: [DropReason?: Int] = [:]
        for host in 0..<5_000 {
            verdicts[bench.check(IPv4Address(rawValue: 0x0B00_0000 + UInt32(host))), default: 0] += 1
        }
        #expect(verdicts == [nil: 1_000, .unknownSourceRate: 4_000])
        // 10,000/s: one more in 100 µs.
        bench.now += 100_000
        #expect(try bench.check("12.0.0.1") == nil)
        #expect(try bench.check("12.0.0.2") == .unknownSourceRate)
    }

    @Test func oneUnknownSourceCannotTakeTheChannel() throws {
        let bench = try FilterBench()
        var verdicts: [DropReason?: Int] = [:]
        for _ in 0..<5_000 { verdicts[try bench.check("11.0.0.1"), default: 0] += 1 }
        #expect(verdicts == [nil: 100, .sourceRate: 4_900])
        #expect(try bench.check("11.0.0.2") == nil)
    }

    @Test func aGrantedSourceHasItsOwnRate() throws {
        var rules = FilterRules()
        rules.perGrantedSource = RateLimit(packetsPerSecond: 1_000, burst: 300)!
        let bench = try FilterBench(rules)
        try bench.session("11.0.0.1", .established)
        try bench.session("11.0.0.2", .established)
        var verdicts: [DropReason?: Int] = [:]
        for _ in 0..<1_000 { verdicts[try bench.check("11.0.0.1"), default: 0] += 1 }
        #expect(verdicts == [nil: 300, .sourceRate: 700])
        #expect(try bench.check("11.0.0.2") == nil)
    }

    @Test func feedsAreNotThrottled() throws {
        let bench = try FilterBench()
        for host in 0..<20_000 { _ = bench.check(IPv4Address(rawValue: 0x0B00_0000 + UInt32(host))) }
        var passed = 0
        for number in 0..<20_000 where try bench.feed("12.0.0.\(number % 200)", UInt8(number % 2)) == nil {
            passed += 1
        }
        #expect(passed == 20_000)
    }

    /// One packet in a hundred is a client's with a session; the others come from a million random addresses.
    @Test func grantedSourcesLoseNothingUnderAMillionSpoofedPackets() throws {
        let bench = try FilterBench()
        for client in 0..<100 { try bench.session("198.18.1.\(client)", .established) }
        var random = SplitMix64(seed: 99)
        let start = bench.now
        var granted = 0
        var strangers = 0
        for packet in 0..<1_000_000 {
            // 10 million packets a second.
            bench.now += 100
            if packet.isMultiple(of: 100) {
                if bench.check(IPv4Address(198, 18, 1, UInt8(packet / 100 % 100))) == nil { granted += 1 }
            } else if bench.check(IPv4Address(rawValue: UInt32(truncatingIfNeeded: random.next()))) == nil {
                strangers += 1
            }
        }
        #expect(granted == 10_000, "order traffic was lost")
        // The channel: its burst and 10,000/s for 0.1 s.
        let seconds = Double(bench.now - start) / 1e9
        #expect(strangers <= 1_000 + Int(10_000 * seconds) + 1)
        #expect(strangers > 1_900, "the channel was not used")
    }

    /// Addresses chosen to fall into few lines of buckets push each other out, and nobody with a session.
    @Test func anEvictionAttackReachesNobodyWithASession() throws {
        var rules = FilterRules()
        rules.unknownSources = RateLimit(packetsPerSecond: 1_000_000_000, burst: 1_000_000_000)!
        rules.perGrantedSource = RateLimit(packetsPerSecond: 1, burst: 10)!
        let bench = try FilterBench(rules)
        try bench.session("198.18.0.1", .established)
        for _ in 0..<10 { #expect(try bench.check("198.18.0.1") == nil) }
        // Far more addresses than there are buckets, so that all of them are taken over again and again.
        for host in 0..<600_000 { _ = bench.check(IPv4Address(rawValue: 0x0B00_0000 + UInt32(host))) }
        #expect(bench.filter.grantCount == 1)
        // Its bucket is still empty: it was not forgotten. And it refills as if nothing had been.
        #expect(try bench.check("198.18.0.1") == .sourceRate)
        bench.now += 1_000_000_000
        #expect(try bench.check("198.18.0.1") == nil)
    }

    // MARK: Grants

    @Test func aGrantLivesAsLongAsTheLastSessionOfItsAddress() throws {
        let bench = try FilterBench()
        for _ in 0..<2 { try bench.session("11.0.0.1", .established) }
        try bench.session("11.0.0.1", .ended)
        #expect(bench.filter.grantCount == 1)
        bench.now += 1_000_000_000_000_000
        bench.filter.beginPoll(now: bench.now)
        #expect(bench.filter.grantCount == 1, "a session keeps its grant however silent it is")
        try bench.session("11.0.0.1", .ended)
        #expect(bench.filter.grantCount == 0)
        try bench.session("11.0.0.1", .ended)
        #expect(bench.filter.grantCount == 0)
    }

    @Test func aLostClientKeepsItsGrantForAWhile() throws {
        let bench = try FilterBench()
        let idle: UInt64 = 300_000_000_000
        try bench.session("11.0.0.1", .established)
        try bench.session("11.0.0.1", .lost)
        bench.now += idle
        // A packet from it begins the time anew; coming back keeps the grant for good.
        #expect(try bench.check("11.0.0.1") == nil)
        bench.now += idle
        try bench.session("11.0.0.1", .established)
        bench.now += 10 * idle
        #expect(try bench.check("11.0.0.1") == nil)
        #expect(bench.filter.grantCount == 1)
        try bench.session("11.0.0.1", .lost)
        bench.now += idle + 1
        #expect(try bench.check("11.0.0.1") == nil, "now one of the unknown, within their channel")
        #expect(bench.filter.grantCount == 0)
    }

    @Test func pollsSweepGrantsThatAreOver() throws {
        let bench = try FilterBench()
        for host in 0..<200 {
            try bench.session("11.0.0.\(host)", .established)
            try bench.session("11.0.0.\(host)", .lost)
        }
        bench.now += 301_000_000_000
        for _ in 0..<4_096 { bench.filter.beginPoll(now: bench.now) }
        // What moves to a slot behind the sweep's back is found in its next round.
        for _ in 0..<4_096 { bench.filter.beginPoll(now: bench.now) }
        #expect(bench.filter.grantCount == 0)
    }

    /// All sessions of a node, and as many again that were lost, against a dictionary.
    @Test func aThousandSessionsComeAndGo() throws {
        let bench = try FilterBench()
        var random = SplitMix64(seed: 4)
        var sessions: [UInt32: Int] = [:]
        var lingering: Set<UInt32> = []
        for _ in 0..<50_000 {
            let source = 0x0B00_0000 + UInt32(random.next(below: 2_000)) * 77
            let event: GrantChange.Event
            if sessions.values.reduce(0, +) < 1_024, random.next(below: 2) == 0 {
                event = .established
                sessions[source, default: 0] += 1
                lingering.remove(source)
            } else {
                event = random.next(below: 2) == 0 ? .ended : .lost
                if let count = sessions[source] {
                    sessions[source] = count > 1 ? count - 1 : nil
                    if count == 1, event == .lost { lingering.insert(source) }
                }
            }
            bench.filter.apply(GrantChange(source: source, event: event), now: bench.now)
        }
        #expect(bench.filter.refusedGrants == 0)
        #expect(bench.filter.grantCount == sessions.count + lingering.count)
        // Emptied to nothing, the channel tells who has a grant: only those pass.
        var rules = FilterRules()
        rules.unknownSources = RateLimit(packetsPerSecond: 1, burst: 1)!
        try bench.publish(rules)
        _ = bench.check(IPv4Address(9, 9, 9, 9))
        for index in 0..<2_000 {
            let source = 0x0B00_0000 + UInt32(index) * 77
            let isGranted = sessions[source] != nil || lingering.contains(source)
            #expect((bench.check(IPv4Address(rawValue: source)) == nil) == isGranted)
        }
    }

    // MARK: Anything

    /// Random rules and packets: each verdict is that of the rules read one by one.
    @Test func randomPacketsGetTheVerdictOfTheRulesReadOneByOne() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<20 {
            var rules = FilterRules()
            rules.acl = (0..<random.next(below: 70)).map { _ in .random(&random) }
            rules.bogons = (0..<random.next(below: 8)).map { _ in .random(&random) }
            rules.amplificationPorts = (0..<4).map { _ in UInt16(random.next(below: 50)) }
            rules.unknownSources = RateLimit(packetsPerSecond: 1_000_000_000, burst: 1_000_000_000)!
            rules.perUnknownSource = rules.unknownSources
            let orders = (0..<1 + random.next(below: 4)).map { _ in IPv4Prefix.random(&random) }
            let bench = try FilterBench(rules, orders: orders.map(\.description))
            let trusted = orders + [try IPv4Prefix(parsing: "198.18.0.0/24")]
            func longest(_ prefixes: [IPv4Prefix], _ source: IPv4Address) -> Int {
                prefixes.filter { $0.contains(source) }.map { Int($0.length) }.max() ?? -1
            }
            for _ in 0..<3_000 {
                let source = IPv4Address.random(&random)
                let destination = IPv4Address.random(&random)
                let ports = (UInt16(random.next(below: 50)), UInt16(random.next(below: 50)))
                let matching = rules.acl.first { $0.matchesUDP(source, ports.0, destination, ports.1) }
                let expected: DropReason? =
                    if matching?.action == .deny {
                        .aclDenied
                    } else if longest(rules.bogons, source)
                        > longest(trusted, source)
                    { .bogonSource } else if rules.amplificationPorts.contains(ports.0) {
                        .amplificationPort
                    } else if longest(orders, source) < 0 { .unknownSource } else { nil }
                #expect(bench.check(source, port: ports.0, to: destination, ports.1) == expected)
            }
        }
    }
}

extension IPv4Address {
    /// One of few thousand addresses at both ends of the address space, so that prefixes meet.
    static func random(_ random: inout SplitMix64) -> IPv4Address {
        let low = UInt32(random.next(below: 1 << 11)) << 7
        return IPv4Address(rawValue: random.next(below: 2) == 0 ? low : ~low)
    }
}

extension IPv4Prefix {
    static func random(_ random: inout SplitMix64) -> IPv4Prefix {
        IPv4Prefix(
            containing: .random(&random),
            length: random.next(below: 4) == 0 ? random.next(below: 33) : 14 + random.next(below: 19))!
    }
}

extension AccessRule {
    static func random(_ random: inout SplitMix64) -> AccessRule {
        func ports() -> ClosedRange<UInt16> {
            guard random.next(below: 2) == 0 else { return anyPort }
            let ends = [random.next(below: 50), random.next(below: 50)].sorted()
            return UInt16(ends[0])...UInt16(ends[1])
        }
        var rule = AccessRule(random.next(below: 2) == 0 ? .allow : .deny)
        if random.next(below: 3) > 0 { rule.source = .random(&random) }
        if random.next(below: 2) == 0 { rule.destination = .random(&random) }
        rule.transport = [.any, .udp, .icmp][random.next(below: 3)]
        if rule.transport != .icmp {
            rule.sourcePorts = ports()
            rule.destinationPorts = ports()
        }
        return rule
    }

    func matchesUDP(_ source: IPv4Address, _ port: UInt16, _ destination: IPv4Address, _ destinationPort: UInt16)
        -> Bool
    {
        transport != .icmp && self.source.contains(source) && self.destination.contains(destination)
            && sourcePorts.contains(port) && destinationPorts.contains(destinationPort)
    }
}
