import CDPDK
import NetStack
import Runtime
import Synchronization

/// DPDK's environment abstraction layer: memory, buses and drivers of the whole process.
///
/// Drivers are loaded by EAL itself from its plug-in directory, so the program links only the libraries it calls.
/// After `start` the starting thread keeps its CPU affinity and is known to DPDK as lcore 0.
public enum EAL {
    private struct State {
        var running: EALOptions?
        /// Why EAL cannot be started any more: it keeps state from a first start, even one that failed.
        var spent: String?
        var openPorts = 0
        /// Lcores that polling threads have adopted; only with shared memory.
        var adoptedLcores: Set<Int> = []
    }

    private static let state = Mutex(State())

    /// Starts EAL. A second start in the process keeps the running one when that offers all that is asked for.
    ///
    /// Takes some 100 ms. Any thread; the calling one becomes lcore 0.
    public static func start(_ options: EALOptions) throws(EthdevError) {
        try options.validate()
        try state.withLock { (state) throws(EthdevError) in
            if let running = state.running {
                guard let difference = options.difference(from: running) else { return }
                throw EthdevError(
                    .environment, attempt: "start EAL a second time", cause: "it runs with \(difference)",
                    remedy: "start it once per process, with the options of all users")
            }
            if let spent = state.spent {
                throw EthdevError(
                    .environment, attempt: "start EAL", cause: "it \(spent) in this process",
                    remedy: "start a new process: DPDK cannot be initialised twice")
            }
            try requireMemory(options)
            state.spent = "failed to start"
            try initialise(options)
            state.running = options
        }
    }

    /// Asked beforehand, because EAL reports it as a missing permission and cannot be started after the refusal.
    private static func requireMemory(_ options: EALOptions) throws(EthdevError) {
        let pools = HugePages.status().pools
        guard options.hugePages.areUsed, !pools.isEmpty, pools.allSatisfy({ $0.free == 0 }) else { return }
        throw EthdevError(
            .memory, attempt: "start EAL on huge pages", cause: "none are free", remedy: remedy(for: options))
    }

    private static func initialise(_ options: EALOptions) throws(EthdevError) {
        let lowest = Int(cdpdk_lowest_allowed_cpu())
        let arguments = options.arguments(lowestAllowedCPU: max(lowest, 0))
        // EAL keeps pointers into the argument list, so the list is never freed.
        let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
        for (index, argument) in arguments.enumerated() {
            let text = argument.utf8CString
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
            for (offset, character) in text.enumerated() { copy[offset] = character }
            (list + index).initialize(to: copy)
        }
        (list + arguments.count).initialize(to: nil)
        try check(
            cdpdk_eal_init(Int32(arguments.count), list),
            "start EAL with \"\(arguments.dropFirst().joined(separator: " "))\"",
            remedy: remedy(for: options))
        // Before any driver can take the place.
        try check(
            cdpdk_mbuf_reserve_notes(Packet.Layout.notes, Packet.Layout.notesByteCount),
            "reserve room for notes in the packet buffers", remedy: "use the DPDK release this program was built with")
    }

    private static func remedy(for options: EALOptions) -> String {
        switch options.hugePages {
        case .shared:
            "end the other process with the file prefix \(options.filePrefix), or give this one a prefix of its own; "
                + "mount a hugetlbfs (mount -t hugetlbfs nodev /dev/hugepages); see hugepages/status"
        case .inMemory:
            "run hugepages/status, reserve huge pages with hugepages/reserve, or run without them "
                + "(EALOptions.HugePages.none)"
        case .none(let megabytes):
            "check that \(megabytes) MB of memory are free and read EAL's message above"
        }
    }

    /// Stops EAL. All ports must be closed; it cannot be started again in this process.
    public static func stop() throws(EthdevError) {
        try state.withLock { (state) throws(EthdevError) in
            guard state.running != nil else { return }
            if state.openPorts > 0 {
                throw EthdevError(
                    .environment, attempt: "stop EAL", cause: "\(state.openPorts) ports are open",
                    remedy: "close every EthdevPort first")
            }
            state.running = nil
            state.spent = "was stopped"
            try check(cdpdk_eal_cleanup(), "stop EAL", remedy: "end the process; the kernel frees what is left")
        }
    }

    /// Name and number of the DPDK release in use.
    public static var version: String { String(cString: cdpdk_version()) }

    /// Number of the DPDK release whose headers this was compiled with, such as `22.11.11`.
    public static var headerVersion: String { String(cString: cdpdk_header_version()) }

    /// How devices see memory, "physical" or "virtual" addresses; "undecided" before the start.
    public static var addressMode: String { String(cString: cdpdk_address_mode()) }

    public static var isStarted: Bool { state.withLock { $0.running != nil } }

    /// The options EAL runs with; nil before the start and after the stop.
    public static var runningOptions: EALOptions? { state.withLock { $0.running } }

    /// Makes the calling thread known to DPDK, so that it gets its own buffer caches. Once per polling thread, before
    /// its first burst; undone by `unregisterThread()` on the same thread.
    public static func registerThread() throws(EthdevError) {
        guard isStarted else { throw notStarted(attempt: "register a thread") }
        guard cdpdk_thread_lcore() < 0 else { return }
        if runningOptions?.hugePages == .shared { return try adoptLcore() }
        try check(
            cdpdk_thread_register(), "register a polling thread with DPDK",
            remedy: "use at most \(cdpdk_maximum_lcores()) polling threads in a process")
    }

    /// Takes the calling thread's buffer caches back. Nothing happens on a thread that was never registered, nor on the
    /// thread that started EAL.
    public static func unregisterThread() {
        let lcore = Int(cdpdk_thread_lcore())
        guard lcore > 0 else { return }
        let wasAdopted = state.withLock { $0.adoptedLcores.remove(lcore) != nil }
        if wasAdopted { cdpdk_thread_adopt_lcore(-1) } else { cdpdk_thread_unregister() }
    }

    private static func adoptLcore() throws(EthdevError) {
        let lcore = state.withLock { (state) -> Int? in
            let lcore = (1...(state.running?.pollingThreads ?? 1)).first { !state.adoptedLcores.contains($0) }
            if let lcore { state.adoptedLcores.insert(lcore) }
            return lcore
        }
        guard let lcore else {
            throw EthdevError(
                .environment, attempt: "register a polling thread with DPDK",
                cause: "all \(runningOptions?.pollingThreads ?? 0) lcores are taken",
                remedy: "raise EALOptions.pollingThreads")
        }
        cdpdk_thread_adopt_lcore(Int32(lcore))
    }

    static func notStarted(attempt: String) -> EthdevError {
        EthdevError(.environment, attempt: attempt, cause: "EAL is not running", remedy: "call EAL.start first")
    }

    /// Runs one change of the set of ports; EAL's buses are not made for two at once.
    static func changingPorts<Result>(
        by amount: Int, attempt: String, _ body: (_ running: EALOptions) throws(EthdevError) -> Result
    ) throws(EthdevError) -> Result {
        let outcome = state.withLock { (state) -> Swift.Result<Result, EthdevError> in
            guard let running = state.running else { return .failure(notStarted(attempt: attempt)) }
            do throws(EthdevError) {
                let result = try body(running)
                state.openPorts += amount
                return .success(result)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
