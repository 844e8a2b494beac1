import ArgumentParser
import Ethdev

/// `wissel bench`: figures beside a peer, measured in the same run.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a part of the node beside its peer, in the same run.",
        subcommands: [
            PacketBenchCommand.self, PriorityBenchCommand.self, FilterBenchCommand.self, RingBenchCommand.self,
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

/// `wissel bench packet`: forwarding in Swift beside `dpdk-testpmd`.
struct PacketBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "packet",
        abstract: "Packets per second between two virtual devices, in Swift and in dpdk-testpmd, in turn.",
        discussion: """
            Two net_null ports, which make frames and let them vanish, so that nothing but the code is measured; with copy \
            the device touches every byte. Then net_memif, shared memory to a third process that makes the packets and \
            takes them back. One thread forwards both ways: io leaves the frame alone, macswap exchanges the \
            MAC addresses. testpmd runs on the same CPU with the same buffers, bursts and descriptors, and rests while we \
            measure. pipeline is the node's own path, from parser over filter, classifier, lane and scheduler to the \
            ring behind, and is compared with testpmd's bare macswap.

            example: wissel bench packet --frame-bytes 64 --repetitions 9 --json packet.json
            """)

    @Option(name: .customLong("mode"), help: "io, macswap or pipeline; may be given more than once. Default: all.")
    var modes: [ForwardingMode] = []
    @Option(help: "Bytes of a frame, 60…1518.") var frameBytes = 64
    @Option(help: "Pairs of measurements, odd, at least 5.") var repetitions = 7
    @Option(help: "Seconds of a measurement, 0.05…60.") var seconds = 0.5
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?

    func validate() throws {
        guard (60...1518).contains(frameBytes) else { throw ValidationError("--frame-bytes takes 60 to 1518") }
        guard repetitions >= 5, !repetitions.isMultiple(of: 2) else {
            throw ValidationError("--repetitions takes an odd number from 5 on, so that there is a median")
        }
        guard seconds >= 0.05, seconds <= 60 else { throw ValidationError("--seconds takes 0.05 to 60") }
    }

    func run() throws {
        try failing {
            var options = PacketBenchmark.Options()
            if !modes.isEmpty { options.modes = modes }
            options.frameBytes = frameBytes
            options.repetitions = repetitions
            options.seconds = seconds
            let benchmark = try PacketBenchmark(options)
            var report = PacketBenchmarkReport(cases: [], conditions: benchmark.conditions)
            func progress(_ item: PacketBenchmark.Case) {
                guard let ours = item.ours.last, let peer = item.peers.last else { return }
                narrate(
                    "\(item.ours.count)/\(repetitions) \(item.device), \(item.mode): "
                        + "\(PacketBenchmarkReport.megapackets(ours)), testpmd \(PacketBenchmarkReport.megapackets(peer))",
                    json: json)
            }
            for copies in [false, true] where !copies || options.modes != [.pipeline] {
                report.cases += try benchmark.run(copies: copies, progress: progress)
            }
            report.cases += try benchmark.runMemif(progress: progress)
            if let json { try write(try report.json(), to: json) }
            if json != "-" { print(report.table) }
        }
    }
}
