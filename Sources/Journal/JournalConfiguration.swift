/// Where and how a journal is written.
public struct JournalConfiguration: Sendable {
    /// An existing directory of its own; the journal's files and its lock file live there.
    public var directory: String
    /// Number of this run, for example the start time in nanoseconds since the Unix epoch. Where the journal already
    /// holds this number or a higher one, the run takes the one after.
    public var epoch: UInt64
    /// Sequence of the first record of a new journal; a journal that exists continues after its last.
    public var firstSequence: UInt64 = 1
    /// Size of a segment file, a multiple of 4096, 8 KiB…1 TiB.
    public var segmentByteCount = 64 << 20
    /// Most blocks in one write, 1…256: the size bound of a group commit.
    public var blocksPerWrite = 64
    /// Most writes in flight, 1…16. Two overlap packing with the device; more lower the latency of a busy journal a
    /// little and cost space, because each write starts a new block.
    public var writesInFlight = 2
    /// Pause before a failed write or file creation is tried again, nanoseconds of the `now` given to `poll`.
    public var retryIntervalNanoseconds: UInt64 = 10_000_000
    /// Nil takes io_uring with direct I/O where kernel and file system allow it, else the other.
    public var mode: JournalMode?
    /// Reserve each segment's space before it is used, so that a full disk is known half a segment early. False leaves
    /// the file sparse, for file systems on which reserving is slow.
    public var reservesSpace = true
    /// Gives the CPU away (`sched_yield`) in a poll that found nothing to do while a write is in flight. The kernel
    /// finishes a write on the CPU that its interrupt came to; a poll that never yields there delays it to the next
    /// timer tick (4 ms instead of 0.1 ms). False only where the device's interrupts go to another CPU.
    public var yieldsWhileWriting = true

    public init(directory: String, epoch: UInt64) {
        self.directory = directory
        self.epoch = epoch
    }

    func validate() throws(JournalError) {
        func require(_ condition: Bool, _ key: String, _ value: Int, _ expected: String) throws(JournalError) {
            if !condition { throw .invalidConfiguration(key: key, value: value, expected: expected) }
        }
        try require(
            segmentByteCount % JournalBlock.byteCount == 0 && (8192...1 << 40).contains(segmentByteCount),
            "segmentByteCount", segmentByteCount, "a multiple of 4096 from 8192 to 2^40")
        try require((1...256).contains(blocksPerWrite), "blocksPerWrite", blocksPerWrite, "1 to 256")
        try require((1...16).contains(writesInFlight), "writesInFlight", writesInFlight, "1 to 16")
    }
}

/// How blocks reach the device.
public enum JournalMode: UInt8, CaseIterable, Sendable {
    /// io_uring, O_DIRECT and RWF_DSYNC: writes run beside the stage.
    case ioUring
    /// `pwrite` and `fdatasync`: the poll waits for the device.
    case synchronous
}
