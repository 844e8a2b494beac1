import CPlatform
import Glibc
import Synchronization

/// A thread that polls its stages in order until it is stopped; pinned to one CPU when the plan names one.
///
/// `start()`, `join()` and the release of the last reference belong to one controlling thread; `requestStop()` and
/// `counters` are open to every thread. Stages that feed one another are drained by stopping their cores in the
/// direction of the flow: stop and join the upstream core first.
public final class PollingCore: @unchecked Sendable {
    /// Runs on the core's own thread. What it throws before the loop fails `start()`.
    public typealias StartHook = @Sendable () throws -> Void
    public typealias StopHook = @Sendable () -> Void

    public let name: String
    public let cpu: Int?
    /// Kept until the object goes; may be read while the core runs.
    public let counters = CounterBlock<PollingCoreCounter>()

    private let stages: UnsafeMutablePointer<StageHandle>
    private let stageCount: Int
    private let stopRequested: UnsafeMutablePointer<Atomic<Bool>>
    private let clock: Clock
    private let idle: IdleStrategy
    private let drainBound: DrainBound
    private let onStart: StartHook?
    private let onStop: StopHook?
    private let outcome = Mutex<Outcome>(.pending)
    private var thread: pthread_t?

    private enum Outcome {
        case pending
        case running
        case failed(RuntimeError)
    }

    /// - Parameters:
    ///   - name: the thread is called `wissel-` and as much of this as fits into 15 bytes.
    ///   - cpu: the CPU to run on; nil leaves the thread where the scheduler puts it.
    ///   - stages: polled in this order, once per round. Their memory must outlive the core.
    ///   - onStart: runs on the new thread, after pinning and before the first round.
    ///   - onStop: runs on the thread after the last round.
    public init(
        name: String, cpu: Int?, stages: [StageHandle], idle: IdleStrategy, clock: Clock,
        drainBound: DrainBound = DrainBound(), onStart: StartHook? = nil, onStop: StopHook? = nil
    ) {
        self.name = name
        self.cpu = cpu
        self.idle = idle
        self.clock = clock
        self.drainBound = drainBound
        self.onStart = onStart
        self.onStop = onStop
        stageCount = stages.count
        self.stages = .allocate(capacity: max(stages.count, 1))
        self.stages.initialize(from: stages, count: stages.count)
        // Alone on its cache lines: the loop reads it every round, and it must stay in the core's own cache.
        let flag = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
        stopRequested = flag.bindMemory(to: Atomic<Bool>.self, capacity: 1)
        stopRequested.initialize(to: Atomic(false))
    }

    deinit {
        precondition(thread == nil, "polling core '\(name)' was dropped without join()")
        UnsafeMutableRawPointer(stopRequested).deallocate()
        stages.deallocate()
        counters.deallocate()
    }

    /// Starts the thread and returns when it is pinned, `onStart` has run, and the loop begins. Once per object.
    /// - Throws: `RuntimeError`: CPU missing, offline or not allowed; no thread; `onStart` failed.
    public func start() throws(RuntimeError) {
        precondition(thread == nil, "polling core '\(name)' was started twice")
        if let cpu { try check(cpu) }
        var created = pthread_t()
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(
            &created, nil,
            { context in
                let core = Unmanaged<PollingCore>.fromOpaque(context!).takeRetainedValue()
                core.runThread()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            throw .threadNotCreated(core: name, code: code)
        }
        thread = created
        while true {
            switch outcome.withLock({ $0 }) {
            case .pending: usleep(50)
            case .running: return
            case .failed(let error):
                join()
                throw error
            }
        }
    }

    /// Asks the loop to end; returns at once. Any thread, any number of times.
    public func requestStop() { stopRequested.pointee.store(true, ordering: .releasing) }

    /// Waits for the thread to end. Without `requestStop()` it waits for ever. Nothing happens when none runs.
    public func join() {
        guard let running = thread else { return }
        pthread_join(running, nil)
        thread = nil
    }

    /// Asks to stop and waits until the stages are drained and `onStop` has run.
    public func stop() {
        requestStop()
        join()
    }

    private func runThread() {
        cplatform_name_self("wissel-\(name)")
        if let cpu, cplatform_pin_self(Int32(truncatingIfNeeded: cpu)) != 0 {
            let error = RuntimeError.cpuNotAllowed(core: name, cpu: cpu, allowed: AvailableCPUs.current().numbers)
            outcome.withLock { $0 = .failed(error) }
            return
        }
        do {
            try onStart?()
        } catch {
            let failure = RuntimeError.startHookFailed(core: name, reason: "\(error)")
            outcome.withLock { $0 = .failed(failure) }
            return
        }
        outcome.withLock { $0 = .running }
        var loop = PollLoop(
            stages: stages, stageCount: stageCount, clock: clock, idler: Idler(idle), drainBound: drainBound,
            stopRequested: stopRequested, counters: counters)
        loop.run()
        onStop?()
    }

    private func check(_ cpu: Int) throws(RuntimeError) {
        let existing = AvailableCPUs.existing()
        guard existing.contains(cpu) else {
            throw .cpuDoesNotExist(core: name, cpu: cpu, existing: existing.numbers)
        }
        // CPU 0 usually has no such file: it cannot be switched off.
        if let online = textFile("/sys/devices/system/cpu/cpu\(cpu)/online"), online.hasPrefix("0") {
            throw .cpuOffline(core: name, cpu: cpu)
        }
    }
}
