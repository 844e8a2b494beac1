/// One group commit on its way to the device: sealed blocks that stay in memory until they are durable.
struct WriteSlot: BitwiseCopyable {
    enum State: UInt8 {
        case free, inFlight, waiting, done
    }

    /// Room for the configured blocks, aligned to 4096.
    var buffer: UnsafeMutableRawPointer
    var state = State.free
    /// Why a waiting write waits; `none` when it is only to be submitted again.
    var trouble = Trouble.none
    /// The last write of its segment: the file is closed after it.
    var endsSegment = false
    var descriptor: Int32 = -1
    /// Where the first block goes, bytes.
    var fileOffset: UInt64 = 0
    var byteCount = 0
    /// Bytes known durable, a multiple of 4096.
    var writtenByteCount = 0
    var blockCount = 0
    var recordCount = 0
    var lastSequence: UInt64 = 0
    var submittedNanoseconds: UInt64 = 0
    var retryNanoseconds: UInt64 = 0

    init(buffer: UnsafeMutableRawPointer) { self.buffer = buffer }
}

/// What keeps something from reaching the device.
enum Trouble: UInt8 {
    case none, full, failed
}

/// The segment after the current one, made ready before it is needed.
struct SegmentPreparation: BitwiseCopyable {
    enum State: UInt8 {
        case idle, allocating, syncingFile, syncingDirectory, ready
        /// To be tried again at `retryNanoseconds`.
        case waiting
    }

    var state = State.idle
    var trouble = Trouble.none
    var descriptor: Int32 = -1
    var number = 0
    var retryNanoseconds: UInt64 = 0
}
