import Edge
import Foundation
import Synchronization
import Testing
import Wire

@Suite struct FilterPublisherTests {
    private static func denying(_ source: String) throws -> FilterRules {
        var rules = FilterRules()
        rules.acl = [AccessRule(.deny, source: try IPv4Prefix(parsing: source))]
        return rules
    }

    @Test func newRulesHoldFromTheNextPollOn() throws {
        let bench = try FilterBench()
        #expect(try bench.feed("20.0.0.1") == nil)
        try bench.publisher.publish(try Self.denying("20.0.0.0/8"))
        #expect(try bench.feed("20.0.0.1") == nil)
        #expect(bench.publisher.reclaim() == 2, "the stage may still use the old rules")
        bench.filter.beginPoll(now: bench.now)
        // Also what the filter remembers of a feed is forgotten.
        #expect(try bench.feed("20.0.0.1") == .aclDenied)
        #expect(bench.publisher.reclaim() == 1)
        try bench.publish(FilterRules())
        #expect(try bench.feed("20.0.0.1") == nil)
    }

    @Test func refusedRulesChangeNothing() throws {
        let rules = try Self.denying("20.0.0.0/8")
        let bench = try FilterBench(rules)
        var wrong = FilterRules()
        wrong.acl = [AccessRule(.deny, transport: .icmp, destinationPorts: 1...2)]
        #expect(throws: FilterRulesError.portsWithoutUDP(rule: 0, wrong.acl[0])) { try bench.publish(wrong) }
        wrong = FilterRules()
        wrong.grantIdleSeconds = 0
        #expect(throws: FilterRulesError.grantIdleOutOfRange(0)) { try bench.publish(wrong) }
        wrong = FilterRules()
        wrong.bogons = (0..<1_025).map { IPv4Prefix(containing: IPv4Address(rawValue: $0 << 8), length: 24)! }
        #expect(throws: FilterRulesError.tooManyBogons(1_025)) { try bench.publish(wrong) }
        #expect(bench.publisher.rules == rules)
        #expect(try bench.check("20.1.1.1") == .aclDenied)
    }

    @Test func grantsAndRatesOutliveAChange() throws {
        let bench = try FilterBench()
        try bench.session("198.18.0.1", .established)
        for host in 0..<1_000 { _ = bench.check(IPv4Address(rawValue: 0x0B00_0000 + UInt32(host))) }
        try bench.publish(try Self.denying("20.0.0.0/8"))
        #expect(try bench.check("12.0.0.1") == .unknownSourceRate)
        #expect(try bench.check("198.18.0.1") == nil)
        #expect(bench.filter.grantCount == 1)
    }

    /// Rules of up to 1,024 prefixes too many in the scope are refused when the node is made.
    @Test func sourcesHaveABound() {
        let sources = (0..<1_025).map { "20.\($0 / 256).\($0 % 256).0/24" }
        #expect(throws: FilterRulesError.tooManyOrderSources(1_025)) { try FilterBench(orders: sources) }
        #expect(throws: FilterRulesError.tooManyFeedSources(1_025)) { try FilterBench(feeds: [sources]) }
    }

    @Test func everyErrorSaysWhatToDo() {
        let rule = AccessRule(.deny, transport: .icmp, sourcePorts: 7...7)
        for error in [
            FilterRulesError.tooManyAccessRules(2_000), .tooManyBogons(2_000), .portsWithoutUDP(rule: 3, rule),
            .grantIdleOutOfRange(-1), .tooManyOrderSources(2_000), .tooManyFeedSources(2_000),
        ] { #expect(error.description.contains("give at most") || error.description.contains("write")) }
        #expect(FilterRulesError.portsWithoutUDP(rule: 3, rule).description.contains("acl[3] (deny icmp ports 7)"))
    }

    /// One thread polls and judges, another changes the rules all the time: every verdict is that of one of the two sets
    /// of rules, both are seen, and at the end one set is left in memory.
    @Test func rulesChangeWhileAnotherThreadJudges() throws {
        let bench = SharedBench(try FilterBench())
        let isOver = Atomic(false)
        let seen = Mutex<Set<DropReason?>>([])
        let judge = Thread {
            var verdicts: Set<DropReason?> = []
            while !isOver.load(ordering: .acquiring) {
                bench.bench.filter.beginPoll(now: bench.bench.now)
                for _ in 0..<8 {
                    verdicts.insert(
                        bench.bench.check(
                            IPv4Address(20, 0, 0, 1), to: FilterBench.group, 10_378, as: .marketData(feed: 0)))
                }
            }
            seen.withLock { $0 = verdicts }
            bench.done.signal()
        }
        judge.start()
        let denying = try Self.denying("20.0.0.0/8")
        for round in 0..<100 {
            try bench.bench.publisher.publish(round.isMultiple(of: 2) ? denying : FilterRules())
            usleep(300)
        }
        isOver.store(true, ordering: .releasing)
        bench.done.wait()
        #expect(seen.withLock { $0 } == [nil, .aclDenied])
        bench.bench.filter.beginPoll(now: bench.bench.now)
        #expect(bench.bench.publisher.reclaim() == 1)
    }

    /// The publisher is used by one thread and the filter by another, as in a node.
    private final class SharedBench: @unchecked Sendable {
        let bench: FilterBench
        let done = DispatchSemaphore(value: 0)
        init(_ bench: FilterBench) { self.bench = bench }
    }
}
