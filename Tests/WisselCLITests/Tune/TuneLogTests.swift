import Foundation
import Testing
import WisselCLI

/// What a tuning keeps, and what it does with it the next time.
@Suite struct TuneLogTests {
    private let circumstances = TuneLog.Circumstances(
        machine: "m", configuration: "c", program: "p", options: "o", plans: "l")

    private func entry(_ round: Int, _ plan: String, p50: Double = 1_000) -> TuneLog.Entry {
        .init(
            round: round, plan: plan,
            figures: .init(ordersPerSecond: 5, packetsPerSecond: 6, p50: p50, p99: 2 * p50))
    }

    private func data(_ entries: [TuneLog.Entry]) throws -> Data {
        try TuneLog.line(circumstances) + entries.map { try TuneLog.line($0) }.joined()
    }

    @Test func whatWasWrittenIsRead() throws {
        let entries = [
            entry(1, "a"), TuneLog.Entry(round: 1, plan: "b/c", figures: nil, failure: "no \"CPU\"\n"), entry(2, "a"),
        ]
        let bytes = try data(entries)
        let log = TuneLog(bytes)
        #expect(log.circumstances == circumstances && log.entries == entries)
        #expect(!log.isCutOff && log.unreadableLines == 0 && log.wholeByteCount == bytes.count)
    }

    /// Cut at every byte: all whole lines are there, nothing is made up, and what is left can be written on to.
    @Test func aFileCutOffAnywhereIsReadUpToThere() throws {
        let entries = [entry(1, "a"), entry(1, "b"), entry(2, "b")]
        let bytes = try data(entries)
        let first = try TuneLog.line(circumstances).count
        let ends = try entries.reduce(into: [first]) { $0.append($0.last! + (try TuneLog.line($1).count)) }
        for count in first...bytes.count {
            let log = TuneLog(bytes.prefix(count))
            let whole = ends.lastIndex { $0 <= count } ?? 0
            #expect(log.entries == Array(entries.prefix(whole)), "cut at \(count)")
            #expect(log.wholeByteCount == ends[whole] && log.isCutOff == (count != ends[whole]))
            let rest = try entries[whole...].map { try TuneLog.line($0) }.joined()
            #expect(TuneLog(bytes.prefix(log.wholeByteCount) + rest).entries == entries)
        }
        for count in 0..<first {
            #expect(TuneLog(bytes.prefix(count)).circumstances == nil)
        }
    }

    @Test func rubbishInTheMiddleIsPassedOverAndAtTheEndCutOff() throws {
        let zeros = Data(repeating: 0, count: 100) + Data("\n".utf8)
        let middle = TuneLog(try TuneLog.line(circumstances) + zeros + TuneLog.line(entry(1, "a")))
        #expect(middle.entries == [entry(1, "a")] && middle.unreadableLines == 1 && !middle.isCutOff)
        let bytes = try data([entry(1, "a")])
        let end = TuneLog(bytes + zeros)
        #expect(end.entries == [entry(1, "a")] && end.isCutOff && end.wholeByteCount == bytes.count)
        #expect(end.unreadableLines == 0)
    }

    @Test func whatIsMissingIsMeasuredRoundByRoundInTurn() throws {
        let none = TuneLog(try data([]))
        #expect(
            none.missing(rounds: 3, plans: ["a", "b"]).map { "\($0.round)\($0.plan)" }
                == ["1a", "1b", "2b", "2a", "3a", "3b"])
        let some = TuneLog(try data([entry(1, "a"), entry(1, "b"), entry(2, "b")]))
        #expect(some.missing(rounds: 2, plans: ["a", "b"]).map { "\($0.round)\($0.plan)" } == ["2a"])
        // A failure is a result.
        let failed = TuneLog(try data([.init(round: 1, plan: "a", figures: nil, failure: "x")]))
        #expect(failed.missing(rounds: 1, plans: ["a"]).isEmpty)
    }

    @Test func eachDifferenceHasItsReason() {
        #expect(circumstances.difference(from: circumstances) == nil)
        for (path, words) in [
            (\TuneLog.Circumstances.machine, "machine"), (\.configuration, "configuration"), (\.program, "build"),
            (\.options, "options"), (\.plans, "plans"),
        ] as [(WritableKeyPath<TuneLog.Circumstances, String>, String)] {
            var other = circumstances
            other[keyPath: path] = "another"
            #expect(circumstances.difference(from: other)?.contains(words) == true)
        }
    }
}
