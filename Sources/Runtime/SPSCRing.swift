import CPlatform
import Synchronization

/// A lock-free ring of fixed-size plain records from one producer thread to one consumer thread.
///
/// The handle is a plain pointer and may be copied freely; the memory belongs to whoever called `init` and is given
/// back with `deallocate()` once both threads have stopped.
///
/// Four things stand alone on their cache lines (128 bytes, because the adjacent-line prefetcher pulls lines in pairs):
/// each side's published cursor, and each side's private state, which is its own position and its latest knowledge of
/// the other's cursor. So a side reads the other's line only when what it knows is not enough, in steady state once
/// per lap of the ring instead of once per record, and its own reads never wait for a line the other side has taken.
/// A burst is published with one release store.
///
/// Cursors count records since the start and wrap at 2⁶⁴; the slot is `cursor & mask`.
/// Source of the shape: LMAX Disruptor's single-producer sequencer and Aeron's SPSC ring buffer.
public struct SPSCRing<Element: BitwiseCopyable>: @unchecked Sendable {
    @usableFromInline let producerCursor: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let producer: UnsafeMutablePointer<SPSCRingSide>
    @usableFromInline let consumerCursor: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let consumer: UnsafeMutablePointer<SPSCRingSide>
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let mask: UInt64
    @usableFromInline let memory: UnsafeMutableRawPointer
    private let byteCount: Int

    /// - Parameters:
    ///   - capacity: number of records, a power of two between 2 and 2³¹.
    ///   - startCursor: where both cursors begin; tests start just below 2⁶⁴ to see them wrap.
    public init(capacity: Int, startCursor: UInt64 = 0) {
        precondition(capacity >= 2 && capacity <= 1 << 31, "ring capacity \(capacity) is outside 2…2³¹")
        precondition(capacity & (capacity - 1) == 0, "ring capacity \(capacity) is not a power of two")
        let line = 128
        let slotBytes = capacity * MemoryLayout<Element>.stride
        byteCount = 4 * line + slotBytes
        guard let pages = cplatform_pages_allocate(byteCount) else {
            preconditionFailure("no memory for a ring of \(byteCount) bytes")
        }
        memory = pages
        // Touched now, so that the pages lie where the policy of the moment wants them (`NUMA.MemoryPolicy`), and so that
        // no page fault is left for the first records.
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        producerCursor = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
        producerCursor.initialize(to: Atomic(startCursor))
        producer = (memory + line).bindMemory(to: SPSCRingSide.self, capacity: 1)
        producer.initialize(to: SPSCRingSide(position: startCursor, knownOther: startCursor))
        consumerCursor = (memory + 2 * line).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
        consumerCursor.initialize(to: Atomic(startCursor))
        consumer = (memory + 3 * line).bindMemory(to: SPSCRingSide.self, capacity: 1)
        consumer.initialize(to: SPSCRingSide(position: startCursor, knownOther: startCursor))
        slots = (memory + 4 * line).bindMemory(to: Element.self, capacity: capacity)
        mask = UInt64(capacity - 1)
    }

    /// Gives the memory back. Both threads must have stopped using the ring.
    public func deallocate() { cplatform_pages_free(memory, byteCount) }

    /// Where the ring lies.
    public func region(named name: String) -> MemoryRegion {
        MemoryRegion(name: name, address: UInt64(UInt(bitPattern: memory)), byteCount: byteCount)
    }

    @inlinable public var capacity: Int { Int(truncatingIfNeeded: mask &+ 1) }

    /// Number of records in the ring; exact on either thread when the other rests, else a moment's truth.
    @inlinable public var count: Int {
        let consumed = consumerCursor.pointee.load(ordering: .acquiring)
        let produced = producerCursor.pointee.load(ordering: .acquiring)
        // On a third thread many laps can pass between the two loads.
        return min(Int(truncatingIfNeeded: produced &- consumed), capacity)
    }

    // MARK: Producer thread

    /// Free slots as the producer sees them, at least `wanted` if that many are free. Producer thread only.
    @inlinable public func freeCount(wanted: Int) -> Int {
        let position = producer.pointee.position
        let free = Int(truncatingIfNeeded: mask &+ 1 &- (position &- producer.pointee.knownOther))
        if free >= wanted { return free }
        // Acquire: the consumer has read the slots that its cursor gives back before we overwrite them.
        let consumed = consumerCursor.pointee.load(ordering: .acquiring)
        producer.pointee.knownOther = consumed
        return Int(truncatingIfNeeded: mask &+ 1 &- (position &- consumed))
    }

    /// The slot the next record goes to, or nil when the ring is full. Fill it, then `publish()`. Producer thread only.
    @inlinable public func claim() -> UnsafeMutablePointer<Element>? {
        guard freeCount(wanted: 1) > 0 else { return nil }
        return slots + Int(truncatingIfNeeded: producer.pointee.position & mask)
    }

    /// Makes the claimed record visible to the consumer. Producer thread only.
    @inlinable public func publish() { advanceProducer(by: 1) }

    /// Appends one record; false when the ring is full. Producer thread only.
    @inlinable public func push(_ element: Element) -> Bool {
        guard let slot = claim() else { return false }
        slot.initialize(to: element)
        publish()
        return true
    }

    /// Appends up to `count` records and publishes them at once; returns how many fitted. Producer thread only.
    @inlinable public func push(from elements: UnsafePointer<Element>, count: Int) -> Int {
        let taken = min(count, freeCount(wanted: count))
        guard taken > 0 else { return 0 }
        let start = Int(truncatingIfNeeded: producer.pointee.position & mask)
        let untilEnd = min(taken, capacity &- start)
        (slots + start).initialize(from: elements, count: untilEnd)
        if untilEnd < taken { slots.initialize(from: elements + untilEnd, count: taken &- untilEnd) }
        advanceProducer(by: taken)
        return taken
    }

    @inlinable func advanceProducer(by count: Int) {
        let position = producer.pointee.position &+ UInt64(truncatingIfNeeded: count)
        producer.pointee.position = position
        // Release: the records are in memory before the cursor that shows them.
        producerCursor.pointee.store(position, ordering: .releasing)
    }

    // MARK: Consumer thread

    /// Records ready for the consumer, at least `wanted` if that many are there. Consumer thread only.
    @inlinable public func readyCount(wanted: Int) -> Int {
        let position = consumer.pointee.position
        let ready = Int(truncatingIfNeeded: consumer.pointee.knownOther &- position)
        if ready >= wanted { return ready }
        // Acquire: the records are read after the cursor that shows them.
        let produced = producerCursor.pointee.load(ordering: .acquiring)
        consumer.pointee.knownOther = produced
        return Int(truncatingIfNeeded: produced &- position)
    }

    /// The oldest record, left in place until `release()`; nil when the ring is empty. Consumer thread only.
    @inlinable public func peek() -> UnsafeMutablePointer<Element>? {
        guard readyCount(wanted: 1) > 0 else { return nil }
        return slots + Int(truncatingIfNeeded: consumer.pointee.position & mask)
    }

    /// The oldest records, at most `maximumCount`, as far as they lie one behind the other; left in place. Consumer thread only.
    @inlinable public func peek(maximumCount: Int) -> UnsafeBufferPointer<Element> {
        let ready = min(maximumCount, readyCount(wanted: maximumCount))
        let start = Int(truncatingIfNeeded: consumer.pointee.position & mask)
        return UnsafeBufferPointer(start: slots + start, count: min(ready, capacity &- start))
    }

    /// Gives the slots of the `count` oldest records back to the producer. Consumer thread only.
    /// - Parameter count: at most what `readyCount(wanted:)` last answered.
    @inlinable public func release(_ count: Int = 1) {
        let position = consumer.pointee.position &+ UInt64(truncatingIfNeeded: count)
        consumer.pointee.position = position
        // Release: the records have been read before their slots are given back.
        consumerCursor.pointee.store(position, ordering: .releasing)
    }

    /// Removes the oldest record. Consumer thread only.
    @inlinable public func pop() -> Element? {
        guard let slot = peek() else { return nil }
        let element = slot.pointee
        release()
        return element
    }

    /// Moves up to `maximumCount` of the oldest records to `destination`; returns how many. Consumer thread only.
    @inlinable public func pop(into destination: UnsafeMutablePointer<Element>, maximumCount: Int) -> Int {
        let taken = min(maximumCount, readyCount(wanted: maximumCount))
        guard taken > 0 else { return 0 }
        let start = Int(truncatingIfNeeded: consumer.pointee.position & mask)
        let untilEnd = min(taken, capacity &- start)
        destination.initialize(from: slots + start, count: untilEnd)
        if untilEnd < taken { (destination + untilEnd).initialize(from: slots, count: taken &- untilEnd) }
        release(taken)
        return taken
    }
}

/// What one side of a ring keeps to itself.
@usableFromInline struct SPSCRingSide {
    /// Records this side has published or given back.
    @usableFromInline var position: UInt64
    /// The other side's cursor when this side last looked.
    @usableFromInline var knownOther: UInt64

    init(position: UInt64, knownOther: UInt64) {
        self.position = position
        self.knownOther = knownOther
    }
}
