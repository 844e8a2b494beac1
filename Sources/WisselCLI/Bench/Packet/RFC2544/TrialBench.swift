import Ethdev
import Foundation
import NetStack
import Node
import Runtime

/// A forwarding loop as device under test between two threads of this program: what the generator sends on one
/// `net_ring` port the loop receives there, and what the loop sends on the other the sink receives.
final class TrialBench {
    let mode: ForwardingMode
    let frameBytes: Int
    private let cpus: BenchCPUs
    private let clock: Clock
    private let ports: [EthdevPort]
    private var stock: FrameStock?
    /// Trials done again because the kernel had taken a CPU away.
    private(set) var repeatedTrials = 0
    /// Two rings of 1,023 frames, a burst in each hand, and three times as much for the lanes of a node.
    private static let stockFrames = 6_144

    init(_ mode: ForwardingMode, frameBytes: Int, cpus: BenchCPUs, clock: Clock) throws {
        self.mode = mode
        self.frameBytes = frameBytes
        self.cpus = cpus
        self.clock = clock
        ports = [
            try EthdevPort(.ring("ingress"), configuration: PacketBenchmark.port),
            try EthdevPort(.ring("egress"), configuration: PacketBenchmark.port),
        ]
        for port in ports { try port.start() }
        stock = try FrameStock(ports[0].devices[0], frameBytes: frameBytes, capacity: Self.stockFrames)
    }

    /// Gives everything back.
    func close() {
        stock = nil
        for port in ports { port.close() }
    }

    /// Runs a trial; again, at most twice, when frames were lost while the kernel had taken one of the two CPUs away:
    /// then the loss tells of the machine and not of the loop.
    func run(_ plan: TrialPlan, repeatsDisturbed: Bool = true) throws -> Trial {
        var trial = try runOnce(plan)
        for _ in 0..<2 where repeatsDisturbed && trial.lost > 0 && trial.involuntarySwitches > 0 {
            repeatedTrials += 1
            trial = try runOnce(plan)
        }
        return trial
    }

    private func runOnce(_ plan: TrialPlan) throws -> Trial {
        let (ingress, egress) = (ports[0].devices[0], ports[1].devices[0])
        let (mode, clock) = (mode, clock)
        stock?.collect(from: ingress)
        stock?.collect(from: egress)
        guard let stock, stock.refill() else {
            throw PacketBenchmark.Failure(
                description: "the pool of the generator ran out of buffers: frames of earlier trials did not come back")
        }
        let stop = StopFlag()
        let ready = DispatchSemaphore(value: 0)
        let device = PinnedThread(cpu: cpus.forwarding) {
            defer { ready.signal() }
            if mode == .pipeline {
                var pipeline = try PacketPipeline(device: ingress, configuration: try OrderFrames.configuration())
                ready.signal()
                let count = ForwardingLoop.serve(&pipeline, egress, clock: clock, until: stop)
                pipeline.close()
                return count
            }
            ready.signal()
            return ForwardingLoop.serve(mode, ingress, egress, until: stop)
        }
        ready.wait()
        let tester = PinnedThread(cpu: cpus.main) {
            OpenLoopTester.run(plan, ingress: ingress, egress: egress, stock: stock, tscHertz: clock.tscHertz)
        }
        let outcome = Result { try tester.result() }
        stop.raise()
        let count = try device.result()
        var trial = try outcome.get()
        guard trial.foreign == 0 else {
            throw PacketBenchmark.Failure(
                description: "\(trial.foreign) frames came back from \(mode) with another content than they left with")
        }
        trial.dropped = count.dropped
        trial.involuntarySwitches &+= count.involuntarySwitches
        return trial
    }
}
