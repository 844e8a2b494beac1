import CPlatform
import Matching
import Orders

/// One operation in one book: blocks and single operations, with reports and without, in turn, so that what disturbs the
/// machine disturbs all four.
struct OperationMeasurement: Sendable {
    let shape: BookShape
    let operation: BookOperation
    /// Averages over blocks; empty where operations are measured singly only.
    private(set) var blocks = TickSamples()
    private(set) var reportingBlocks = TickSamples()
    private(set) var singles = TickSamples()
    private(set) var reportingSingles = TickSamples()

    struct Effort: Sendable {
        /// Of each of the four kinds.
        var blocks: Int
        var seconds: Double
        static let full = Effort(blocks: 2_000, seconds: 2)
        static let small = Effort(blocks: 8, seconds: 0.2)
        /// Not looked at: caches and branch predictors come into the state they stay in.
        static let warmUp = 8
    }

    /// More would use up the lots of the orders that every operation takes one from.
    private static let mostSharingBlocks = 700

    init(_ shape: BookShape, _ operation: BookOperation, _ effort: Effort, _ timer: OperationTimer, hertz: UInt64) {
        self.shape = shape
        self.operation = operation
        var script = OperationScript(shape, operation)
        var engine = MatchingEngine(instruments: [shape.specification])
        var sink = ReportSink(capacity: shape.reportsPerCommand)
        defer { sink.deallocate() }
        script.fill { _ = engine.applySilently($0) }
        let wanted = operation == .shareLevel ? min(effort.blocks, Self.mostSharingBlocks) : effort.blocks
        let end = cplatform_tsc() &+ UInt64(effort.seconds * Double(hertz))
        var block = 0
        while block < 4 * (wanted + Effort.warmUp), block < 4 * (Effort.warmUp + 1) || cplatform_tsc() < end {
            script.advance()
            for command in script.preparation { _ = engine.applySilently(command) }
            let isKept = block >= 4 * Effort.warmUp
            script.measured.withUnsafeBufferPointer { commands in
                measure(block & 3, commands, &engine, &sink, timer, isKept: isKept)
            }
            block += 1
        }
        blocks.sort()
        reportingBlocks.sort()
        singles.sort()
        reportingSingles.sort()
    }

    private mutating func measure(
        _ kind: Int, _ commands: UnsafeBufferPointer<Command>, _ engine: inout MatchingEngine,
        _ sink: inout ReportSink, _ timer: OperationTimer, isKept: Bool
    ) {
        let isSingle = operation.blockLength == 1
        switch kind {
        case 0 where !isSingle:
            let ticks = timer.silent(&engine, commands)
            if isKept { blocks.add(Double(ticks) / Double(commands.count)) }
        case 1 where !isSingle:
            let ticks = timer.reporting(&engine, commands, &sink)
            if isKept { reportingBlocks.add(Double(ticks) / Double(commands.count)) }
        case 0, 2: timer.singly(&engine, commands) { if isKept { singles.add(Double($0)) } }
        default: timer.singly(&engine, commands, &sink) { if isKept { reportingSingles.add(Double($0)) } }
        }
    }
}
