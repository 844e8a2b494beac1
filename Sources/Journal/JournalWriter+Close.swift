import Glibc

extension JournalWriter {
    /// How long `close` waits for a device that reports errors, nanoseconds.
    static var closeTimeoutNanoseconds: UInt64 { 2_000_000_000 }

    /// Ends the run: takes what the ring still holds, waits until it is durable, writes the closing block, and gives the
    /// preallocated space behind it back. Blocks; the polling core has stopped. Calling it again does nothing.
    /// - Parameter now: nanoseconds since the Unix epoch.
    /// - Throws: `JournalError.notDurable` when the device did not take everything in time. What it took stays.
    public mutating func close(now: UInt64) throws(JournalError) {
        guard !isClosed else { return }
        isClosed = true
        var clock = now
        let deadline = now &+ Self.closeTimeoutNanoseconds
        let isDurable = settle(&clock, until: deadline)
        let taken = lastSequence &+ (isHalted ? 0 : UInt64(truncatingIfNeeded: input.count))
        var isWhole = isDurable
        if isDurable && segment.usedBlocks > 0 { isWhole = writeClosingBlock(&clock, until: deadline) }
        while preparation.state == .allocating || preparation.state == .syncingFile
            || preparation.state == .syncingDirectory
        {
            if reap(clock) == 0 { usleep(100) }
        }
        discardPreparation()
        preparation = SegmentPreparation()
        if isWhole { try release() }
        guard isDurable, sharedState.durableSequence == taken else {
            throw .notDurable(
                path: directoryPath, durableSequence: sharedState.durableSequence, lastSequence: taken)
        }
    }

    /// Polls until nothing is left to write.
    private mutating func settle(_ clock: inout UInt64, until deadline: UInt64) -> Bool {
        while !isIdle {
            if poll(now: clock) > 0 { continue }
            if clock >= deadline { return false }
            usleep(100)
            clock &+= 100_000
        }
        return true
    }

    /// A block without records, which says that everything before it was durable.
    private mutating func writeClosingBlock(_ clock: inout UInt64, until deadline: UInt64) -> Bool {
        while segment.usedBlocks == configuration.blocksPerSegment, !switchSegment(clock) {
            if clock >= deadline { return false }
            _ = poll(now: clock)
            usleep(100)
            clock &+= 100_000
        }
        let slot = slots + headSlot % configuration.writesInFlight
        seal(slot.pointee.buffer, records: 0)
        enqueue(slot, 1, 0, clock)
        return settle(&clock, until: deadline)
    }

    /// Cuts the current file behind its last block; one without blocks is removed.
    private mutating func release() throws(JournalError) {
        let used = segment.usedBlocks
        // A full segment was closed with its last write.
        guard used < configuration.blocksPerSegment else { return }
        let descriptor = segment.descriptor
        segment.descriptor = -1
        defer { closeFile(descriptor) }
        if used == 0 {
            SegmentFile.setNumber(segment.number, name)
            unlinkat(directoryDescriptor, name, 0)
        } else if ftruncate(descriptor, used * JournalBlock.byteCount) != 0 || fsync(descriptor) != 0 {
            throw .of("truncating", directoryPath, code: errno)
        }
        if fsync(directoryDescriptor) != 0 { throw .of("syncing", directoryPath, code: errno) }
    }
}
