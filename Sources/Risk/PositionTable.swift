import Glibc
import Orders

/// What one scope has in one instrument: 64 bytes, one cache line. All bytes zero: nothing yet.
struct PositionRow: BitwiseCopyable {
    static let none = UInt32.max

    /// Node in the upper half, one more than the instrument's row in the lower; 0: empty.
    var key: UInt64 = 0
    /// Lots; negative: short.
    var position: Int64 = 0
    /// Lots of open orders.
    var openBuy: Int64 = 0
    var openSell: Int64 = 0
    /// What the position cost, with its sign: money.
    var cost: Int64 = 0
    /// By how much the limit is below the widest there is, so that zero is none.
    private var belowMaximum: Int64 = 0
    /// The row of the next wider scope that has positions.
    var parent: UInt32 = 0
    /// The next row of the same instrument.
    var next: UInt32 = 0
    /// Lots that may be short in spite of `noShortSale`.
    var locate: UInt32 = 0
    var flags: Flags = []

    struct Flags: OptionSet, BitwiseCopyable {
        let rawValue: UInt8
        static var restricted: Flags { Flags(rawValue: 1) }
        static var noShortSale: Flags { Flags(rawValue: 2) }
        static var entitled: Flags { Flags(rawValue: 4) }
    }

    /// Lots, long or short; the node's may be tighter.
    var maximumPosition: Int64 {
        get { .max &- belowMaximum }
        set { belowMaximum = .max &- newValue }
    }

    var node: UInt32 { UInt32(truncatingIfNeeded: key >> 32) }

    /// If everything open on a side traded: lots long, lots short.
    @inline(__always) var worstLong: Int64 { position &+ openBuy }
    @inline(__always) var worstShort: Int64 { openSell &- position }
    /// The larger of the two; never negative, since one of them is not.
    @inline(__always) var worst: Int64 { max(worstLong, worstShort) }

    func combine(into hash: inout StateHash) {
        hash.combine(key)
        for word in [position, openBuy, openSell, cost, maximumPosition] { hash.combine(word) }
        hash.combine(UInt64(locate) | UInt64(flags.rawValue) << 32)
    }
}

/// Positions of scopes in instruments: open addressing over raw memory, at most half full; rows stay where they are and never
/// go. A look-up touches one cache line nearly always.
struct PositionTable: BitwiseCopyable {
    /// All bytes zero where no row has been made, so that memory is only touched when it is needed.
    let rows: UnsafeMutablePointer<PositionRow>
    private let bytes: Int
    private let mask: UInt64
    private let capacity: Int
    private(set) var count = 0
    /// Rows that may be made at once, one for each level.
    private static var reserve: Int { 5 }

    /// - Parameter capacity: rows there may be; a few more, so that those of one session are made together.
    init(capacity: Int) {
        precondition(capacity >= 1 && capacity <= 1 << 28, "a table of \(capacity) positions is outside 1…2²⁸")
        var places = 16
        while places < (capacity + Self.reserve) * 2 { places *= 2 }
        bytes = places * MemoryLayout<PositionRow>.stride
        rows = Self.zeroed(bytes)
        mask = UInt64(places - 1)
        self.capacity = capacity
    }

    func deallocate() { munmap(rows, bytes) }

    /// Pages of zeros, huge ones where the kernel has them: rows are touched at random.
    private static func zeroed(_ bytes: Int) -> UnsafeMutablePointer<PositionRow> {
        let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let memory, memory != MAP_FAILED else {
            preconditionFailure("no \(bytes) bytes of address space for the positions")
        }
        _ = madvise(memory, bytes, Int32(MADV_HUGEPAGE))
        return memory.bindMemory(to: PositionRow.self, capacity: bytes / MemoryLayout<PositionRow>.stride)
    }

    /// Writes to every page.
    func touch() {
        let memory = UnsafeMutableRawPointer(rows)
        // The last byte of a row means nothing.
        for offset in stride(from: 63, to: bytes, by: 4_096) {
            memory.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
        }
    }

    /// Whether rows can be made for every scope a session can belong to.
    var hasRoom: Bool { count < capacity }

    @inline(__always) static func key(node: UInt32, instrument: Int) -> UInt64 {
        UInt64(node) << 32 | UInt64(truncatingIfNeeded: instrument &+ 1)
    }

    /// Where a row is, or would be.
    @inline(__always) func home(_ key: UInt64) -> UnsafeMutablePointer<PositionRow> {
        let mixed = key &* 0x9E37_79B9_7F4A_7C15
        return rows + Int(truncatingIfNeeded: ((mixed ^ mixed >> 32) &* 0xD6E8_FEB8_6659_FD93) >> 32 & mask)
    }

    /// A row, or the empty place for it.
    @inline(__always) func find(_ key: UInt64) -> UnsafeMutablePointer<PositionRow> {
        var place = home(key)
        while place.pointee.key != key, place.pointee.key != 0 {
            place += 1
            if place == rows + Int(truncatingIfNeeded: mask &+ 1) { place = rows }
        }
        return place
    }

    /// Makes the row of an empty place. There must be room.
    mutating func make(
        _ key: UInt64, at place: UnsafeMutablePointer<PositionRow>, parent: UInt32, next: UInt32
    ) {
        precondition(count < capacity + Self.reserve && place.pointee.key == 0, "no room for a position")
        place.pointee.key = key
        place.pointee.parent = parent
        place.pointee.next = next
        count += 1
    }

    func number(_ row: UnsafeMutablePointer<PositionRow>) -> UInt32 { UInt32(truncatingIfNeeded: row - rows) }

    func combine(into hash: inout StateHash) {
        hash.combine(UInt64(truncatingIfNeeded: count))
        for place in 0...Int(truncatingIfNeeded: mask) where rows[place].key != 0 { rows[place].combine(into: &hash) }
    }
}
