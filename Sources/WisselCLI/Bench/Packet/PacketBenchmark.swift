import CPlatform
import Ethdev
import Foundation
import NetStack
import Node
import Runtime

/// Forwarding between two virtual devices in Swift, beside `dpdk-testpmd` on the same devices and the same CPU in the
/// same run, taking turns.
struct PacketBenchmark {
    struct Options {
        var modes = ForwardingMode.allCases
        var frameBytes = 64
        /// Odd, so that the median is one of the measurements; at least 5.
        var repetitions = 7
        var seconds = 0.5
    }

    /// One mode on one device.
    struct Case {
        var mode: ForwardingMode
        var device: String
        /// Packets per second of each repetition.
        var ours: [Double] = []
        var peers: [Double] = []
        /// Ours to the peer's of each repetition, measured one after the other.
        var ratios: [Double] = []
        var ticksPerPacket = 0.0
        var dropped: UInt64 = 0
        var emptyPolls: UInt64 = 0
        var bursts: UInt64 = 0

        /// What a reader must know of the figures, with the remedy.
        var warning: String? {
            guard emptyPolls > bursts / 10 else { return nil }
            return "\(device), \(mode): the source of the packets was slower than the loop measured "
                + "(\(emptyPolls) polls came back empty, \(bursts) did not), so the ratio compares waiting rather than "
                + "work: give the source a CPU of its own, with at least three CPUs"
        }
    }

    struct BenchmarkError: Error, CustomStringConvertible { var description: String }

    let options: Options
    private let cpus: (main: Int, forwarding: Int, source: Int)
    private let memory: HugePageDecision
    private let clock: Clock
    private static let megabytes = 160
    /// The descriptors and caches that testpmd is given too.
    private static let port = PortConfiguration(
        receiveDescriptors: 1_024, transmitDescriptors: 1_024, mbufCount: 8_191, mbufCacheSize: 256)

    init(_ options: Options) throws {
        self.options = options
        let available = AvailableCPUs.current().numbers
        guard available.count >= 2 else {
            throw BenchmarkError(
                description: "the packet benchmark needs two CPUs, one to forward and one for command lines; this "
                    + "process may use one: allow it more ('taskset -c', '--cpuset-cpus=' of a container)")
        }
        cpus = (available[0], available[1], available.count > 2 ? available[2] : available[0])
        memory = EAL.hugePagesAvailable(neededMegabytes: 2 * Self.megabytes)
        clock = try Clock.calibrated()
        try EAL.start(
            EALOptions(
                hugePages: memory.hugePages == .inMemory ? .inMemory : .none(megabytes: Self.megabytes),
                filePrefix: "wissel_bench", extraArguments: ["--log-level=lib.eal:error"]))
    }

    /// What the figures depend on, for whoever reads them elsewhere.
    var conditions: [String] {
        [
            "frames of \(options.frameBytes) bytes, bursts of \(ForwardingLoop.burst), 1,024 descriptors, one thread on "
                + "CPU \(cpus.forwarding) for both ports",
            "median of \(options.repetitions) pairs of \(options.seconds) s, ours and testpmd's in turn",
            memory.hugePages == .inMemory ? "huge pages" : "no huge pages on either side (\(memory.lack))",
            EAL.version,
        ]
    }

    /// Measures every mode on the device; `progress` is told after each repetition.
    /// - Parameter copies: the device touches every byte of a frame.
    func run(copies: Bool, progress: (Case) -> Void) throws -> [Case] {
        let name = "net_null\(copies ? " with copy" : "")"
        let specification = DeviceSpecification.null(packetBytes: options.frameBytes, copy: copies)
        let ports = [
            try EthdevPort(specification, configuration: Self.port),
            try EthdevPort(specification, configuration: Self.port),
        ]
        defer { for port in ports { port.close() } }
        for port in ports { try port.start() }
        let arguments = "size=\(options.frameBytes),copy=\(copies ? 1 : 0)"
        let peer = try TestpmdPeer(
            devices: ["net_null0,\(arguments)", "net_null1,\(arguments)"], mainCPU: cpus.main,
            forwardingCPU: cpus.forwarding,
            memory: peerMemory)
        defer { peer.close() }
        // With copy the device writes over the frames the pipeline is to parse.
        let modes = options.modes.filter { $0 != .pipeline || !copies }
        if modes.contains(.pipeline) { try OrderFrames.fill(ports[0].devices[0], bytes: options.frameBytes) }
        return try alternate(modes, name, ports[0].devices[0], ports[1].devices[0], peer, progress)
    }

    /// Packets that a third process makes come over shared memory and go back: ours and testpmd's each have a memif
    /// connection of their own to it.
    func runMemif(progress: (Case) -> Void) throws -> [Case] {
        let modes = options.modes.filter { $0 != .pipeline }
        guard !modes.isEmpty else { return [] }
        let socket = FileManager.default.temporaryDirectory.appendingPathComponent("wissel-memif-\(getpid())").path
        func device(_ role: String, _ id: Int) -> String {
            "net_memif\(id),role=\(role),id=\(id),socket=\(socket),socket-abstract=no,zero-copy=no"
        }
        let generator = try TestpmdPeer(
            devices: [device("server", 0), device("server", 1)], mainCPU: cpus.main, forwardingCPU: cpus.source,
            memory: peerMemory)
        defer { generator.close() }
        let port = try EthdevPort(
            .memif(.client, socketPath: socket, id: 0), configuration: Self.port)
        defer { port.close() }
        try port.start()
        let peer = try TestpmdPeer(
            devices: [device("client", 1)], mainCPU: cpus.main, forwardingCPU: cpus.forwarding,
            memory: peerMemory, topology: "loop")
        defer { peer.close() }
        try peer.waitForLink()
        try generator.waitForLink()
        try generator.generate()
        return try alternate(modes, "net_memif", port.devices[0], port.devices[0], peer, progress)
    }

    private var peerMemory: [String] {
        memory.hugePages == .inMemory ? ["--in-memory"] : ["--no-huge", "-m", "\(Self.megabytes)"]
    }

    /// Measures ours and the peer in turn.
    private func alternate(
        _ modes: [ForwardingMode], _ name: String, _ one: PacketDevice, _ other: PacketDevice, _ peer: TestpmdPeer,
        _ progress: (Case) -> Void
    ) throws -> [Case] {
        var cases = modes.map { Case(mode: $0, device: name) }
        for _ in 0..<options.repetitions {
            for index in cases.indices {
                let mode = cases[index].mode
                let (count, rate) = try forward(mode, one, other)
                let peerRate = try peer.measure(mode, seconds: options.seconds)
                guard peerRate > 0 else {
                    throw BenchmarkError(description: "dpdk-testpmd forwarded nothing on \(name) in mode \(mode)")
                }
                cases[index].ours.append(rate)
                cases[index].peers.append(peerRate)
                cases[index].ratios.append(rate / peerRate)
                cases[index].ticksPerPacket = Double(count.ticks) / Double(max(count.packets, 1))
                cases[index].dropped &+= count.dropped
                cases[index].emptyPolls &+= count.emptyPolls
                cases[index].bursts &+= count.bursts
                progress(cases[index])
            }
        }
        return cases
    }

    /// Runs our loop on the forwarding CPU, on a thread of its own that DPDK knows.
    private func forward(
        _ mode: ForwardingMode, _ one: PacketDevice, _ other: PacketDevice
    ) throws -> (ForwardingCount, rate: Double) {
        let clock = clock
        let ticks = UInt64(options.seconds * Double(clock.tscHertz))
        let runner = Runner(cpu: cpus.forwarding) {
            // A warm-up as long as the peer's.
            if mode == .pipeline {
                var pipeline = try PacketPipeline(device: one, configuration: OrderFrames.configuration())
                _ = ForwardingLoop.run(&pipeline, one, clock: clock, ticks: clock.tscHertz / 10)
                let count = ForwardingLoop.run(&pipeline, one, clock: clock, ticks: ticks)
                pipeline.close()
                return count
            }
            _ = ForwardingLoop.run(mode, one, other, ticks: clock.tscHertz / 10)
            return ForwardingLoop.run(mode, one, other, ticks: ticks)
        }
        let count = try runner.result()
        return (count, Double(count.packets) / (Double(count.ticks) / Double(clock.tscHertz)))
    }

    private final class Runner: @unchecked Sendable {
        private let done = DispatchSemaphore(value: 0)
        private var outcome: Result<ForwardingCount, any Error>?

        init(cpu: Int, _ body: @escaping @Sendable () throws -> ForwardingCount) {
            let thread = Thread { [self] in
                outcome = Result {
                    let code = cplatform_pin_self(Int32(cpu))
                    guard code == 0 else {
                        throw BenchmarkError(
                            description: "CPU \(cpu) was refused: \(errorText(code))")
                    }
                    try EAL.registerThread()
                    defer { EAL.unregisterThread() }
                    return try body()
                }
                done.signal()
            }
            thread.start()
        }

        func result() throws -> ForwardingCount {
            done.wait()
            guard let outcome else { throw BenchmarkError(description: "the forwarding thread left nothing behind") }
            return try outcome.get()
        }
    }
}
