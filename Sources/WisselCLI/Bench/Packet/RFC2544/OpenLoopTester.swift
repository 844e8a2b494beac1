import CPlatform
import LoadClient
import NetStack

/// Generator and sink of a trial, one thread: sends each frame when it is due, whatever has become of those before.
enum OpenLoopTester {
    /// Nothing came for so long after the last frame was sent: what is missing is lost.
    private static let drainSeconds = 0.02

    /// - Parameters:
    ///   - ingress: sending on it reaches the device under test.
    ///   - egress: what the device under test has sent is received on it.
    static func run(
        _ plan: TrialPlan, ingress: PacketDevice, egress: PacketDevice, stock: FrameStock, tscHertz: UInt64
    ) -> Trial {
        let burst = ForwardingLoop.burst
        let hertz = Double(tscHertz)
        let ticksPerFrame = plan.rate.map { hertz / $0 } ?? 0
        let framesPerTick = plan.rate.map { $0 / hertz } ?? 0
        let sendingTicks = min(UInt64(plan.seconds * hertz), FrameStamp.maximumTicks)
        let drainTicks = UInt64(drainSeconds * hertz)
        let switchesBefore = cplatform_involuntary_switches_self()
        var sink = FrameSink(latency: plan.recordsLatency ? LatencyHistogram(ticksPerSecond: tscHertz) : nil)
        var (offered, refused, ended): (UInt64, UInt64, UInt64) = (0, 0, 0)
        var isSending = true
        var lastArrival: UInt64 = 0
        let start = cplatform_tsc()
        while true {
            let now = cplatform_tsc() &- start
            if isSending {
                let due = plan.rate == nil ? plan.frames : min(plan.frames, UInt64(Double(now) * framesPerTick) &+ 1)
                let wanted = min(Int(truncatingIfNeeded: min(due &- offered, UInt64(burst))), stock.count)
                if wanted > 0 {
                    let frames = stock.last(wanted)
                    for index in 0..<wanted {
                        let number = offered &+ UInt64(truncatingIfNeeded: index)
                        let ticks = plan.rate == nil ? now : UInt64(Double(number) * ticksPerFrame)
                        FrameStamp(ticks: ticks, sequence: number).write(to: frames[index])
                    }
                    let sent = ingress.transmit(frames, count: wanted)
                    stock.remove(sent, ofLast: wanted)
                    offered &+= UInt64(truncatingIfNeeded: wanted)
                    refused &+= UInt64(truncatingIfNeeded: wanted &- sent)
                }
                if offered == plan.frames || now > sendingTicks {
                    isSending = false
                    ended = cplatform_tsc() &- start
                    lastArrival = ended
                }
            } else if sink.received &+ refused >= offered || now &- min(lastArrival, now) > drainTicks {
                break
            }
            let count = egress.receive(into: stock.end, count: min(2 * burst, stock.room))
            guard count > 0 else { continue }
            let arrival = cplatform_tsc() &- start
            lastArrival = max(lastArrival, arrival)
            for index in 0..<count { sink.take(FrameStamp(stock.end[index]), now: arrival) }
            stock.add(count)
        }
        var trial = Trial(plan: plan)
        trial.offered = offered
        trial.received = sink.received
        trial.refused = refused
        trial.reordered = sink.reordered
        trial.foreign = sink.foreign
        trial.sendingSeconds = Double(max(ended, 1)) / hertz
        trial.involuntarySwitches = UInt64(max(0, cplatform_involuntary_switches_self() - switchesBefore))
        trial.latency = sink.latency
        return trial
    }
}
