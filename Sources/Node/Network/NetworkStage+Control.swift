import NetStack
import Runtime
import Wire

extension NetworkStage {
    /// Drops a datagram nobody listens to and, where that is due, tells its sender so in the same buffer.
    @inline(never)
    mutating func refuse(_ packet: Packet, _ headers: FrameHeaders, _ reason: DropReason, now: UInt64) {
        guard transmitter.hasRoomForControl, responder.turnIntoPortUnreachable(packet, headers, now: now) else {
            drop(packet, reason)
            return
        }
        // The frame is dropped; what leaves in its buffer is a new one.
        drops.add(reason)
        if transmitter.enqueue(packet) { counters.add(.controlFramesOfOurs) } else { disposal.add(packet) }
    }

    /// Sends the frames of our own that are due: probes and announcements, questions, membership reports.
    /// - Returns: false when there was no room or no buffer for all of them; the rest is tried again shortly.
    @inline(never) @discardableResult mutating func sendControl(now: UInt64) -> Bool {
        transmitter.limit(mtu: responder.pathMTU(now: now))
        while transmitter.hasRoomForControl {
            guard device.allocate(into: burst, count: 1) == 1 else {
                drops.add(.noBuffer)
                break
            }
            guard responder.takeFrame(into: burst[0], now: now) else {
                device.free(burst, count: 1)
                return true
            }
            if transmitter.enqueue(burst[0]) { counters.add(.controlFramesOfOurs) }
        }
        responder.postpone(until: now &+ Limits.controlRetryNanoseconds)
        return false
    }

    /// Leaves the multicast groups, told twice in a row as there is no later. Only after the core has stopped.
    mutating func leaveGroups(now: UInt64) {
        for _ in 0..<2 {
            responder.leaveGroups()
            // Version 2 takes a frame per group, two bursts at most.
            for _ in 0..<4 where !sendControl(now: now) { transmitter.flush(counters: counters) }
            transmitter.flush(counters: counters)
        }
    }
}
