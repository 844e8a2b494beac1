import CPlatform
import NetStack
import Node
import Runtime

/// Frames that come in at one port leave at the other, by one thread.
enum ForwardingLoop {
    /// testpmd's burst.
    static let burst = 32

    /// Forwards both ways between two devices until the time-stamp counter has advanced by `ticks`.
    /// - Parameter countsBusyTicksOnly: leaves out of the count what polls took that brought nothing.
    static func run(
        _ mode: ForwardingMode, _ one: PacketDevice, _ other: PacketDevice, ticks: UInt64,
        countsBusyTicksOnly: Bool = false
    ) -> ForwardingCount {
        var tally = PollTally()
        let start = cplatform_tsc()
        var now = start
        while now &- start < ticks {
            if countsBusyTicksOnly {
                for _ in 0..<64 {
                    tally.timed { mode == .io ? io(one, other, &$0) : macswap(one, other, &$0) }
                    tally.timed { mode == .io ? io(other, one, &$0) : macswap(other, one, &$0) }
                }
                now = cplatform_tsc()
                continue
            }
            // The counter is read once in many rounds, so that reading it is no part of what is measured.
            switch mode {
            case .io:
                for _ in 0..<256 {
                    io(one, other, &tally)
                    io(other, one, &tally)
                }
            case .macswap, .pipeline:
                for _ in 0..<256 {
                    macswap(one, other, &tally)
                    macswap(other, one, &tally)
                }
            }
            now = cplatform_tsc()
        }
        return tally.count(ticks: countsBusyTicksOnly ? tally.busyTicks : now &- start)
    }

    /// Takes a device's packets through a node's network stage and sends them back to it, as long.
    static func run(
        _ pipeline: inout PacketPipeline, _ device: PacketDevice, clock: Clock, ticks: UInt64,
        countsBusyTicksOnly: Bool = false
    ) -> ForwardingCount {
        var tally = PollTally()
        let droppedBefore = pipeline.dropped
        let start = cplatform_tsc()
        var now = start
        while now &- start < ticks {
            if countsBusyTicksOnly {
                for _ in 0..<32 { tally.timed { pipelined(&pipeline, device, clock, &$0) } }
            } else {
                for _ in 0..<32 { pipelined(&pipeline, device, clock, &tally) }
            }
            now = cplatform_tsc()
        }
        return tally.count(
            ticks: countsBusyTicksOnly ? tally.busyTicks : now &- start,
            droppedByStage: pipeline.dropped &- droppedBefore)
    }

    /// Forwards one way, from `ingress` to `egress`, until it is told to stop: the device under test of RFC 2544.
    static func serve(_ mode: ForwardingMode, _ ingress: PacketDevice, _ egress: PacketDevice, until stop: StopFlag)
        -> ForwardingCount
    {
        var tally = PollTally()
        let start = cplatform_tsc()
        while !stop.isRaised {
            switch mode {
            case .io: for _ in 0..<64 { io(ingress, egress, &tally) }
            case .macswap, .pipeline: for _ in 0..<64 { macswap(ingress, egress, &tally) }
            }
        }
        return tally.count(ticks: cplatform_tsc() &- start)
    }

    /// The same through a node's network stage on `ingress`' device.
    static func serve(
        _ pipeline: inout PacketPipeline, _ egress: PacketDevice, clock: Clock, until stop: StopFlag
    ) -> ForwardingCount {
        var tally = PollTally()
        let droppedBefore = pipeline.dropped
        let start = cplatform_tsc()
        while !stop.isRaised {
            for _ in 0..<32 { pipelined(&pipeline, egress, clock, &tally) }
        }
        return tally.count(ticks: cplatform_tsc() &- start, droppedByStage: pipeline.dropped &- droppedBefore)
    }

    @inline(__always)
    private static func io(_ one: PacketDevice, _ other: PacketDevice, _ tally: inout PollTally) {
        tally.send(one.receive(into: tally.packets, count: burst), to: other)
    }

    @inline(__always)
    private static func macswap(_ one: PacketDevice, _ other: PacketDevice, _ tally: inout PollTally) {
        let received = one.receive(into: tally.packets, count: burst)
        swapAddresses(tally.packets, received)
        tally.send(received, to: other)
    }

    @inline(__always) private static func pipelined(
        _ pipeline: inout PacketPipeline, _ egress: PacketDevice, _ clock: Clock, _ tally: inout PollTally
    ) {
        if pipeline.poll(now: clock.now()) == 0 { tally.countEmptyPoll() }
        while case let taken = pipeline.take(into: tally.packets, maximumCount: burst), taken > 0 {
            swapAddresses(tally.packets, taken)
            tally.send(taken, to: egress)
        }
    }

    /// Destination (6 bytes) and source (6 bytes) as one word of 8 and one of 4.
    @inline(__always) static func swapAddresses(_ packets: UnsafeMutablePointer<Packet>, _ count: Int) {
        for index in 0..<count {
            let bytes = packets[index].bytes
            let low = bytes.loadUnaligned(as: UInt64.self)
            let high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
            let source = low >> 48 | UInt64(high) << 16
            bytes.storeBytes(of: source | low << 48, as: UInt64.self)
            bytes.storeBytes(
                of: UInt32(truncatingIfNeeded: (low & 0xFFFF_FFFF_FFFF) >> 16), toByteOffset: 8, as: UInt32.self)
        }
    }
}
