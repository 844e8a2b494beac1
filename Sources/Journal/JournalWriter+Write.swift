import CPlatform
import Glibc
import Orders

// The hot part of the stage: from the ring into blocks, to the device, and back as a durable sequence.
extension JournalWriter {
    // MARK: Packing

    /// Packs what the ring holds into one free slot and submits it.
    /// - Returns: records taken.
    mutating func fill(_ now: UInt64) -> Int {
        guard headSlot &- tailSlot < configuration.writesInFlight, !isHalted, input.readyCount(wanted: 1) > 0 else {
            return 0
        }
        if segment.usedBlocks == configuration.blocksPerSegment, !switchSegment(now) { return 0 }
        let slot = slots + headSlot % configuration.writesInFlight
        let room = min(configuration.blocksPerWrite, configuration.blocksPerSegment &- segment.usedBlocks)
        var blocks = 0
        var records = 0
        while blocks < room {
            let block = slot.pointee.buffer + blocks &* JournalBlock.byteCount
            let taken = pack(block)
            if taken == 0 { break }
            blocks &+= 1
            records &+= taken
            if taken < JournalBlock.recordCapacity { break }
        }
        if blocks > 0 { enqueue(slot, blocks, records, now) }
        return records
    }

    /// Moves up to 63 records into a block and seals it.
    /// - Returns: records in the block; 0 when there were none, or the first was not the next of the sequence.
    private mutating func pack(_ block: UnsafeMutableRawPointer) -> Int {
        let records = (block + JournalBlock.headerByteCount).assumingMemoryBound(to: Command.self)
        let taken = input.pop(into: records, maximumCount: JournalBlock.recordCapacity)
        var good = 0
        while good < taken, records[good].sequence == next.firstSequence &+ UInt64(truncatingIfNeeded: good) {
            good &+= 1
        }
        if good < taken { halt(lost: taken &- good) }
        guard good > 0 else { return 0 }
        seal(block, records: good)
        return good
    }

    /// Gives a block its place in the chain.
    mutating func seal(_ block: UnsafeMutableRawPointer, records: Int) {
        next.recordCount = records
        next.previousChecksum = JournalBlock.seal(block, next)
        next.blockNumber &+= 1
        next.firstSequence &+= UInt64(truncatingIfNeeded: records)
    }

    /// Hands a filled slot to the device.
    mutating func enqueue(_ slot: UnsafeMutablePointer<WriteSlot>, _ blocks: Int, _ records: Int, _ now: UInt64) {
        slot.pointee.descriptor = segment.descriptor
        slot.pointee.fileOffset = UInt64(truncatingIfNeeded: segment.usedBlocks &* JournalBlock.byteCount)
        slot.pointee.byteCount = blocks &* JournalBlock.byteCount
        slot.pointee.writtenByteCount = 0
        slot.pointee.blockCount = blocks
        slot.pointee.recordCount = records
        slot.pointee.lastSequence = next.firstSequence &- 1
        slot.pointee.submittedNanoseconds = now
        slot.pointee.trouble = .none
        segment.usedBlocks &+= blocks
        slot.pointee.endsSegment = segment.usedBlocks == configuration.blocksPerSegment
        headSlot &+= 1
        submit(slot, now)
        // Half a segment ahead: a full disk is known while there is still room for what has been accepted.
        if preparation.state == .idle && segment.usedBlocks &* 2 >= configuration.blocksPerSegment {
            beginPreparation(now)
        }
    }

    // MARK: Writing

    /// Starts, or starts again, the write of what is not durable in a slot.
    private mutating func submit(_ slot: UnsafeMutablePointer<WriteSlot>, _ now: UInt64) {
        guard let ring else { return writeSynchronously(slot, now) }
        let written = slot.pointee.writtenByteCount
        let code = cplatform_io_ring_write_durable(
            ring, slot.pointee.descriptor, slot.pointee.buffer + written,
            UInt32(truncatingIfNeeded: slot.pointee.byteCount &- written),
            slot.pointee.fileOffset &+ UInt64(truncatingIfNeeded: written),
            UInt64(truncatingIfNeeded: slot - slots))
        guard code == 0 else { return postpone(slot, code, now) }
        slot.pointee.state = .inFlight
        operationsInFlight &+= 1
    }

    private mutating func writeSynchronously(_ slot: UnsafeMutablePointer<WriteSlot>, _ now: UInt64) {
        // After a failed fdatasync the page cache may call lost pages clean: everything is written again.
        slot.pointee.writtenByteCount = 0
        var written = 0
        while written < slot.pointee.byteCount {
            let count = pwrite(
                slot.pointee.descriptor, slot.pointee.buffer + written, slot.pointee.byteCount &- written,
                off_t(truncatingIfNeeded: slot.pointee.fileOffset) &+ written)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return postpone(slot, count < 0 ? -errno : -EIO, now) }
            written &+= count
            if written < slot.pointee.byteCount { counters.add(.shortWrites) }
        }
        guard fdatasync(slot.pointee.descriptor) == 0 else { return postpone(slot, -errno, now) }
        complete(slot, now)
    }

    /// Takes what io_uring has finished.
    /// - Returns: completions taken.
    mutating func reap(_ now: UInt64) -> Int {
        guard let ring else { return 0 }
        var completion = cplatform_io_completion()
        var taken = 0
        while operationsInFlight > 0, cplatform_io_ring_poll(ring, &completion) == 1 {
            operationsInFlight &-= 1
            taken &+= 1
            if completion.tag < UInt64(truncatingIfNeeded: configuration.writesInFlight) {
                finishWrite(slots + Int(truncatingIfNeeded: completion.tag), completion.result, now)
            } else {
                continuePreparation(result: completion.result, now)
            }
        }
        return taken
    }

    private mutating func finishWrite(_ slot: UnsafeMutablePointer<WriteSlot>, _ result: Int32, _ now: UInt64) {
        guard result > 0 else { return postpone(slot, result == 0 ? -EIO : result, now) }
        let total = slot.pointee.writtenByteCount &+ Int(result)
        if total >= slot.pointee.byteCount { return complete(slot, now) }
        // Direct I/O continues at a block; bytes of a half-written one are written again.
        counters.add(.shortWrites)
        slot.pointee.writtenByteCount = total & ~(JournalBlock.byteCount &- 1)
        postpone(slot, -EAGAIN, now)
    }

    private mutating func complete(_ slot: UnsafeMutablePointer<WriteSlot>, _ now: UInt64) {
        slot.pointee.state = .done
        if slot.pointee.trouble != .none {
            slot.pointee.trouble = .none
            publishStatus()
        }
        let nanoseconds = now > slot.pointee.submittedNanoseconds ? now &- slot.pointee.submittedNanoseconds : 0
        counters.add(.writes)
        counters.add(.bytes, UInt64(truncatingIfNeeded: slot.pointee.byteCount))
        counters.add(.writeNanosecondsSum, nanoseconds)
        counters.raise(.writeNanosecondsMaximum, to: nanoseconds)
        counters.raise(.maximumBatch, to: UInt64(truncatingIfNeeded: slot.pointee.recordCount))
    }

    /// Publishes the end of the durable slots, in order.
    /// - Returns: slots that became durable.
    mutating func publish() -> Int {
        let start = tailSlot
        while tailSlot < headSlot {
            let slot = slots + tailSlot % configuration.writesInFlight
            guard slot.pointee.state == .done else { break }
            next.durableBlockCount &+= UInt64(truncatingIfNeeded: slot.pointee.blockCount)
            sharedState.durable.pointee.store(slot.pointee.lastSequence, ordering: .releasing)
            counters.add(.blocks, UInt64(truncatingIfNeeded: slot.pointee.blockCount))
            counters.add(.records, UInt64(truncatingIfNeeded: slot.pointee.recordCount))
            if slot.pointee.endsSegment {
                closeFile(slot.pointee.descriptor)
                if segment.descriptor == slot.pointee.descriptor { segment.descriptor = -1 }
            }
            slot.pointee.state = .free
            tailSlot &+= 1
        }
        return tailSlot &- start
    }

    // MARK: Trouble

    /// Keeps a slot for another try after `code`, a negative errno; transient codes are tried at the next poll.
    private mutating func postpone(_ slot: UnsafeMutablePointer<WriteSlot>, _ code: Int32, _ now: UInt64) {
        slot.pointee.state = .waiting
        waitingSlots &+= 1
        guard let trouble = trouble(-code) else {
            slot.pointee.retryNanoseconds = now
            return
        }
        slot.pointee.retryNanoseconds = now &+ configuration.retryIntervalNanoseconds
        slot.pointee.trouble = trouble
        publishStatus()
    }

    /// - Returns: writes started again.
    mutating func retrySlots(_ now: UInt64) -> Int {
        var started = 0
        for index in tailSlot..<headSlot {
            let slot = slots + index % configuration.writesInFlight
            guard slot.pointee.state == .waiting, now >= slot.pointee.retryNanoseconds else { continue }
            waitingSlots &-= 1
            started &+= 1
            counters.add(.retries)
            submit(slot, now)
        }
        return started
    }

    /// Counts an error and says what it means; nil for one that is no error of the device.
    func trouble(_ code: Int32) -> Trouble? {
        switch code {
        case EAGAIN, EINTR, EBUSY:
            return nil
        case ENOSPC, EDQUOT:
            counters.add(.noSpaceErrors)
            return .full
        case EIO:
            counters.add(.inputOutputErrors)
            return .failed
        default:
            counters.add(.otherErrors)
            return .failed
        }
    }

    /// Stops taking records: what is written so far stays whole, what came out of line is not journaled.
    private mutating func halt(lost count: Int) {
        isHalted = true
        counters.add(.sequenceGaps, UInt64(truncatingIfNeeded: count))
        publishStatus()
    }

    /// Tells the other stages the worst that stands in the way.
    mutating func publishStatus() {
        var worst = max(isHalted ? Trouble.failed.rawValue : 0, preparation.trouble.rawValue)
        for index in tailSlot..<headSlot {
            worst = max(worst, slots[index % configuration.writesInFlight].trouble.rawValue)
        }
        // `Trouble` and `JournalStatus` share their raw values.
        sharedState.statusWord.pointee.store(worst, ordering: .relaxed)
    }

    func closeFile(_ descriptor: Int32) { Glibc.close(descriptor) }
}
