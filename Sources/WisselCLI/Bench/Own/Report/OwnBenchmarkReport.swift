/// The figures of the engine's own benchmark for people and for machines.
struct OwnBenchmarkReport: Sendable {
    let isSmall: Bool
    let ticksPerNanosecond: Double
    let timerTicks: UInt64
    let resolutionTicks: UInt64
    let operations: [OperationMeasurement]
    let memory: OrderMemory
    let hash: EventsHash
    let pipeline: PipelineRun
    let flow: FlowRun?
    let cpu: Int
    let involuntarySwitches: Int
    var warnings: [String] = []
    var host: [HostFingerprint.Line] = []

    func nanoseconds(_ ticks: Double) -> Double { ticks / ticksPerNanosecond }

    /// Median over the blocks' averages without reports, ns; the larger one where two operations are named.
    func blockMedian(_ kinds: [BookOperation], resting: Int) -> Double {
        operations.filter { kinds.contains($0.operation) && $0.shape.name == "fifo_\(resting)" }
            .compactMap { $0.blocks.percentile(50) }.map(nanoseconds).max() ?? 0
    }

    /// How many orders rest in the book that is called hot, and in the one that is called large.
    var hotOrders: Int { 100 }
    var largeOrders: Int { isSmall ? 100 : 1_000_000 }

    /// What is asked for by name; a hot order is one touched a moment ago. The cancel of any order stands beside it.
    var headlines: [(key: String, text: String, value: Double)] {
        let kinds: [(name: String, text: String, operations: [BookOperation])] = [
            ("add", "add", [.addAtTop, .addDeep]), ("cancel", "cancel of a recent order", [.cancelRecent]),
            ("cancel_any", "cancel of any order", [.cancelAny]),
        ]
        let sizes = [("hot_", "_p50_ns", hotOrders), ("", "_1m_p50_ns", largeOrders)]
        return sizes.flatMap { (before, behind, resting) in
            kinds.map { kind in
                (
                    before + kind.name + behind, "\(kind.text), \(grouped(resting)) resting",
                    blockMedian(kind.operations, resting: resting)
                )
            }
        }
    }

    var pipelineOrdersPerSecond: Double { Double(pipeline.orders) / pipeline.durableSeconds }

    /// What is in the figures and what is not.
    var conditions: [String] {
        [
            "one thread on CPU \(cpu); commands are made before the clock starts and lie in memory; nothing is in a "
                + "figure but the engine: no decoding, no session, no gate, no log, no hash",
            "block: average over 64 operations between two readings of the clock; the operations of a block overlap in "
                + "the processor as in a busy node. silent: applySilently, which makes no reports. reports: apply, each "
                + "command's reports written over those of the one before, not read",
            "single: one operation between two readings with barriers (lfence), so nothing overlaps; silent; the clock "
                + "moves in steps of \(fixed(nanoseconds(Double(resolutionTicks)), 1)) ns. \(timerTicks) ticks for "
                + "reading the clock are subtracted from all figures",
            "cycles are those of the time-stamp counter. hot_… and …_1m_… of the JSON are the blocks' medians, silent, "
                + "FIFO; of add the larger of top and deep; cancel is of the orders the block before has entered, "
                + "cancel_any of orders drawn from all that rest",
            "block: MatchingEngine.lookAhead over the block's commands is in the figure; it does something only where "
                + "the index of identifiers is larger than a core's cache, here with 1,000,000 resting. single: without",
            "between blocks the book is brought back to its size outside the clock; what that touches is in the cache "
                + "then, the orders drawn for the block mostly not",
        ] + BookOperation.allCases.map { "\($0.name): \($0.explanation)" }
    }
}
