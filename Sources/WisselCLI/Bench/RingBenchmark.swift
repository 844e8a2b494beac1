import CDPDK
import CPlatform
import Runtime

/// Our single-producer single-consumer ring beside DPDK's `rte_ring`, and both beside what DPDK's own
/// `ring_perf_autotest` says about `rte_ring` on the same machine in the same run.
///
/// The figures are defined as `ring_perf_autotest` of DPDK 22.11 defines them, in ticks of the time-stamp counter:
/// - *burst of 32*, one core: one enqueue and one dequeue of 32 elements of 8 bytes by the same thread.
/// - *two cores*: the producer's time per element plus the consumer's, both in bulks of 32 (all or nothing), with a
///   PAUSE after each attempt that found the ring full or empty.
///
/// Repetitions of the two rings alternate, so that a change of the machine's speed meets both; medians are reported.
/// Two-core figures depend most on how near the two CPUs are: a hypervisor that moves them between sharing a core, a
/// cache and nothing changes them tenfold, so compare only figures of one run. `ring_perf_autotest` chooses its own
/// ring size and lets the first lap, which never waits, count; its two-core figure is a landmark, not a twin.
enum RingBenchmark {
    struct Options {
        /// Odd, so that the median is one of the measurements.
        var repetitions = 15
        var burstsPerRepetition = 100_000
        var elementsPerTwoCoreRepetition = 10_000_000
        /// Slots of either ring, a power of two.
        var slots = 1024
        /// Producer's and consumer's CPU; nil takes the last two of those available.
        var cpus: (producer: Int, consumer: Int)?
        /// Path of DPDK's test program; nil leaves it out.
        var dpdkTestPath: String? = "/usr/bin/dpdk-test"
    }

    static let burst = 32

    /// Runs everything, some seconds.
    /// - Parameter startEAL: starts DPDK's EAL when it does not run yet; called once, after the CPUs have been looked
    ///   at, because the EAL binds the calling thread to one of them.
    static func run(_ options: Options, startEAL: () throws -> Void) throws -> RingBenchmarkReport {
        let available = AvailableCPUs.current()
        var report = RingBenchmarkReport(conditions: conditions(options, available))
        // First, while this program rests: the test program polls on two CPUs of its own.
        if let path = options.dpdkTestPath {
            do {
                let output = try DPDKTestRingPerf.run(path: path, availableCPUs: available)
                report.dpdkTest = DPDKTestRingPerf(output: output)
                report.warnings += report.dpdkTest?.warnings ?? []
            } catch let error as DPDKTestRingPerf.Failure {
                report.warnings.append(error.description)
            }
        }
        try startEAL()
        var code: Int32 = 0
        guard let yardstick = cdpdk_ring_create("wissel_bench", UInt32(options.slots), -1, &code) else {
            throw RingBenchmarkError.noRing(slots: options.slots, code: code)
        }
        defer { cdpdk_ring_free(yardstick) }
        let ring = SPSCRing<UInt64>(capacity: options.slots)
        defer { ring.deallocate() }

        oneCore(options, ring, yardstick, &report)
        guard let cpus = options.cpus ?? defaultCPUs(available) else {
            report.warnings.append(
                "this process may run on CPU \(available) only, so there are no two-core figures: "
                    + "allow it two CPUs ('taskset -c', '--cpuset-cpus=')")
            return report
        }
        twoCores(options, cpus, ring, yardstick, &report)
        return report
    }

    private static func oneCore(
        _ options: Options, _ ring: SPSCRing<UInt64>, _ yardstick: UnsafeMutableRawPointer,
        _ report: inout RingBenchmarkReport
    ) {
        let clock = TickCounter()
        // The first pass of each warms the caches and is thrown away.
        for repetition in 0...options.repetitions {
            let ours = clock.ticks { OneCoreRingLoop.spsc(ring, bursts: options.burstsPerRepetition) }
            let theirs = clock.ticks { OneCoreRingLoop.rteRing(yardstick, bursts: options.burstsPerRepetition) }
            guard repetition > 0 else { continue }
            report.spscBurst32.append(Double(ours) / Double(options.burstsPerRepetition))
            report.rteRingBurst32.append(Double(theirs) / Double(options.burstsPerRepetition))
        }
    }

    private static func twoCores(
        _ options: Options, _ cpus: (producer: Int, consumer: Int), _ ring: SPSCRing<UInt64>,
        _ yardstick: UnsafeMutableRawPointer, _ report: inout RingBenchmarkReport
    ) {
        let bulks = max(options.elementsPerTwoCoreRepetition / burst, 1)
        var switches = 0
        for repetition in 0...options.repetitions {
            let ours = TwoCoreRingRun.measure(cpus, .spsc(ring), bulks: bulks)
            let theirs = TwoCoreRingRun.measure(cpus, .rteRing(yardstick), bulks: bulks)
            guard repetition > 0 else { continue }
            report.spscTwoCore.append(ours.ticksPerElement)
            report.rteRingTwoCore.append(theirs.ticksPerElement)
            switches += ours.involuntarySwitches + theirs.involuntarySwitches
        }
        if switches > 0 {
            report.warnings.append(
                "the measuring threads lost their CPU to other work \(switches) times: the two-core figures are of a "
                    + "shared machine; stop other programs or isolate CPUs \(cpus.producer) and \(cpus.consumer)")
        }
    }

    private static func defaultCPUs(_ available: AvailableCPUs) -> (producer: Int, consumer: Int)? {
        guard available.count >= 2 else { return nil }
        let last = available.numbers.suffix(2)
        return (last.first!, last.last!)
    }

    private static func conditions(_ options: Options, _ available: AvailableCPUs) -> [String] {
        let cpus = (options.cpus ?? defaultCPUs(available)).map { "\($0.producer) and \($0.consumer)" } ?? "none"
        return [
            "\(options.slots) slots of 8 bytes, median of \(options.repetitions) interleaved repetitions",
            "one core: \(options.burstsPerRepetition) bursts of \(burst) each; "
                + "two cores: \(options.elementsPerTwoCoreRepetition) elements each, on CPUs \(cpus)",
        ]
    }
}

/// Why the benchmark could not run.
enum RingBenchmarkError: Error, CustomStringConvertible {
    case noRing(slots: Int, code: Int32)

    var description: String {
        switch self {
        case .noRing(let slots, let code):
            return "rte_ring of \(slots) slots could not be made (errno \(code)): the number must be a power of two, "
                + "and the EAL needs memory ('-m 64' is enough)"
        }
    }
}

/// Elapsed ticks of the time-stamp counter.
struct TickCounter {
    func ticks(_ body: () -> Void) -> UInt64 {
        let start = cplatform_tsc()
        body()
        return cplatform_tsc() &- start
    }
}
