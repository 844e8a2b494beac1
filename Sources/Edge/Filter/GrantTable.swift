import Runtime

/// Something that happened to a session, as far as its source address is concerned: from the engine to every network
/// stage.
@frozen public struct GrantChange: BitwiseCopyable, Equatable, Sendable {
    @frozen public enum Event: UInt8, BitwiseCopyable, Sendable {
        /// A session was established from the address.
        case established
        /// A session of the address was ended by its client, or went to another address.
        case ended
        /// A session of the address was lost: its client may come back.
        case lost
    }

    /// Host byte order.
    public var source: UInt32
    public var event: Event

    public init(source: UInt32, event: Event) {
        self.source = source
        self.event = event
    }
}

/// The sources that have a session, or lost their last one not long ago. Only the engine's word brings a source in, so
/// nothing that a stranger sends can push one out.
///
/// Open addressing in 4,096 slots for at most 1,024 sessions of a node; an address stands within 32 slots of its place,
/// so a look-up reads at most 32 numbers of 4 bytes, and one or two as a rule. One thread.
struct GrantTable {
    struct Grant: BitwiseCopyable {
        var bucket = TokenBucket()
        var lastHeardNanoseconds: UInt64
        /// Sessions established from here; 0 while the grant outlives the last one.
        var sessions: UInt32 = 0
    }

    static let slotCount = 4_096
    static let maximumProbes = 32
    private static let mask = slotCount - 1
    /// 0 is a free slot and no source.
    private let sources: UnsafeMutablePointer<UInt32>
    private let grants: UnsafeMutablePointer<Grant>
    private(set) var count = 0
    private var sweepCursor = 0

    init() {
        sources = .allocate(capacity: Self.slotCount)
        sources.initialize(repeating: 0, count: Self.slotCount)
        grants = .allocate(capacity: Self.slotCount)
        grants.initialize(repeating: Grant(lastHeardNanoseconds: 0), count: Self.slotCount)
    }

    func deallocate() {
        sources.deallocate()
        grants.deallocate()
    }

    /// The grant of a source, nil when it has none or stayed away too long.
    @inline(__always)
    mutating func find(_ source: UInt32, now: UInt64, idleNanoseconds: UInt64) -> UnsafeMutablePointer<Grant>? {
        let slot = slot(of: source)
        guard slot >= 0 else { return nil }
        if isOver(slot, now: now, idleNanoseconds: idleNanoseconds) {
            remove(slot)
            return nil
        }
        return grants + slot
    }

    /// - Returns: false when there is no room for a new source, which the arithmetic above rules out unless sessions were
    ///   established from more than 32 addresses chosen to meet in one place.
    mutating func apply(_ change: GrantChange, now: UInt64) -> Bool {
        var slot = slot(of: change.source)
        if change.event == .established {
            if slot < 0 { slot = makeRoom(for: change.source, now: now) }
            guard slot >= 0 else { return false }
            grants[slot].sessions &+= 1
            grants[slot].lastHeardNanoseconds = now
            return true
        }
        guard slot >= 0, grants[slot].sessions > 0 else { return true }
        grants[slot].sessions &-= 1
        if change.event == .lost {
            grants[slot].lastHeardNanoseconds = now
        } else if grants[slot].sessions == 0 {
            remove(slot)
        }
        return true
    }

    /// Looks at one slot and frees it when its grant is over; the whole table in 4,096 polls.
    mutating func sweep(now: UInt64, idleNanoseconds: UInt64) {
        sweepCursor = (sweepCursor &+ 1) & Self.mask
        guard sources[sweepCursor] != 0, isOver(sweepCursor, now: now, idleNanoseconds: idleNanoseconds) else { return }
        remove(sweepCursor)
    }

    // MARK: Slots

    @inline(__always) private func isOver(_ slot: Int, now: UInt64, idleNanoseconds: UInt64) -> Bool {
        let last = grants[slot].lastHeardNanoseconds
        return grants[slot].sessions == 0 && now > last && now &- last > idleNanoseconds
    }

    /// The top 12 bits of Fibonacci hashing (Knuth, TAOCP 3, §6.4).
    @inline(__always) static func firstSlot(_ source: UInt32) -> Int { Int((source &* 0x9E37_79B1) >> 20) }

    @inline(__always) private func slot(of source: UInt32) -> Int {
        guard source != 0 else { return -1 }
        var slot = Self.firstSlot(source)
        for _ in 0..<Self.maximumProbes {
            if sources[slot] == source { return slot }
            if sources[slot] == 0 { return -1 }
            slot = (slot &+ 1) & Self.mask
        }
        return -1
    }

    /// A slot for a new source: a free one, else that of the source which lost its last session longest ago.
    private mutating func makeRoom(for source: UInt32, now: UInt64) -> Int {
        guard source != 0 else { return -1 }
        var found = -1
        var slot = Self.firstSlot(source)
        for _ in 0..<Self.maximumProbes {
            if sources[slot] == 0 {
                found = slot
                count &+= 1
                break
            }
            let isOlder = found < 0 || grants[slot].lastHeardNanoseconds < grants[found].lastHeardNanoseconds
            if grants[slot].sessions == 0, isOlder { found = slot }
            slot = (slot &+ 1) & Self.mask
        }
        guard found >= 0 else { return -1 }
        sources[found] = source
        grants[found] = Grant(lastHeardNanoseconds: now)
        return found
    }

    /// Frees a slot and moves back what stands behind it, so that every look-up may end at a free slot.
    private mutating func remove(_ freed: Int) {
        var hole = freed
        var slot = (freed &+ 1) & Self.mask
        while sources[slot] != 0, slot != freed {
            let distance = (slot &- Self.firstSlot(sources[slot])) & Self.mask
            if distance >= (slot &- hole) & Self.mask {
                sources[hole] = sources[slot]
                grants[hole] = grants[slot]
                hole = slot
            }
            slot = (slot &+ 1) & Self.mask
        }
        sources[hole] = 0
        count &-= 1
    }
}
