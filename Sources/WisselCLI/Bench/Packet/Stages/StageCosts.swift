import Ethdev
import Node

/// Where the cycles of a packet go: cycles per packet of each variant of the loop, one per repetition.
struct StageCosts: Sendable {
    let frameBytes: Int
    var cycles = [[Double]](repeating: [], count: StageDepth.allCases.count)

    struct Step: Sendable {
        let depth: StageDepth
        /// Median of the variants up to the one before, cycles per packet.
        let start: Double
        /// Median of this one.
        let end: Double
        /// Of this one's repetitions.
        let spread: Spread

        /// What the step adds; below zero when the machine's noise is larger than the step.
        var cost: Double { end - start }
    }

    var steps: [Step] {
        var before = 0.0
        return StageDepth.allCases.compactMap { depth in
            guard let spread = Spread(cycles[depth.rawValue]) else { return nil }
            defer { before = spread.median }
            return Step(depth: depth, start: before, end: spread.median, spread: spread)
        }
    }
}

extension PacketBenchmark {
    /// Length of one variant's turn: there are six of them, and what counts is that they take turns.
    private var stageSeconds: Double { min(options.seconds, 0.2) }

    /// Measures the variants in turn on a `net_null` port, on the forwarding CPU.
    func measureStages(frameBytes: Int, _ progress: BenchProgress) throws -> StageCosts {
        let port = try EthdevPort(.null(packetBytes: frameBytes, copy: false), configuration: Self.port)
        defer { port.close() }
        try port.start()
        let (device, clock) = (port.devices[0], clock)
        try OrderFrames.fill(device, bytes: frameBytes)
        let ticks = UInt64(stageSeconds * Double(clock.tscHertz))
        var costs = StageCosts(frameBytes: frameBytes)
        for repetition in 1...options.repetitions {
            let counts = try PinnedThread(cpu: cpus.forwarding) {
                var loop = try StageLoop(device)
                var counts = StageDepth.allCases.dropLast().map { depth in
                    _ = loop.run(depth, ticks: ticks / 10)
                    return loop.run(depth, ticks: ticks)
                }
                var pipeline = try PacketPipeline(device: device, configuration: try OrderFrames.configuration())
                _ = ForwardingLoop.run(&pipeline, device, clock: clock, ticks: ticks / 10)
                counts.append(ForwardingLoop.run(&pipeline, device, clock: clock, ticks: ticks))
                pipeline.close()
                return counts
            }.result()
            for (depth, count) in zip(StageDepth.allCases, counts) {
                guard count.packets > 0, count.dropped == 0 else {
                    throw Failure(
                        description: "\(count.packets) packets came through the loop '\(depth)' of the stage costs and "
                            + "\(count.dropped) did not: the loops do not measure the same")
                }
                costs.cycles[depth.rawValue].append(count.ticksPerPacket)
            }
            progress.step("\(repetition)/\(options.repetitions) stage by stage, \(frameBytes) B")
        }
        return costs
    }
}
