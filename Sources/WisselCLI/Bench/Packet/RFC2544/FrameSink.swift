import LoadClient

/// The receiving side of a trial: what came back, in which order, how late.
///
/// Latency counts from the time a frame was *due*, not from when it left: when the generator or the device under test
/// stands still, the frames that should have gone meanwhile are as late as they are (no coordinated omission).
package struct FrameSink: Sendable {
    package private(set) var received: UInt64 = 0
    /// Frames that carry no stamp of ours.
    package private(set) var foreign: UInt64 = 0
    /// Frames that came after a later one.
    package private(set) var reordered: UInt64 = 0
    private var nextSequence: UInt64 = 0
    /// nil when it is not wanted.
    package private(set) var latency: LatencyHistogram?

    /// - Parameter latency: where to note it, in ticks of the stamps; costs some nanoseconds per frame.
    package init(latency: LatencyHistogram? = nil) { self.latency = latency }

    /// Notes a frame.
    /// - Parameter now: ticks since the trial began.
    @inline(__always) package mutating func take(_ stamp: FrameStamp?, now: UInt64) {
        guard let stamp else {
            foreign &+= 1
            return
        }
        received &+= 1
        // A frame from before has a distance in the upper half of the numbers.
        if (stamp.sequence &- nextSequence) & FrameStamp.sequenceMask > FrameStamp.sequenceMask / 2 {
            reordered &+= 1
        } else {
            nextSequence = (stamp.sequence &+ 1) & FrameStamp.sequenceMask
        }
        latency?.record(now &- min(stamp.ticks, now))
    }
}
