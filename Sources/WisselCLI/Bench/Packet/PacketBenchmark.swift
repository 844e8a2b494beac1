import Ethdev
import NetStack
import Runtime

/// Forwarding in Swift beside `dpdk-testpmd` on the same devices and the same CPU in the same run, taking turns; and
/// the tests of RFC 2544 on a forwarding loop between two threads.
struct PacketBenchmark: Sendable {
    let options: Options
    let cpus: BenchCPUs
    let clock: Clock
    private let memory: HugePageDecision
    private static let megabytes = 160
    /// On ordinary pages a buffer takes a whole page, and what a closed port leaves behind cannot always be used again.
    private static let ordinaryMegabytes = 384
    /// The descriptors and caches that testpmd is given too.
    static let port = PortConfiguration(
        receiveDescriptors: 1_024, transmitDescriptors: 1_024, mbufCount: 8_191, mbufCacheSize: 256)

    init(_ options: Options) throws {
        self.options = options
        cpus = try BenchCPUs(AvailableCPUs.current())
        memory = EAL.hugePagesAvailable(
            neededMegabytes: 3 * Self.megabytes, ordinaryMegabytes: Self.ordinaryMegabytes)
        clock = try Clock.calibrated()
        try EAL.start(
            EALOptions(
                hugePages: memory.hugePages == .inMemory ? .inMemory : .none(megabytes: Self.ordinaryMegabytes),
                pciAddresses: options.devices.flatMap(\.pciAddresses), filePrefix: "wissel_bench",
                extraArguments: Self.logArguments))
    }

    /// The memif driver complains that no second process can share its ports; none is to.
    static let logArguments = ["--log-level=lib.eal:error", "--log-level=pmd.net.memif:critical"]

    /// What the figures depend on, for whoever reads them elsewhere.
    var conditions: [String] {
        var lines = [
            "frames of \(options.frameSizes.map(String.init).joined(separator: ", ")) bytes (without check sequence), bursts of "
                + "\(ForwardingLoop.burst), 1,024 descriptors, one thread on CPU \(cpus.forwarding) for both ports"
        ]
        if options.tests.contains(.forwarding) {
            lines.append(
                "median of \(options.repetitions) pairs of \(options.seconds) s, ours and testpmd's in turn")
        }
        if options.tests.contains(.forwarding), options.devices.contains(.memif) {
            lines.append(
                "on net_memif the other process is the slower side, so rates there are those of the cycles spent on polls "
                    + "that brought packets, ours and testpmd's (--record-core-cycles)")
        }
        if options.tests != [.forwarding] {
            lines.append(
                "RFC 2544: trials of \(options.trialSeconds) s (the RFC asks for 60 s), generator and sink on CPU "
                    + "\(cpus.main), device under test on CPU \(cpus.forwarding), between them net_ring, 1,023 frames "
                    + "each way")
        }
        lines.append(
            memory.hugePages == .inMemory ? "huge pages" : "no huge pages on either side (\(memory.lack))")
        lines.append(EAL.version)
        return lines
    }

    /// Ordinary memory of another process of the benchmark; nil when it takes huge pages.
    var peerMegabytes: Int? { memory.hugePages == .inMemory ? nil : Self.ordinaryMegabytes }

    /// The EAL arguments of another DPDK process on as much memory.
    var peerMemory: [String] {
        peerMegabytes.map { ["--no-huge", "--no-shconf", "-m", "\($0)"] } ?? ["--in-memory"]
    }
}

/// Which CPU does what.
struct BenchCPUs: Sendable {
    /// Command lines; generator and sink of the RFC 2544 tests.
    let main: Int
    /// The loop that is measured, ours and testpmd's.
    let forwarding: Int
    /// The process that makes the packets for `net_memif`.
    let source: Int

    init(_ available: AvailableCPUs) throws {
        let numbers = available.numbers
        guard numbers.count >= 2 else {
            throw PacketBenchmark.Failure(
                description: "the packet benchmark needs two CPUs, one to forward and one for command lines; this "
                    + "process may use one: allow it more ('taskset -c', '--cpuset-cpus=' of a container)")
        }
        (main, forwarding, source) = (numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : numbers[0])
    }
}
