import CPlatform
import Foundation
import Journal
import Matching
import Orders
import Risk
import Runtime
import Synchronization

/// Gate, engine and journal in one process, as in a node: the engine's thread checks, logs and applies each command, the
/// journal's thread writes the log. No session and no network.
struct PipelineRun: Sendable {
    let orders: Int
    /// Until the engine's thread had carried out the last command.
    let seconds: Double
    /// Until the last command was durable.
    let durableSeconds: Double
    let reports: Int
    /// Passed when the engine's thread found the ring to the journal full.
    let waits: Int
    let journalMode: String
    let cpus: String

    private static let ringCapacity = 65_536

    /// - Parameters:
    ///   - directory: an existing one, for the journal; what is written stays there.
    ///   - cpus: of the engine's thread and of the journal's.
    init(orders: Int, directory: String, cpus: (engine: Int, journal: Int), clock: Clock) throws {
        let flow = PipelineFlow(count: orders)
        let ring = SPSCRing<Command>(capacity: Self.ringCapacity)
        defer { ring.deallocate() }
        var configuration = JournalConfiguration(directory: directory, epoch: 1)
        configuration.segmentByteCount = 256 << 20
        configuration.yieldsWhileWriting = cpus.engine == cpus.journal
        configuration.blocksPerWrite = 256
        configuration.writesInFlight = 4
        configuration.firstSequence = UInt64(flow.filling.count + 1)
        let journal = JournalOwner(try JournalWriter(configuration: configuration, input: ring))
        let last = UInt64(flow.filling.count + orders)
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            _ = cplatform_pin_self(Int32(cpus.journal))
            journal.poll(clock, until: last)
            done.signal()
        }
        _ = cplatform_pin_self(Int32(cpus.engine))
        var core = PipelineCore(ring: ring, clock: clock)
        core.fill(flow.filling)
        while !journal.isPolling { sched_yield() }
        let start = cplatform_tsc()
        core.run(flow.commands)
        let end = cplatform_tsc()
        if done.wait(timeout: .now() + 60) != .success {
            journal.stop()
            done.wait()
            throw PipelineError(
                description: "\(directory): the journal did not take \(orders) commands in 60 s; give a directory on a "
                    + "faster device with --journal")
        }
        seconds = Double(end - start) / Double(clock.tscHertz)
        // The engine's thread may have been off its CPU after its last command was logged.
        durableSeconds = Double(max(end, journal.durableTicks) - start) / Double(clock.tscHertz)
        reports = core.reports
        waits = core.waits
        core.deallocate()
        try journal.close(clock)
        self.orders = orders
        journalMode = journal.mode
        self.cpus = "engine on CPU \(cpus.engine), journal on CPU \(cpus.journal)"
    }
}

/// Why there is no figure of the pipeline.
struct PipelineError: Error, CustomStringConvertible {
    let description: String
}

/// The journal between its two owners: one thread polls, then the other closes.
private final class JournalOwner: @unchecked Sendable {
    let mode: String
    private var writer: JournalWriter
    private let polling = Atomic(false)
    private let stopped = Atomic(false)
    /// When the last command was seen to be durable; read after the polling has ended.
    private(set) var durableTicks: UInt64 = 0

    init(_ writer: consuming JournalWriter) {
        mode = "\(writer.mode)"
        self.writer = writer
    }

    var isPolling: Bool { polling.load(ordering: .acquiring) }

    func stop() { stopped.store(true, ordering: .releasing) }

    func poll(_ clock: Clock, until last: UInt64) {
        polling.store(true, ordering: .releasing)
        while writer.sharedState.durableSequence < last, !stopped.load(ordering: .relaxed) {
            if writer.poll(now: clock.now()) == 0 { cplatform_pause() }
        }
        durableTicks = cplatform_tsc()
    }

    func close(_ clock: Clock) throws { try writer.close(now: clock.now()) }
}
