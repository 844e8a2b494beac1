import Ethdev
import Foundation
import NetStack
import Node

/// Measures the modes on a device in turn with the peer.
extension PacketBenchmark {
    /// Every mode that makes sense on the device, with frames of one size.
    func forward(on device: BenchDevice, frameBytes: Int, _ progress: BenchProgress) throws -> [ForwardingCase] {
        guard !modes(on: device).isEmpty else { return [] }
        switch device {
        case .null, .ring: return try forwardVirtual(device, frameBytes, progress)
        case .memif: return try forwardMemif(frameBytes, progress)
        case .ports(let one, let other): return try forwardPorts(device, one, other, progress)
        }
    }

    func modes(on device: BenchDevice) -> [ForwardingMode] {
        options.modes.filter { $0 != .pipeline || device.carriesOrders }
    }

    private func forwardVirtual(
        _ device: BenchDevice, _ frameBytes: Int, _ progress: BenchProgress
    ) throws -> [ForwardingCase] {
        var specifications = [DeviceSpecification.ring("bench0"), .ring("bench1")]
        if case .null(let copy) = device {
            specifications = Array(repeating: .null(packetBytes: frameBytes, copy: copy), count: 2)
        }
        let ports = try Self.openPair(specifications[0], specifications[1], Self.port)
        defer { Self.close(ports) }
        for port in ports { try port.start() }
        let (one, other) = (ports[0].devices[0], ports[1].devices[0])
        let peer = try TestpmdPeer(
            devices: specifications.map { $0.environmentArguments(for: Self.port) }, mainCPU: cpus.main,
            forwardingCPU: cpus.forwarding, memory: peerMemory)
        defer { peer.close() }
        var peerHasFrames = true
        if device == .ring {
            // A quarter of a ring: however the frames gather, none finds it full.
            let count = 8 * ForwardingLoop.burst
            for port in [one, other] {
                let primed = try OrderFrames.prime(
                    port, macAddress: one.macAddress, bytes: frameBytes, count: count)
                guard primed == count else {
                    throw Failure(description: "net_ring took \(primed) of \(count) frames to go round")
                }
            }
            peerHasFrames = try peer.prime(bursts: 8, frameBytes: frameBytes)
        } else if modes(on: device).contains(.pipeline) {
            try OrderFrames.fill(one, bytes: frameBytes)
        }
        return try alternate(device, frameBytes, ports[0].burstModeText, progress) { mode in
            try measure(mode, one, other)
        } peer: { mode in
            peerHasFrames ? try peer.measure(mode, seconds: options.seconds) : nil
        }
    }

    /// Frames that a third process makes come over shared memory and go back: ours and testpmd's each have a memif
    /// connection of their own to it.
    private func forwardMemif(_ frameBytes: Int, _ progress: BenchProgress) throws -> [ForwardingCase] {
        let socket = FileManager.default.temporaryDirectory.appendingPathComponent("wissel-memif-\(getpid())").path
        func client(_ id: UInt32) -> DeviceSpecification { .memif(.client, socketPath: socket, id: id) }
        let source = try FrameSource(
            socketPath: socket, frameBytes: frameBytes, cpu: cpus.source, megabytes: peerMegabytes)
        defer { source.close() }
        let port = try EthdevPort(client(FrameSourceCommand.connections.lowerBound), configuration: Self.port)
        defer { port.close() }
        try port.start()
        let peer = try TestpmdPeer(
            devices: [client(FrameSourceCommand.connections.upperBound).environmentArguments(for: Self.port)],
            mainCPU: cpus.main, forwardingCPU: cpus.forwarding, memory: peerMemory, topology: "loop",
            recordsCycles: true)
        defer { peer.close() }
        try peer.waitForLink()
        try port.waitForLink()
        try source.send(to: port.macAddress)
        return try alternate(.memif, frameBytes, port.burstModeText, progress) { mode in
            try measure(mode, port.devices[0], port.devices[0], countsBusyTicksOnly: true)
        } peer: { mode in
            Double(clock.tscHertz) / (try peer.measureCycles(mode, seconds: options.seconds))
        }
    }

    /// A NIC belongs to one process at a time: each measurement opens and closes it.
    private func forwardPorts(
        _ device: BenchDevice, _ one: DeviceSpecification, _ other: DeviceSpecification, _ progress: BenchProgress
    ) throws -> [ForwardingCase] {
        var configuration = Self.port
        configuration.promiscuous = true
        func open() throws -> [EthdevPort] {
            let ports = try Self.openPair(one, other, configuration)
            for port in ports { try port.start() }
            for port in ports { try port.waitForLink() }
            return ports
        }
        let ports = try open()
        let burstMode = ports[0].burstModeText
        Self.close(ports)
        return try alternate(device, 0, burstMode, progress) { mode in
            let ports = try open()
            defer { Self.close(ports) }
            return try measure(mode, ports[0].devices[0], ports[1].devices[0])
        } peer: { mode in
            let peer = try TestpmdPeer(
                devices: [one, other].map { $0.environmentArguments(for: configuration) }, mainCPU: cpus.main,
                forwardingCPU: cpus.forwarding, memory: peerMemory)
            defer { peer.close() }
            try peer.waitForLink()
            return try peer.measure(mode, seconds: options.seconds)
        }
    }

    /// Two ports of one thread with one pool of buffers, as testpmd has them.
    private static func openPair(
        _ one: DeviceSpecification, _ other: DeviceSpecification, _ configuration: PortConfiguration
    ) throws -> [EthdevPort] {
        let first = try EthdevPort(one, configuration: configuration)
        return [first, try EthdevPort(other, configuration: configuration, buffersOf: first)]
    }

    /// The borrower before the lender.
    private static func close(_ ports: [EthdevPort]) { for port in ports.reversed() { port.close() } }

    /// Measures ours and the peer's in turn.
    /// - Parameter peer: packets per second; nil when the peer cannot be measured here.
    private func alternate(
        _ device: BenchDevice, _ frameBytes: Int, _ burstMode: String?, _ progress: BenchProgress,
        ours: (ForwardingMode) throws -> ForwardingCount, peer: (ForwardingMode) throws -> Double?
    ) throws -> [ForwardingCase] {
        var cases = modes(on: device).map {
            ForwardingCase($0, device, frameBytes: frameBytes, burstMode: burstMode)
        }
        for repetition in 1...options.repetitions {
            for index in cases.indices {
                let mode = cases[index].mode
                let count = try ours(mode)
                let rate = Double(count.packets) / (Double(count.ticks) / Double(clock.tscHertz))
                guard rate > 0 else {
                    throw Failure(
                        description: "nothing came in on \(device) in mode \(mode): connect something that sends, such "
                            + "as Pktgen or TRex, to both ports")
                }
                let peerRate = try peer(mode)
                cases[index].ours.append(rate)
                cases[index].ticksPerPacket.append(count.ticksPerPacket)
                cases[index].count.add(count)
                if let peerRate {
                    guard peerRate > 0 else {
                        throw Failure(description: "dpdk-testpmd forwarded nothing on \(device) in mode \(mode)")
                    }
                    cases[index].peers.append(peerRate)
                    cases[index].ratios.append(rate / peerRate)
                }
                progress.step(
                    "\(repetition)/\(options.repetitions) \(cases[index].name): \(megapackets(rate))"
                        + (peerRate.map { ", testpmd \(megapackets($0))" } ?? ""))
            }
        }
        return cases
    }

    /// Runs our loop on the forwarding CPU, on a thread of its own that DPDK knows.
    private func measure(
        _ mode: ForwardingMode, _ one: PacketDevice, _ other: PacketDevice, countsBusyTicksOnly: Bool = false
    ) throws -> ForwardingCount {
        let clock = clock
        let ticks = UInt64(options.seconds * Double(clock.tscHertz))
        // Caches and branch prediction settle first.
        let warmUp = clock.tscHertz / 10
        return try PinnedThread(cpu: cpus.forwarding) {
            if mode == .pipeline {
                var pipeline = try PacketPipeline(device: one, configuration: try OrderFrames.configuration())
                _ = ForwardingLoop.run(&pipeline, one, clock: clock, ticks: warmUp)
                let count = ForwardingLoop.run(
                    &pipeline, one, clock: clock, ticks: ticks, countsBusyTicksOnly: countsBusyTicksOnly)
                pipeline.close()
                return count
            }
            _ = ForwardingLoop.run(mode, one, other, ticks: warmUp)
            return ForwardingLoop.run(mode, one, other, ticks: ticks, countsBusyTicksOnly: countsBusyTicksOnly)
        }.result()
    }
}

extension EthdevPort {
    /// The driver's burst functions in one line; nil when it tells neither.
    var burstModeText: String? {
        let mode = burstModes[0]
        if mode.receive == nil && mode.transmit == nil { return nil }
        return "rx \(mode.receive ?? "not told"), tx \(mode.transmit ?? "not told")"
    }

    /// A NIC takes seconds to agree with the other side.
    func waitForLink(limitSeconds: Int = 10) throws {
        for _ in 0..<limitSeconds * 10 {
            if link().isUp { return }
            usleep(100_000)
        }
        throw PacketBenchmark.Failure(
            description: "\(specification) has had no link for \(limitSeconds) s: connect the cable, or the other "
                + "process")
    }
}
