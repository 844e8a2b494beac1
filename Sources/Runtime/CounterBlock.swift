import Synchronization

/// A row of 64-bit counters with one writer thread and any number of readers.
///
/// The writer adds with a relaxed load and store (no locked instruction); readers see each counter whole, at some
/// recent moment. Counters wrap at 2⁶⁴. The key is an enumeration whose raw value is the index.
public struct CounterBlock<Key: CaseIterable & RawRepresentable & Sendable>: @unchecked Sendable
where Key.RawValue == UInt8 {
    @usableFromInline let base: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let count: Int

    /// Allocates one counter per case, all zero, alone on their cache lines.
    public init() {
        count = Int(Key.allCases.map(\.rawValue).max() ?? 0) + 1
        let bytes = (count * 8 + 127) / 128 * 128
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
        base = memory.bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { (base + index).initialize(to: Atomic(0)) }
    }

    /// Gives the memory back; nobody may use the block afterwards.
    public func deallocate() { UnsafeMutableRawPointer(base).deallocate() }

    /// Adds `amount`. Writer thread only.
    @inlinable public func add(_ key: Key, _ amount: UInt64 = 1) {
        let counter = base + Int(key.rawValue)
        counter.pointee.store(counter.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Sets a counter that is a level or a time rather than a sum. Writer thread only.
    @inlinable public func set(_ key: Key, to value: UInt64) {
        (base + Int(key.rawValue)).pointee.store(value, ordering: .relaxed)
    }

    /// Keeps the highest value seen. Writer thread only.
    @inlinable public func raise(_ key: Key, to value: UInt64) {
        let counter = base + Int(key.rawValue)
        if value > counter.pointee.load(ordering: .relaxed) { counter.pointee.store(value, ordering: .relaxed) }
    }

    /// The counter's value. Any thread.
    @inlinable public func value(_ key: Key) -> UInt64 { (base + Int(key.rawValue)).pointee.load(ordering: .relaxed) }
}
