import ArgumentParser
import Ethdev

/// `wissel bench`: figures beside a peer, measured in the same run.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a part of the node beside its peer, in the same run.",
        subcommands: [
            PacketBenchCommand.self, PriorityBenchCommand.self, OrderBenchCommand.self, FilterBenchCommand.self,
            RingBenchCommand.self, MatchingBenchCommand.self, RiskBenchCommand.self, FrameSourceCommand.self,
            MatchingRunCommand.self,
        ])
}

/// `wissel bench ring`: our SPSC ring, `rte_ring` called from Swift, and DPDK's own `ring_perf_autotest`.
struct RingBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ring",
        abstract:
            "Cycles per record of our SPSC ring, of rte_ring called from Swift, and of dpdk-test's own measurement.",
        discussion: """
            Bursts of 32 eight-byte records, enqueue plus dequeue, in cycles of the time-stamp counter per record; medians \
            of interleaved repetitions. Two cores: one pinned producer, one pinned consumer.
            """)

    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?
    @Option(help: "Interleaved repetitions per figure, at least 5.") var repetitions = 15
    @Flag(help: "Leave out dpdk-test.") var withoutPeer = false

    func run() throws {
        try failing {
            var options = RingBenchmark.Options()
            options.repetitions = max(5, repetitions)
            if withoutPeer { options.dpdkTestPath = nil }
            let report = try RingBenchmark.run(options) {
                try EAL.start(EALOptions(hugePages: .none(megabytes: 64)))
            }
            if let json { try write(report.json, to: json) }
            if json != "-" { print(report.table) }
        }
    }
}
