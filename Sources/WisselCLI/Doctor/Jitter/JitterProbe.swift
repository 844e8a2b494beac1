import CPlatform
import Foundation
import Runtime

/// How long one CPU was away from a thread that did nothing but read the time-stamp counter: ticks, interrupts, other
/// programs, the firmware, the hypervisor. After Riddoch's sysjitter and the kernel's `hwlat` tracer
/// (Documentation/trace/hwlat_detector.rst).
struct JitterProbe: Encodable, Sendable {
    let cpu: Int
    let seconds: Double
    /// Times between two readings that were longer than 1 µs; undisturbed it is some 10 ns.
    let gaps: Int
    let sumNanoseconds: UInt64
    let longestNanoseconds: UInt64
    /// Of the gaps; 99.9 of 100 are no longer.
    let percentile999Nanoseconds: UInt64

    /// Longer than this is worth looking for: an order takes about a tenth of it through the node.
    static let tolerableNanoseconds: UInt64 = 50_000
    static let leastGapNanoseconds: UInt64 = 1_000

    struct Failure: Error, CustomStringConvertible { var description: String }

    /// All CPUs at once, as the cores of a node run; one thread each.
    /// - Parameter progress: called each second with the seconds that have passed.
    static func measure(cpus: [Int], seconds: Double, progress: (Int) -> Void) throws -> [JitterProbe] {
        let clock = try Clock.calibrated()
        guard clock.tscHertz > 0 else {
            throw Failure(
                description: "the speed of the time-stamp counter is not known, so that nothing can be measured")
        }
        let threads = cpus.map { cpu in
            PinnedThread(cpu: cpu, isKnownToDPDK: false) { probe(cpu: cpu, seconds: seconds, clock) }
        }
        // The one who shows progress disturbs, so once a second is enough.
        for second in 1..<max(Int(seconds.rounded(.up)), 1) {
            sleep(1)
            progress(second)
        }
        return try threads.map { try $0.result() }
    }

    private static func probe(cpu: Int, seconds: Double, _ clock: Clock) -> JitterProbe {
        // The first quarter of a million gaps are kept for the percentile; their pages are there before it begins.
        let capacity = 1 << 18
        let kept = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        kept.initialize(repeating: 0, count: capacity)
        defer { kept.deallocate() }
        let least = clock.tscHertz / (1_000_000_000 / leastGapNanoseconds)
        var (gaps, sum, longest) = (0, UInt64(0), UInt64(0))
        var last = cplatform_tsc()
        let end = last &+ UInt64(seconds * Double(clock.tscHertz))
        while last < end {
            let now = cplatform_tsc()
            let gap = now &- last
            last = now
            if gap <= least { continue }
            if gaps < capacity { kept[gaps] = gap }
            gaps += 1
            sum &+= gap
            longest = max(longest, gap)
        }
        let sorted = UnsafeBufferPointer(start: kept, count: min(gaps, capacity)).sorted()
        let high = sorted.isEmpty ? 0 : sorted[min(sorted.count * 999 / 1_000, sorted.count - 1)]
        func nanoseconds(_ ticks: UInt64) -> UInt64 { UInt64(Double(ticks) * 1e9 / Double(clock.tscHertz)) }
        return JitterProbe(
            cpu: cpu, seconds: seconds, gaps: gaps, sumNanoseconds: nanoseconds(sum),
            longestNanoseconds: nanoseconds(longest), percentile999Nanoseconds: nanoseconds(high))
    }

    var outcome: Outcome {
        if gaps == 0 { return .pass("CPU \(cpu): never away for more than 1 µs in \(figureText(seconds)) s") }
        let share = Double(sumNanoseconds) / (seconds * 1e9)
        let found =
            "CPU \(cpu): away \(grouped(gaps)) times for more than 1 µs in \(figureText(seconds)) s, together "
            + "\(duration(nanoseconds: sumNanoseconds)) (\(percent(share))), p99.9 "
            + "\(duration(nanoseconds: percentile999Nanoseconds)), at most \(duration(nanoseconds: longestNanoseconds))"
        if longestNanoseconds <= Self.tolerableNanoseconds { return .pass(found) }
        return .warn(
            found, remedy: "sudo perf sched record -C \(cpu) -- sleep 5 && sudo perf sched latency   # who ran there")
    }
}
