/// A bounded queue between the classifier and the scheduler of one core: raw memory, one thread, no atomics.
///
/// The handle must not be copied while in use: the cursors are part of it.
@frozen public struct Lane<Element: BitwiseCopyable>: @unchecked Sendable {
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let mask: Int
    // Both count elements since the start and wrap; the slot is `cursor & mask`.
    @usableFromInline var head = 0
    @usableFromInline var tail = 0

    /// - Parameter capacity: elements, a power of two between 2 and 2³¹.
    public init(capacity: Int) {
        precondition(capacity >= 2 && capacity <= 1 << 31, "lane capacity \(capacity) is outside 2…2³¹")
        precondition(capacity & (capacity - 1) == 0, "lane capacity \(capacity) is not a power of two")
        slots = .allocate(capacity: capacity)
        mask = capacity - 1
    }

    public func deallocate() { slots.deallocate() }

    @inlinable public var capacity: Int { mask &+ 1 }
    @inlinable public var count: Int { tail &- head }
    @inlinable public var isEmpty: Bool { tail == head }
    @inlinable public var isFull: Bool { tail &- head > mask }

    /// Appends; false when full.
    @inlinable public mutating func push(_ element: Element) -> Bool {
        guard !isFull else { return false }
        (slots + (tail & mask)).initialize(to: element)
        tail &+= 1
        return true
    }

    /// Appends up to `count` elements; returns how many fitted.
    @inlinable public mutating func push(from elements: UnsafePointer<Element>, count: Int) -> Int {
        let taken = min(count, capacity &- self.count)
        guard taken > 0 else { return 0 }
        let start = tail & mask
        let untilEnd = min(taken, capacity &- start)
        (slots + start).initialize(from: elements, count: untilEnd)
        if untilEnd < taken { slots.initialize(from: elements + untilEnd, count: taken &- untilEnd) }
        tail &+= taken
        return taken
    }

    /// The oldest element, which stays; nil when empty.
    @inlinable public func peek() -> Element? { isEmpty ? nil : slots[head & mask] }

    /// Removes the oldest element; nil when empty.
    @inlinable public mutating func pop() -> Element? {
        guard !isEmpty else { return nil }
        let element = slots[head & mask]
        head &+= 1
        return element
    }

    /// Moves up to `maximumCount` of the oldest elements to `destination`; returns how many.
    @inlinable public mutating func pop(into destination: UnsafeMutablePointer<Element>, maximumCount: Int) -> Int {
        let taken = min(maximumCount, count)
        guard taken > 0 else { return 0 }
        let start = head & mask
        let untilEnd = min(taken, capacity &- start)
        destination.initialize(from: slots + start, count: untilEnd)
        if untilEnd < taken { (destination + untilEnd).initialize(from: slots, count: taken &- untilEnd) }
        head &+= taken
        return taken
    }
}
