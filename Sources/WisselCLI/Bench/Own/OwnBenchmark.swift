import CPlatform
import Foundation
import Runtime

/// The engine's own benchmark: every operation by itself, memory, recorded flow, and the engine with gate and journal.
struct OwnBenchmark {
    struct Options: Sendable {
        /// A second or two, for tests; the figures mean little.
        var isSmall: Bool
        var cpu: Int
        /// Capture whose flow is replayed; nil: none.
        var flow: String?
        /// Folder in which the pipeline's journal is made; nil: the temporary folder.
        var journalFolder: String?
    }

    static func run(
        _ options: Options, clock: Clock, progress: @escaping @Sendable (String) -> Void
    ) throws -> OwnBenchmarkReport {
        // First, as long as nothing large has been given back to the allocator.
        let memory = OrderMemory(orders: options.isSmall ? 100_000 : 1_000_000)
        progress("memory: \(fixed(memory.bytesPerOrder, 1)) B per resting order")
        let recorded = try options.flow.map { try RecordedFlow.read($0) }
        let other = AvailableCPUs.current().numbers.last { $0 != options.cpu } ?? options.cpu
        return try PinnedThread(cpu: options.cpu, isKnownToDPDK: false) {
            try measure(options, memory, recorded, journalCPU: other, clock, progress)
        }.result()
    }

    private static func measure(
        _ options: Options, _ memory: OrderMemory, _ recorded: RecordedFlow?, journalCPU: Int, _ clock: Clock,
        _ progress: (String) -> Void
    ) throws -> OwnBenchmarkReport {
        let switches = cplatform_involuntary_switches_self()
        let shapes = options.isSmall ? BookShape.small : BookShape.full
        let timer = OperationTimer()
        var operations: [OperationMeasurement] = []
        for shape in shapes {
            for operation in BookOperation.allCases where operation.isMeasured(in: shape) {
                operations.append(
                    OperationMeasurement(
                        shape, operation, options.isSmall ? .small : .full, timer, hertz: clock.tscHertz))
            }
            progress("\(shape.name): measured")
        }
        let flow = recorded.map { FlowRun($0, timer, rounds: options.isSmall ? 1 : 9) }
        let lost = Int(cplatform_involuntary_switches_self() - switches)
        let hash = EventsHash(shapes)
        let pipeline = try pipeline(options, journalCPU, clock)
        return OwnBenchmarkReport(
            isSmall: options.isSmall, ticksPerNanosecond: Double(clock.tscHertz) / 1e9, timerTicks: timer.ownTicks,
            resolutionTicks: timer.resolutionTicks, operations: operations, memory: memory, hash: hash,
            pipeline: pipeline, flow: flow, cpu: options.cpu, involuntarySwitches: lost)
    }

    /// In a folder of its own, which is removed again.
    private static func pipeline(_ options: Options, _ journalCPU: Int, _ clock: Clock) throws -> PipelineRun {
        let parent = options.journalFolder ?? FileManager.default.temporaryDirectory.path
        let folder = parent + "/wissel-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try PipelineRun(
            orders: options.isSmall ? 20_000 : 2_000_000, directory: folder, cpus: (options.cpu, journalCPU),
            clock: clock)
    }
}
