import Matching
import Orders

/// A recorded flow through the engine.
struct FlowRun: Sendable {
    let flow: RecordedFlow
    /// Average ticks per command of each round, with reports.
    private(set) var rounds: [Double] = []
    /// Averages over 64 commands, of all rounds.
    private(set) var blocks = TickSamples()
    private(set) var events = StateHash()
    private(set) var state = StateHash()
    private(set) var reports = 0
    private(set) var trades: UInt64 = 0
    /// Requests for orders that were not there any more, and orders refused.
    private(set) var refused = 0
    private(set) var restingAtEnd = 0

    init(_ flow: RecordedFlow, _ timer: OperationTimer, rounds: Int) {
        self.flow = flow
        say()
        measure(timer, rounds)
        blocks.sort()
    }

    private var engine: MatchingEngine { MatchingEngine(instruments: flow.instruments, maximumOrders: 1 << 18) }

    /// What the engine answers, without the clock.
    private mutating func say() {
        var engine = engine
        var sink = ReportSink(capacity: 1 << 16)
        defer { sink.deallocate() }
        for command in flow.commands {
            sink.removeAll()
            engine.apply(command, into: &sink)
            for index in 0..<sink.count {
                events.combine(sink.base[index])
                let kind = sink.base[index].kind
                if kind == .cancelRejected || kind == .rejected { refused += 1 }
            }
            reports += sink.count
        }
        trades = engine.tradeCount
        restingAtEnd = engine.liveOrderCount
        engine.combine(into: &state)
    }

    /// One engine for all rounds, emptied after each; the first round, in which its memory is touched, does not count.
    private mutating func measure(_ timer: OperationTimer, _ count: Int) {
        var engine = engine
        var sink = ReportSink(capacity: 1 << 16)
        defer { sink.deallocate() }
        for round in 0...count {
            var ticks: UInt64 = 0
            flow.commands.withUnsafeBufferPointer { commands in
                for start in stride(from: 0, to: commands.count, by: 64) {
                    let block = UnsafeBufferPointer(rebasing: commands[start..<min(start + 64, commands.count)])
                    let taken = timer.reporting(&engine, block, &sink)
                    ticks += taken
                    if round > 0 { blocks.add(Double(taken) / Double(block.count)) }
                }
            }
            if round > 0 { rounds.append(Double(ticks) / Double(flow.commands.count)) }
            // The venue's, of all sessions and instruments.
            _ = engine.applySilently(Command(kind: .massCancel))
        }
    }

    /// Nanoseconds between two events, by percentile.
    func gap(_ percent: Double) -> UInt64 {
        guard !flow.gaps.isEmpty else { return 0 }
        return flow.gaps[min(flow.gaps.count - 1, Int(percent / 100 * Double(flow.gaps.count)))]
    }
}
