extension OwnBenchmarkReport {
    var table: String {
        [
            operationTable.text, "",
            "ns; p50 of blocks with cycles, then single operations without reports, then their median with reports",
            headlines.map { "\($0.text): \(fixed($0.value, 1)) ns" }.joined(separator: "; ")
                + " (blocks, no reports)",
            memoryLine, hashLine, pipelineLine, flow?.text(self) ?? Self.withoutFlow,
        ].joined(separator: "\n") + "\n"
            + (conditions + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }

    static let withoutFlow =
        "recorded flow: no capture; give an IEX DEEP or a Cboe Futures PITCH capture with --flow FILE"

    private var operationTable: Table {
        Table(
            head: [
                "book", "operation", "block", "cycles", "with reports", "single p50", "p99", "p99.99", "max",
                "reports p50",
            ],
            rows: operations.map { measured in
                func text(_ samples: TickSamples, _ percent: Double) -> String {
                    samples.percentile(percent).map { fixed(nanoseconds($0), 1) } ?? "-"
                }
                return [
                    measured.shape.name, measured.operation.name, text(measured.blocks, 50),
                    measured.blocks.percentile(50).map { fixed($0, 0) } ?? "-", text(measured.reportingBlocks, 50),
                ] + [50, 99, 99.99, 100].map { text(measured.singles, $0) } + [text(measured.reportingSingles, 50)]
            }, wordColumns: 2)
    }

    private var memoryLine: String {
        "memory: \(fixed(memory.bytesPerOrder, 1)) B resident per resting order, of \(grouped(memory.orders)) plain "
            + "orders, the index of identifiers and all fixed parts of the engine included; "
            + "\(fixed(memory.bytesPerOrderWhileAdding, 1)) B while they were added"
    }

    private var hashLine: String {
        "events: \(grouped(hash.commands)) commands, \(grouped(hash.reports)) reports, hash "
            + "\(hash.eventsText), state \(hash.stateText)\(isSmall ? " (small size)" : "")"
    }

    private var pipelineLine: String {
        "gate, engine and journal in one process: \(megaorders(pipelineOrdersPerSecond)) until all is durable, "
            + "\(megaorders(Double(pipeline.orders) / pipeline.seconds)) until all is matched; "
            + "\(grouped(pipeline.orders)) commands, \(grouped(pipeline.reports)) reports; \(pipeline.cpus), journal "
            + "\(pipeline.journalMode)\(pipeline.waits > 0 ? "; the engine waited for the journal" : "")"
    }

    private func megaorders(_ rate: Double) -> String { "\(fixed(rate / 1e6, 2)) M commands/s" }
}
