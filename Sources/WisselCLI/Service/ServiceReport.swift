import Foundation
import Node

/// What a node tells the service manager from start to stop. It says that it is alive only while every polling core gets
/// on, so that a core which hangs ends in a restart, even though the rest of the process is well.
struct ServiceReport {
    private let manager: ServiceManager?
    private let intervalNanoseconds: UInt64
    /// When the manager last heard that all is well.
    private var lastBeat: UInt64 = 0
    /// The rounds each core had made then.
    private var rounds: [UInt64] = []
    private var hasWarned = false

    /// Without a watchdog, and how often the state shown by `systemctl status` is renewed.
    private static let usualIntervalNanoseconds: UInt64 = 5_000_000_000

    init(manager: ServiceManager? = ServiceManager()) {
        self.manager = manager
        // Half the time the manager waits, as sd_watchdog_enabled(3) asks.
        intervalNanoseconds = min(
            Self.usualIntervalNanoseconds, manager?.watchdogNanoseconds.map { $0 / 2 } ?? .max)
        manager?.tell("STATUS=starting: ports, and what the journal holds")
    }

    func ready() { manager?.tell("READY=1", "STATUS=running") }

    /// The filter is read again; `ready()` says that it is done.
    func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let microseconds = time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
        manager?.tell("RELOADING=1", "MONOTONIC_USEC=\(microseconds)", "STATUS=reading the filter again")
    }

    func stopping() { manager?.tell("STOPPING=1", "STATUS=stopping: the journal goes to the disk, reports leave") }

    /// Called several times per interval while the node runs.
    /// - Returns: what a person should know: a core that hangs, once until it gets on again.
    mutating func beat(_ statistics: NodeStatistics, now: UInt64) -> String? {
        let current = statistics.cores.map { $0[.rounds] }
        guard rounds.count == current.count else {
            (rounds, lastBeat) = (current, now)
            return nil
        }
        guard now > lastBeat, now - lastBeat >= intervalNanoseconds else { return nil }
        if let stuck = current.indices.first(where: { current[$0] == rounds[$0] }) {
            guard !hasWarned else { return nil }
            hasWarned = true
            let text =
                "core \(statistics.cores[stuck].name) has not polled for \(duration(nanoseconds: now - lastBeat)): "
                + "its CPU is taken away, or a stage hangs"
            manager?.tell("STATUS=\(text)")
            return "warning: \(text)"
        }
        let text =
            "running: \(grouped(statistics.durableSequence)) commands journaled, \(grouped(statistics.dropped)) dropped"
        // What did not arrive is told again at the next look.
        guard manager?.tell("WATCHDOG=1", "STATUS=\(text)") ?? true else { return nil }
        (rounds, lastBeat, hasWarned) = (current, now, false)
        return nil
    }
}
