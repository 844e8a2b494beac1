import Orders
import Runtime

/// The rings between the sequencer and a shard on another core.
///
/// Behind the reports of each command comes an end mark: a report of kind `none` with the command's sequence, and in
/// `timestampNanoseconds` the shard's next deadline. Terms have no end mark: they belong to the order behind them.
struct ShardLink {
    let commands: SPSCRing<Command>
    let reports: SPSCRing<ExecutionReport>

    init() {
        commands = SPSCRing(capacity: Limits.shardCommandRingCapacity)
        reports = SPSCRing(capacity: Limits.shardReportRingCapacity)
    }

    func deallocate() {
        commands.deallocate()
        reports.deallocate()
    }
}
