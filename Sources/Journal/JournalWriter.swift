import CPlatform
import Glibc
import Orders
import Runtime
import Synchronization

/// The journal stage: takes sequenced commands from a ring, packs them into blocks, has them written durably, and
/// publishes up to which sequence they are.
///
/// Group commit without a timer: whatever waits when a write slot is free goes out at once, so a quiet journal has the
/// latency of one write and a busy one the size of many. Writes run through io_uring beside the stage; where that is not
/// to be had the stage writes and waits (`mode` tells). A write that fails is kept and tried again; meanwhile `status`
/// makes the engine refuse orders, and nothing behind it is published. One thread.
public struct JournalWriter: ~Copyable, Stage {
    public let mode: JournalMode
    public let sharedState: JournalSharedState
    public let counters = CounterBlock<JournalCounter>()

    private let configuration: JournalConfiguration
    private let input: SPSCRing<Command>
    private let lock: Int32
    private let directory: Int32
    private var segments: SegmentFiles
    private let ring: OpaquePointer?
    private let slots: UnsafeMutablePointer<WriteSlot>
    private let slotCount: Int
    /// Oldest slot in use and how many are in use; they are retired in this order.
    private var head = 0
    private var usedSlots = 0
    private var failedSlots = 0
    private var position: JournalPosition
    private var durableBlocks: UInt64
    private var retryNanoseconds: UInt64 = 0
    private var isClosed = false

    /// Opens a journal for writing: takes its lock, makes the first segment.
    /// - Parameters:
    ///   - input: sequenced commands; this stage is the consumer.
    ///   - position: where a reader found the end; nil reads the journal to find it.
    /// - Throws: `JournalError`.
    public init(
        configuration: JournalConfiguration, input: SPSCRing<Command>, continuing position: JournalPosition? = nil
    ) throws(JournalError) {
        // Everything that can fail happens in here, so that a failure leaves nothing half made.
        let parts = try JournalParts(configuration, continuing: position)
        self.configuration = configuration
        self.input = input
        self.position = parts.position
        durableBlocks = parts.position.nextBlockNumber
        lock = parts.files.lock
        directory = parts.files.directory
        mode = parts.device.mode
        ring = parts.device.ring
        sharedState = JournalSharedState(durableSequence: parts.position.nextSequence &- 1)
        segments = parts.segments
        slotCount = configuration.writesInFlight
        slots = .allocate(capacity: slotCount)
        for index in 0..<slotCount { (slots + index).initialize(to: WriteSlot(blocks: configuration.blocksPerWrite)) }
    }

    deinit {
        // The kernel ends what is in flight before the ring is gone; only then may the buffers go.
        if let ring { cplatform_io_ring_close(ring) }
        for index in 0..<slotCount { slots[index].buffer.deallocate() }
        slots.deallocate()
        sharedState.deallocate()
        counters.deallocate()
        _ = Glibc.close(directory)
        _ = Glibc.close(lock)
    }

    /// Nothing waits and nothing is in flight.
    public var isIdle: Bool { usedSlots == 0 && input.count == 0 }

    public mutating func poll(now: UInt64) -> Int {
        var work = complete(now: now)
        if failedSlots > 0 || sharedState.status == .full { work &+= retry(now: now) }
        if failedSlots == 0 { work &+= pack(now: now) }
        if segments.wantsPreparation, now >= retryNanoseconds { prepareSegment(now: now) }
        // Nothing to do but wait for the device is no work: the core may idle as its strategy says, which is what lets
        // the kernel's own threads finish the write on a CPU they share with us.
        if work == 0, usedSlots > 0, configuration.yieldsWhileWriting { sched_yield() }
        return work
    }

    // MARK: Packing

    private mutating func pack(now: UInt64) -> Int {
        var packed = 0
        while usedSlots < slotCount, input.readyCount(wanted: 1) > 0, segments.advance() {
            let index = (head &+ usedSlots) % slotCount
            let slot = slots + index
            guard fill(slot) else { break }
            usedSlots &+= 1
            packed &+= slot.pointee.recordCount
            submit(slot, index: index, now: now)
        }
        return packed
    }

    /// Fills a slot with as many blocks as there are records, room in the write, and room in the segment for.
    private mutating func fill(_ slot: UnsafeMutablePointer<WriteSlot>) -> Bool {
        let blocks = min(configuration.blocksPerWrite, segments.roomInBlocks)
        var block = 0
        slot.pointee.recordCount = 0
        while block < blocks {
            let bytes = slot.pointee.buffer + block &* JournalBlock.byteCount
            let records = (bytes + JournalBlock.headerByteCount).assumingMemoryBound(to: Command.self)
            let count = input.pop(into: records, maximumCount: JournalBlock.recordCapacity)
            if count == 0 { break }
            guard records.pointee.sequence == position.nextSequence else {
                // The sequencer gives numbers without gaps; a gap here would be written down as truth.
                counters.add(.sequenceGaps)
                sharedState.setStatus(.failed)
                return false
            }
            seal(bytes, count: count)
            slot.pointee.recordCount &+= count
            block &+= 1
        }
        guard block > 0 else { return false }
        slot.pointee.byteCount = block &* JournalBlock.byteCount
        slot.pointee.writtenCount = 0
        slot.pointee.descriptor = segments.descriptor
        slot.pointee.offset = segments.take(blocks: block)
        slot.pointee.lastSequence = position.nextSequence &- 1
        if UInt64(slot.pointee.recordCount) > counters.value(.maximumBatch) {
            counters.set(.maximumBatch, to: UInt64(slot.pointee.recordCount))
        }
        return true
    }

    private mutating func seal(_ block: UnsafeMutableRawPointer, count: Int) {
        var header = JournalBlock.Header()
        header.recordCount = count
        header.blockNumber = position.nextBlockNumber
        header.firstSequence = position.nextSequence
        header.epoch = position.epoch
        header.previousChecksum = position.lastChecksum
        header.durableBlockCount = durableBlocks
        position.lastChecksum = JournalBlock.seal(block, header)
        position.nextBlockNumber &+= 1
        position.nextSequence &+= UInt64(truncatingIfNeeded: count)
    }

    // MARK: Writing

    private mutating func submit(_ slot: UnsafeMutablePointer<WriteSlot>, index: Int, now: UInt64) {
        slot.pointee.submittedNanoseconds = now
        slot.pointee.state = .inFlight
        let bytes = slot.pointee.buffer + slot.pointee.writtenCount
        let length = slot.pointee.byteCount &- slot.pointee.writtenCount
        let offset = slot.pointee.offset &+ UInt64(truncatingIfNeeded: slot.pointee.writtenCount)
        counters.add(.writes)
        if let ring {
            let code = cplatform_io_ring_write_durable(
                ring, slot.pointee.descriptor, bytes, UInt32(truncatingIfNeeded: length), offset, UInt64(index))
            if code != 0 { fail(slot, code: -code, now: now) }
            return
        }
        let count = pwrite(slot.pointee.descriptor, bytes, length, off_t(truncatingIfNeeded: offset))
        guard count >= 0, fdatasync(slot.pointee.descriptor) == 0 else { return fail(slot, code: errno, now: now) }
        finish(slot, index: index, count: count, now: now)
    }

    private mutating func complete(now: UInt64) -> Int {
        guard let ring else { return retire(now: now) }
        var completion = cplatform_io_completion()
        var work = 0
        while cplatform_io_ring_poll(ring, &completion) == 1 {
            let index = Int(truncatingIfNeeded: completion.tag)
            let slot = slots + index
            if completion.result < 0 {
                fail(slot, code: -completion.result, now: now)
            } else {
                finish(slot, index: index, count: Int(completion.result), now: now)
            }
            work &+= 1
        }
        return work &+ retire(now: now)
    }

    private mutating func finish(_ slot: UnsafeMutablePointer<WriteSlot>, index: Int, count: Int, now: UInt64) {
        slot.pointee.writtenCount &+= count
        guard slot.pointee.writtenCount >= slot.pointee.byteCount else {
            // A short write: the rest as a write of its own, at a block's border, as direct I/O wants it.
            counters.add(.shortWrites)
            slot.pointee.writtenCount &-= slot.pointee.writtenCount % JournalBlock.byteCount
            if count < JournalBlock.byteCount { return fail(slot, code: ENOSPC, now: now) }
            return submit(slot, index: index, now: now)
        }
        slot.pointee.state = .done
    }

    /// Publishes what is durable from the front, in order.
    private mutating func retire(now: UInt64) -> Int {
        var retired = 0
        while usedSlots > 0, slots[head].state == .done {
            let slot = slots + head
            let blocks = UInt64(truncatingIfNeeded: slot.pointee.byteCount / JournalBlock.byteCount)
            durableBlocks &+= blocks
            counters.add(.records, UInt64(truncatingIfNeeded: slot.pointee.recordCount))
            counters.add(.blocks, blocks)
            counters.add(.bytes, UInt64(truncatingIfNeeded: slot.pointee.byteCount))
            let took = now > slot.pointee.submittedNanoseconds ? now &- slot.pointee.submittedNanoseconds : 0
            counters.add(.writeNanosecondsSum, took)
            if took > counters.value(.writeNanosecondsMaximum) { counters.set(.writeNanosecondsMaximum, to: took) }
            sharedState.setDurableSequence(slot.pointee.lastSequence)
            slot.pointee.state = .free
            head = head &+ 1 == slotCount ? 0 : head &+ 1
            usedSlots &-= 1
            retired &+= 1
        }
        return retired
    }

    // MARK: Trouble

    private mutating func fail(_ slot: UnsafeMutablePointer<WriteSlot>, code: Int32, now: UInt64) {
        slot.pointee.state = .failed
        failedSlots &+= 1
        note(code, now: now)
    }

    private mutating func note(_ code: Int32, now: UInt64) {
        retryNanoseconds = now &+ configuration.retryIntervalNanoseconds
        switch code {
        case ENOSPC, EDQUOT: counters.add(.noSpaceErrors)
        case EIO: counters.add(.inputOutputErrors)
        default: counters.add(.otherErrors)
        }
        sharedState.setStatus(code == ENOSPC || code == EDQUOT ? .full : .failed)
    }

    /// Tries failed writes again, and a segment that could not be made; all well again makes the status ok.
    private mutating func retry(now: UInt64) -> Int {
        guard now >= retryNanoseconds else { return 0 }
        for index in 0..<slotCount where slots[index].state == .failed {
            counters.add(.retries)
            failedSlots &-= 1
            submit(slots + index, index: index, now: now)
        }
        if segments.wantsPreparation { prepareSegment(now: now) }
        if failedSlots == 0, !segments.wantsPreparation, counters.value(.sequenceGaps) == 0 {
            let isInFlight = (0..<slotCount).contains { slots[$0].state == .inFlight }
            if !isInFlight { sharedState.setStatus(.ok) }
        }
        return 0
    }

    private mutating func prepareSegment(now: UInt64) {
        if sharedState.status != .ok { counters.add(.retries) }
        let code = segments.prepare()
        if code == 0 {
            counters.add(.segments)
        } else {
            note(code, now: now)
        }
    }

    // MARK: End

    /// Writes what is left and the closing block, waiting for the device. Only after the stage's core has stopped.
    /// - Returns: whether everything taken is durable.
    @discardableResult
    public mutating func close(now: UInt64, patienceRounds: Int = 100_000) -> Bool {
        var rounds = 0
        while !isIdle, rounds < patienceRounds {
            _ = poll(now: now &+ UInt64(rounds) &* 1_000)
            usleep(20)
            rounds += 1
        }
        guard isIdle, !isClosed, segments.advance() else { return isIdle }
        isClosed = true
        let slot = slots + head
        seal(slot.pointee.buffer, count: 0)
        slot.pointee.byteCount = JournalBlock.byteCount
        let offset = segments.take(blocks: 1)
        let written = pwrite(
            segments.descriptor, slot.pointee.buffer, JournalBlock.byteCount, off_t(truncatingIfNeeded: offset))
        guard written == JournalBlock.byteCount, fdatasync(segments.descriptor) == 0 else {
            counters.add(.otherErrors)
            return true
        }
        counters.add(.blocks)
        counters.add(.bytes, UInt64(JournalBlock.byteCount))
        return true
    }

    public static func handle(at stage: UnsafeMutablePointer<JournalWriter>) -> StageHandle {
        StageHandle(name: "journal", context: stage) { context, now in
            context.assumingMemoryBound(to: JournalWriter.self).pointee.poll(now: now)
        }
    }
}
