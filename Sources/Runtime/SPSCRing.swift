import Synchronization

/// A lock-free ring of fixed-size plain records from one producer thread to one consumer thread.
///
/// The handle is a plain pointer and may be copied freely; the memory belongs to whoever called `init` and is given
/// back with `deallocate()` once both threads have stopped. Each cursor stands alone on its cache lines (128 bytes,
/// because the adjacent-line prefetcher pulls lines in pairs) beside the cached copy of the other side's cursor, so in
/// steady state a side touches the other's line once per lap of the ring instead of once per record. A burst is
/// published with one release store.
///
/// Cursors count records since the start and wrap at 2⁶⁴; the slot is `cursor & mask`.
/// Source of the shape: LMAX Disruptor's single-producer sequencer and Aeron's SPSC ring buffer.
public struct SPSCRing<Element: BitwiseCopyable>: @unchecked Sendable {
    @usableFromInline let producerCursor: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let producerCachedConsumer: UnsafeMutablePointer<UInt64>
    @usableFromInline let consumerCursor: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let consumerCachedProducer: UnsafeMutablePointer<UInt64>
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let mask: UInt64
    @usableFromInline let memory: UnsafeMutableRawPointer

    @usableFromInline static var cursorStride: Int { 128 }

    /// - Parameters:
    ///   - capacity: number of records, a power of two between 2 and 2³¹.
    ///   - startCursor: where both cursors begin; tests start just below 2⁶⁴ to see them wrap.
    public init(capacity: Int, startCursor: UInt64 = 0) {
        precondition(capacity >= 2 && capacity <= 1 << 31, "ring capacity \(capacity) is outside 2…2³¹")
        precondition(capacity & (capacity - 1) == 0, "ring capacity \(capacity) is not a power of two")
        let slotBytes = capacity * MemoryLayout<Element>.stride
        memory = .allocate(byteCount: 2 * Self.cursorStride + slotBytes, alignment: 128)
        producerCursor = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
        producerCursor.initialize(to: Atomic(startCursor))
        producerCachedConsumer = (memory + 8).bindMemory(to: UInt64.self, capacity: 1)
        producerCachedConsumer.initialize(to: startCursor)
        let consumerLine = memory + Self.cursorStride
        consumerCursor = consumerLine.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
        consumerCursor.initialize(to: Atomic(startCursor))
        consumerCachedProducer = (consumerLine + 8).bindMemory(to: UInt64.self, capacity: 1)
        consumerCachedProducer.initialize(to: startCursor)
        slots = (memory + 2 * Self.cursorStride).bindMemory(to: Element.self, capacity: capacity)
        mask = UInt64(capacity - 1)
    }

    /// Gives the memory back. Both threads must have stopped using the ring.
    public func deallocate() { memory.deallocate() }

    public var capacity: Int { Int(mask) + 1 }

    /// Number of records in the ring; exact on either thread when the other rests, else a moment's truth.
    @inlinable public var count: Int {
        let consumed = consumerCursor.pointee.load(ordering: .acquiring)
        let produced = producerCursor.pointee.load(ordering: .acquiring)
        return Int(truncatingIfNeeded: produced &- consumed)
    }

    // MARK: Producer thread

    /// Free slots as the producer sees them, at least `wanted` if that many are free. Producer thread only.
    @inlinable public func freeCount(wanted: Int) -> Int {
        let head = producerCursor.pointee.load(ordering: .relaxed)
        var free = Int(truncatingIfNeeded: mask &+ 1 &- (head &- producerCachedConsumer.pointee))
        if free < wanted {
            producerCachedConsumer.pointee = consumerCursor.pointee.load(ordering: .acquiring)
            free = Int(truncatingIfNeeded: mask &+ 1 &- (head &- producerCachedConsumer.pointee))
        }
        return free
    }

    /// The slot the next record goes to, or nil when the ring is full. Fill it, then `publish()`. Producer thread only.
    @inlinable public func claim() -> UnsafeMutablePointer<Element>? {
        guard freeCount(wanted: 1) > 0 else { return nil }
        let head = producerCursor.pointee.load(ordering: .relaxed)
        return slots + Int(truncatingIfNeeded: head & mask)
    }

    /// Makes the claimed record visible to the consumer. Producer thread only.
    @inlinable public func publish() {
        let head = producerCursor.pointee.load(ordering: .relaxed)
        producerCursor.pointee.store(head &+ 1, ordering: .releasing)
    }

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
        let head = producerCursor.pointee.load(ordering: .relaxed)
        let start = Int(truncatingIfNeeded: head & mask)
        let untilEnd = min(taken, capacityInline &- start)
        (slots + start).initialize(from: elements, count: untilEnd)
        if untilEnd < taken { slots.initialize(from: elements + untilEnd, count: taken &- untilEnd) }
        producerCursor.pointee.store(head &+ UInt64(truncatingIfNeeded: taken), ordering: .releasing)
        return taken
    }

    // MARK: Consumer thread

    /// Records ready for the consumer, at least `wanted` if that many are there. Consumer thread only.
    @inlinable public func readyCount(wanted: Int) -> Int {
        let tail = consumerCursor.pointee.load(ordering: .relaxed)
        var ready = Int(truncatingIfNeeded: consumerCachedProducer.pointee &- tail)
        if ready < wanted {
            consumerCachedProducer.pointee = producerCursor.pointee.load(ordering: .acquiring)
            ready = Int(truncatingIfNeeded: consumerCachedProducer.pointee &- tail)
        }
        return ready
    }

    /// The oldest record, left in place until `release()`; nil when the ring is empty. Consumer thread only.
    @inlinable public func peek() -> UnsafeMutablePointer<Element>? {
        guard readyCount(wanted: 1) > 0 else { return nil }
        let tail = consumerCursor.pointee.load(ordering: .relaxed)
        return slots + Int(truncatingIfNeeded: tail & mask)
    }

    /// Gives the slots of the `count` oldest records back to the producer. Consumer thread only.
    @inlinable public func release(_ count: Int = 1) {
        let tail = consumerCursor.pointee.load(ordering: .relaxed)
        consumerCursor.pointee.store(tail &+ UInt64(truncatingIfNeeded: count), ordering: .releasing)
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
        let tail = consumerCursor.pointee.load(ordering: .relaxed)
        let start = Int(truncatingIfNeeded: tail & mask)
        let untilEnd = min(taken, capacityInline &- start)
        destination.initialize(from: slots + start, count: untilEnd)
        if untilEnd < taken { (destination + untilEnd).initialize(from: slots, count: taken &- untilEnd) }
        consumerCursor.pointee.store(tail &+ UInt64(truncatingIfNeeded: taken), ordering: .releasing)
        return taken
    }

    @inlinable var capacityInline: Int { Int(truncatingIfNeeded: mask &+ 1) }
}
