/// One group commit: a row of blocks on its way to the device.
struct WriteSlot {
    enum State: UInt8 {
        case free
        /// Submitted; its bytes must not change.
        case inFlight
        /// On the device; waits for the ones before it.
        case done
        /// Refused by the device; to be tried again.
        case failed
    }

    var state = State.free
    /// Aligned to 4096; `blocksPerWrite` blocks.
    let buffer: UnsafeMutableRawPointer
    var byteCount = 0
    /// Bytes the device has taken, when it takes them in parts.
    var writtenCount = 0
    var descriptor: Int32 = -1
    var offset: UInt64 = 0
    var recordCount = 0
    var lastSequence: UInt64 = 0
    var submittedNanoseconds: UInt64 = 0

    init(blocks: Int) {
        buffer = .allocate(byteCount: blocks * JournalBlock.byteCount, alignment: JournalBlock.byteCount)
    }
}
