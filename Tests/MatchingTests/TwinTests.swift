import Foundation
import Matching
import Orders
import TestSupport
import Testing

/// The engine against the naive exchange: the same reports in the same order, command by command.
@Suite struct TwinTests {
    static let seeds = Array(UInt64(1)...8)

    /// Commands of each profile and seed: over a million in all when optimised. `WISSEL_TWIN_COMMANDS` asks for more.
    static var commandCount: Int {
        if let asked = ProcessInfo.processInfo.environment["WISSEL_TWIN_COMMANDS"].flatMap({ Int($0) }) { return asked }
        #if DEBUG
            return 1_000
        #else
            return 8_000
        #endif
    }

    @Test("The same as the naive exchange, over a million commands", arguments: FlowProfile.all)
    func sameReports(profile: FlowProfile) {
        var run = TwinRun(engine: { .engine(profile) }, judge: { .naive(profile) })
        for seed in Self.seeds {
            if let difference = run.run(seed: seed, profile: profile, count: Self.commandCount) {
                Issue.record("\(difference)")
                return
            }
        }
    }

    /// What the risk gate refuses never reaches an engine; everything else must come up.
    @Test func theFlowReachesEveryReportAndReason() {
        var kinds = Set<ReportKind>()
        var reasons = Set<RejectReason>()
        for profile in FlowProfile.all {
            let judge = Contestant.naive(profile)
            var flow = CommandFlow(seed: 1, profile: profile)
            for _ in 0..<2_500 {
                for report in judge.apply(flow.next()) {
                    kinds.insert(report.kind)
                    reasons.insert(report.reason)
                }
            }
        }
        #expect(Set(ReportKind.allCases).subtracting(kinds) == [.none])
        #expect(
            Set(RejectReason.allCases).subtracting(reasons)
                == Set(
                    RejectReason.allCases.filter { (16...31).contains($0.rawValue) || (56...63).contains($0.rawValue) }
                )
                .union([.unknownScope, .invalidRule, .unknownRule, .rulesFull, .rulesTooCostly]))
    }

    @Test func theSameSeedGivesTheSameCommands() {
        func commands(_ seed: UInt64) -> [Command] {
            var flow = CommandFlow(seed: seed, profile: .everything)
            return (0..<500).map { _ in flow.next() }
        }
        #expect(commands(5) == commands(5))
        #expect(commands(5) != commands(6))
    }

    /// A twin with a fault put in on purpose: hidden orders are shown. The script that tells of it is short.
    @Test func aFaultIsFoundAndItsScriptIsShort() throws {
        func faulty() -> Contestant {
            let twin = Contestant.naive(.icebergs)
            return Contestant(
                apply: { command in
                    var changed = command
                    if command.kind == .newOrder, command.traits.type == .limit, command.traits.displayQuantity == 0 {
                        changed.originalClientOrderID &= ~UInt64(OrderTraits.Conditions.hidden.rawValue) << 8 | 0xFF
                    }
                    return twin.apply(changed)
                }, state: twin.state)
        }
        var run = TwinRun(engine: faulty, judge: { .naive(.icebergs) })
        let told = run.run(seed: 1, profile: .icebergs, count: 5_000)
        let difference = try #require(told)
        #expect(difference.contains("≠"))
        #expect(difference.split(separator: "\n").count <= 24, "\(difference)")
    }

    @Test func theStateHashDependsOnTheLogAloneAndOnAllOfIt() {
        func hash(_ seed: UInt64, count: Int, skipping skipped: Int? = nil) -> UInt64 {
            let profile = FlowProfile.plain
            var engine = MatchingEngine(
                instruments: profile.instruments, maximumInstruments: FlowProfile.maximumInstruments,
                maximumOrders: FlowProfile.maximumOrders, firms: [:])
            var flow = CommandFlow(seed: seed, profile: profile)
            var sink = ReportSink(capacity: 1_024)
            defer { sink.deallocate() }
            for number in 0..<count {
                let command = flow.next()
                sink.removeAll()
                if number != skipped { engine.apply(command, into: &sink) }
            }
            var hash = StateHash()
            engine.combine(into: &hash)
            return hash.value
        }
        #expect(hash(5, count: 5_000) == hash(5, count: 5_000))
        #expect(hash(5, count: 5_000) != hash(6, count: 5_000))
    }
}
