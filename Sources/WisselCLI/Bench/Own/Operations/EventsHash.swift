import Matching
import Orders

/// What the engine says to the measured commands, as a number that is the same on every machine and in every build.
package struct EventsHash: Sendable {
    /// Blocks of each operation that are carried out, after the book was filled.
    package static let blocks = 3

    /// Over all reports in order.
    private(set) var events = StateHash()
    /// Over the books at the end of each operation.
    private(set) var state = StateHash()
    private(set) var commands = 0
    private(set) var reports = 0

    init(_ shapes: [BookShape]) {
        for script in Self.scripts(shapes) { run(script) }
    }

    /// Every operation in every book it is measured in.
    package static func scripts(_ shapes: [BookShape]) -> [OperationScript] {
        shapes.flatMap { shape in
            BookOperation.allCases.filter { $0.isMeasured(in: shape) }.map { OperationScript(shape, $0) }
        }
    }

    var eventsText: String { String(events.value, radix: 16) }
    var stateText: String { String(state.value, radix: 16) }

    private mutating func run(_ script: OperationScript) {
        var script = script
        var engine = MatchingEngine(instruments: [script.shape.specification])
        var sink = ReportSink(capacity: script.shape.reportsPerCommand)
        defer { sink.deallocate() }
        script.forEachCommand(blocks: Self.blocks) { command in
            sink.removeAll()
            engine.apply(command, into: &sink)
            precondition(sink.overflow == 0, "the sink of the events was too small")
            for index in 0..<sink.count { events.combine(sink.base[index]) }
            commands += 1
            reports += sink.count
        }
        engine.combine(into: &state)
    }
}

extension OperationScript {
    /// Filling and blocks, one after the other.
    package mutating func forEachCommand(blocks: Int, _ body: (Command) -> Void) {
        fill(body)
        for _ in 0..<blocks {
            advance()
            preparation.forEach(body)
            measured.forEach(body)
        }
    }
}
