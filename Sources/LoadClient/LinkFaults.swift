import Runtime

/// How often a link misbehaves: shares of the datagrams, each 0…0.5.
public struct LinkFaultOptions: Sendable, Equatable, Codable {
    public var dropShare: Double
    public var duplicateShare: Double
    public var reorderShare: Double

    public init(dropShare: Double = 0.01, duplicateShare: Double = 0.01, reorderShare: Double = 0.01) {
        self.dropShare = dropShare
        self.duplicateShare = duplicateShare
        self.reorderShare = reorderShare
    }

    public static let none = LinkFaultOptions(dropShare: 0, duplicateShare: 0, reorderShare: 0)

    /// Says in one line what is wrong and what to write instead; nil when the options are usable.
    public var problem: String? {
        for (name, share) in [("drop", dropShare), ("duplicate", duplicateShare), ("reorder", reorderShare)]
        where !(share >= 0 && share <= 0.5) {
            return "\(name) share \(share): give a share from 0 to 0.5, such as 0.01 for 1 %"
        }
        return nil
    }
}

/// What a link did to the datagrams it got.
public struct LinkFaultCounts: Sendable, Equatable, Codable {
    public var passed: UInt64 = 0
    public var dropped: UInt64 = 0
    public var duplicated: UInt64 = 0
    public var reordered: UInt64 = 0

    public init(passed: UInt64 = 0, dropped: UInt64 = 0, duplicated: UInt64 = 0, reordered: UInt64 = 0) {
        self.passed = passed
        self.dropped = dropped
        self.duplicated = duplicated
        self.reordered = reordered
    }
}

/// A bad link in one direction: drops, duplicates and reorders datagrams by seed.
///
/// Put a datagram in, then take until nothing comes out. A reordered datagram is held back until the next one has
/// passed, or for a millisecond on a quiet link. At most one is held; a datagram that would be the second just passes.
/// One thread.
public struct LinkFaults: ~Copyable {
    /// Longest datagram that can be held back; longer ones pass.
    public static let heldByteCapacity = 2_048
    static let heldNanoseconds: UInt64 = 1_000_000

    public private(set) var counts = LinkFaultCounts()
    private var faults: SeededFaults
    private var current = UnsafeRawBufferPointer(start: nil, count: 0)
    private var currentCopies = 0
    private let held = UnsafeMutableRawBufferPointer.allocate(byteCount: heldByteCapacity, alignment: 8)
    private var heldCount = 0
    private var heldUntilNanoseconds: UInt64 = 0

    public init(_ options: LinkFaultOptions, seed: UInt64) {
        precondition(options.problem == nil, "fault options must be checked before use")
        faults = SeededFaults(
            FaultRates(
                drop: options.dropShare, duplicate: options.duplicateShare, reorder: options.reorderShare), seed: seed)
    }

    deinit { held.deallocate() }

    /// Puts one datagram on the link. The bytes stay the caller's and must stay valid until `take` returns nil.
    /// - Parameter now: nanoseconds, any epoch.
    public mutating func put(_ bytes: UnsafeRawBufferPointer, now: UInt64) {
        let faults = faults.next()
        if faults.contains(.drop) {
            counts.dropped += 1
        } else if faults.contains(.reorder) && heldCount == 0 && !bytes.isEmpty && bytes.count <= Self.heldByteCapacity
        {
            counts.reordered += 1
            held.copyMemory(from: bytes)
            heldCount = bytes.count
            heldUntilNanoseconds = now &+ Self.heldNanoseconds
        } else {
            counts.passed += 1
            current = bytes
            currentCopies = 1
            if faults.contains(.duplicate) {
                counts.duplicated += 1
                currentCopies = 2
            }
            // What was held back goes right behind this one.
            heldUntilNanoseconds = now
        }
    }

    /// The next datagram that comes out, nil when there is none at this time. The bytes are valid until the next `put`.
    public mutating func take(now: UInt64) -> UnsafeRawBufferPointer? {
        if currentCopies > 0 {
            currentCopies -= 1
            return current
        }
        guard heldCount > 0, now >= heldUntilNanoseconds else { return nil }
        let count = heldCount
        heldCount = 0
        counts.passed += 1
        return UnsafeRawBufferPointer(rebasing: held[0..<count])
    }
}
