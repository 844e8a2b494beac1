/// Instrument identifiers to positions 0, 1, 2 …: open addressing over raw memory, at most half full, never shrinking.
///
/// Shared by the rooms that keep a row per instrument. A look-up touches one cache line nearly always.
@frozen public struct InstrumentIndex: @unchecked Sendable {
    @frozen @usableFromInline struct Slot: BitwiseCopyable {
        @usableFromInline var id: UInt32
        @usableFromInline var position: UInt32
    }

    @usableFromInline let slots: UnsafeMutablePointer<Slot>
    @usableFromInline let mask: UInt32

    /// - Parameters:
    ///   - ids: each once, none 0; their positions are those in the array.
    ///   - maximum: how many there may ever be.
    public init(_ ids: [UInt32], maximum: Int = 0) {
        precondition(max(ids.count, maximum) <= 1 << 24, "more instruments than an index holds")
        var capacity = 2
        while capacity < max(ids.count, maximum) * 2 { capacity *= 2 }
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Slot(id: 0, position: 0), count: capacity)
        mask = UInt32(capacity - 1)
        for (position, id) in ids.enumerated() {
            insert(id, position: position)
        }
    }

    /// Adds an instrument; there must be room for it.
    public func insert(_ id: UInt32, position: Int) {
        precondition(id != 0, "instrument identifier 0 means no instrument")
        precondition(self.position(of: id) == nil, "instrument \(id) is there twice")
        var place = Self.hash(id) & mask
        while slots[Int(place)].id != 0 { place = (place &+ 1) & mask }
        slots[Int(place)] = Slot(id: id, position: UInt32(position))
    }

    public func deallocate() { slots.deallocate() }

    /// Position of an instrument, nil for one that is not there.
    @inlinable public func position(of id: UInt32) -> Int? {
        guard id != 0 else { return nil }
        var place = Self.hash(id) & mask
        while true {
            let slot = slots[Int(place)]
            if slot.id == id { return Int(slot.position) }
            if slot.id == 0 { return nil }
            place = (place &+ 1) & mask
        }
    }

    @inlinable static func hash(_ id: UInt32) -> UInt32 {
        let mixed = id &* 0x9E37_79B1
        return mixed ^ (mixed >> 15)
    }
}
