import CDPDK
import Glibc
import Runtime

/// A running capture of some ports: their polling threads copy frames into rings, the session's one thread takes them out.
///
/// The polling threads neither wait nor allocate: a frame that finds its ring full is counted and not captured. Without a
/// capture a queue pair pays one load and one branch per burst. Works however EAL was started, and stamps with the node's
/// clock. Frames are those the driver handed over and those it took: a frame offered again and again is captured once.
///
/// One thread, except `counts`. The ports must stay open until `stop()` has returned.
public final class CaptureSession {
    /// Ring memory of all queue pairs together, bytes: 64 MiB hold 40,000 frames of 1,500 bytes, which at 10 Gbit/s of
    /// full frames bridge 50 ms of a reader that is not there. Ordinary memory, taken only while a capture runs.
    public static let ringBytes = 64 << 20
    private static let smallestRingBytes = 1 << 20

    private typealias Pair = (port: Int, context: UnsafeMutableRawPointer)
    private let pairs: [Pair]
    private let portCount: Int
    private let clock: Clock
    private var filter: UnsafeMutableRawPointer?
    private var next = 0
    private var isStopped = false

    /// Begins to copy.
    public init(ports: [EthdevPort], request: CaptureRequest, clock: Clock) throws(EthdevError) {
        try request.validate()
        self.clock = clock
        portCount = ports.count
        pairs = ports.enumerated().flatMap { index, port in port.devices.map { (index, $0.context) } }
        let loaded: UnsafeMutableRawPointer? =
            if let wanted = request.filter { try wanted.load() } else { nil }
        filter = loaded
        var raw = cdpdk_capture_request()
        raw.filter = UnsafeRawPointer(filter)
        raw.snap_length = UInt32(request.snapLength)
        raw.directions = request.direction.mask
        raw.stamps_ticks = clock.source == .timeStampCounter
        raw.ring_bytes = UInt64(Self.ringBytes(pairs: pairs.count))
        for (index, pair) in pairs.enumerated() {
            let failure = cdpdk_capture_start(pair.context, &raw)
            if failure == 0 { continue }
            settle(pairs[..<index])
            _ = release(pairs[..<index])
            isStopped = true
            throw .system(
                failure, attempt: "capture on \(ports[pair.port].specification)",
                remedy: failure == EBUSY
                    ? "wait until the other capture has ended" : "free \(raw.ring_bytes >> 20) MB of memory")
        }
    }

    deinit { precondition(isStopped, "a capture was dropped without stop()") }

    private static func ringBytes(pairs: Int) -> Int {
        var bytes = ringBytes
        while bytes > smallestRingBytes, bytes * pairs > ringBytes { bytes /= 2 }
        return bytes
    }

    /// Hands out up to `limit` frames in the order of each queue pair; returns how many.
    public func drain(limit: Int, _ body: (CapturedFrame) -> Void) -> Int {
        var taken = 0
        var silent = 0
        while taken < limit, silent < pairs.count {
            let pair = pairs[next]
            next = (next + 1) % pairs.count
            var fromPair = 0
            while taken < limit, fromPair < 64, let record = cdpdk_capture_peek(pair.context) {
                body(
                    CapturedFrame(
                        port: pair.port, timestampNanoseconds: clock.nanoseconds(atReading: record.pointee.stamp),
                        originalLength: Int(record.pointee.original_length),
                        isOutbound: record.pointee.direction == UInt32(CDPDK_CAPTURE_OUTBOUND),
                        bytes: UnsafeRawBufferPointer(start: record + 1, count: Int(record.pointee.captured_length))))
                cdpdk_capture_release(pair.context)
                taken += 1
                fromPair += 1
            }
            silent = fromPair == 0 ? silent + 1 : 0
        }
        return taken
    }

    /// What was counted so far, by port. Any thread, while the session lives.
    public var counts: [CaptureCounts] {
        var sums = [CaptureCounts](repeating: CaptureCounts(), count: portCount)
        for pair in pairs {
            let raw = cdpdk_capture_counts(pair.context)
            sums[pair.port].seen &+= raw.seen
            sums[pair.port].accepted &+= raw.accepted
            sums[pair.port].dropped &+= raw.dropped
        }
        return sums
    }

    /// Ends copying, hands out what was copied, and gives the memory back.
    /// - Returns: false when a polling thread gave no sign of life for two seconds: its ring and the filter are kept, and the
    ///   port cannot be captured again until the thread is back.
    public func stop(_ body: (CapturedFrame) -> Void) -> Bool {
        guard !isStopped else { return true }
        isStopped = true
        settle(pairs[...])
        while drain(limit: .max, body) > 0 {}
        return release(pairs[...])
    }

    /// Asks the polling threads to copy no more, and waits up to two seconds until they have begun anew.
    private func settle(_ some: ArraySlice<Pair>) {
        for pair in some { cdpdk_capture_stop(pair.context) }
        for _ in 0..<2_000 where !some.allSatisfy({ cdpdk_capture_is_quiet($0.context) }) { usleep(1_000) }
    }

    /// Gives the memory back; a pair whose thread may still look keeps its ring, and the filter stays with it.
    private func release(_ some: ArraySlice<Pair>) -> Bool {
        var areAllQuiet = true
        for pair in some {
            if cdpdk_capture_is_quiet(pair.context) {
                cdpdk_capture_finish(pair.context)
            } else {
                areAllQuiet = false
            }
        }
        if areAllQuiet { cdpdk_filter_free(filter) }
        filter = nil
        return areAllQuiet
    }
}

extension CaptureRequest {
    func validate() throws(EthdevError) {
        guard (Self.smallestSnapLength...Self.largestSnapLength).contains(snapLength) else {
            throw EthdevError(
                .configuration, attempt: "capture",
                cause: "the snap length \(snapLength) is outside \(Self.smallestSnapLength)…\(Self.largestSnapLength)",
                remedy: "leave it out for whole frames")
        }
    }
}

extension EthdevPort {
    /// The port as a capture file describes it.
    public var speedBitsPerSecond: UInt64 { UInt64(link().megabitsPerSecond ?? 0) * 1_000_000 }
}
