import CPlatform
import Matching
import Orders

/// The clock around the engine: the time-stamp counter between barriers, less what reading it takes.
struct OperationTimer {
    /// Ticks between two readings with nothing between them, the median of many.
    let ownTicks: UInt64
    /// The smallest difference seen between two readings: on some processors the counter moves in steps.
    let resolutionTicks: UInt64

    init() {
        var samples = (0..<10_001).map { _ in
            let start = cplatform_tsc_ordered()
            return cplatform_tsc_ordered() &- start
        }
        samples.sort()
        ownTicks = samples[samples.count / 2]
        let steps = zip(samples.dropFirst(), samples).map { $0 - $1 }
        resolutionTicks = steps.filter { $0 > 0 }.min() ?? 1
    }

    private func since(_ start: UInt64) -> UInt64 {
        let ticks = cplatform_tsc_ordered() &- start
        return ticks > ownTicks ? ticks &- ownTicks : 0
    }

    /// Ticks of all commands together, looked ahead at as a node does with a burst; no reports made.
    @inline(never) func silent(
        _ engine: inout MatchingEngine, _ commands: UnsafeBufferPointer<Command>
    ) -> UInt64 {
        let start = cplatform_tsc_ordered()
        engine.lookAhead(commands)
        for number in commands.indices { _ = engine.applySilently(commands.at(number)) }
        return since(start)
    }

    /// Ticks of all commands together, the reports of each written over those of the one before.
    @inline(never) func reporting(
        _ engine: inout MatchingEngine, _ commands: UnsafeBufferPointer<Command>, _ sink: inout ReportSink
    ) -> UInt64 {
        let start = cplatform_tsc_ordered()
        engine.lookAhead(commands)
        for number in commands.indices {
            sink.removeAll()
            engine.apply(commands.at(number), into: &sink)
        }
        return since(start)
    }

    /// Ticks of each command by itself, no reports made.
    @inline(never) func singly(
        _ engine: inout MatchingEngine, _ commands: UnsafeBufferPointer<Command>, _ body: (UInt64) -> Void
    ) {
        for number in commands.indices {
            let start = cplatform_tsc_ordered()
            _ = engine.applySilently(commands.at(number))
            body(since(start))
        }
    }

    /// Ticks of each command by itself, reports made.
    @inline(never) func singly(
        _ engine: inout MatchingEngine, _ commands: UnsafeBufferPointer<Command>, _ sink: inout ReportSink,
        _ body: (UInt64) -> Void
    ) {
        for number in commands.indices {
            sink.removeAll()
            let start = cplatform_tsc_ordered()
            engine.apply(commands.at(number), into: &sink)
            body(since(start))
        }
    }
}

extension UnsafeBufferPointer<Command> {
    /// Where a command lies; the engine reads it there.
    @inline(__always) func at(_ number: Int) -> UnsafePointer<Command> { baseAddress.unsafelyUnwrapped + number }
}
