import Orders

/// Scopes to nodes: open addressing over raw memory, at most half full.
struct ScopeIndex: BitwiseCopyable {
    private let slots: UnsafeMutablePointer<UInt32>
    private let mask: UInt64
    private let nodes: UnsafeMutablePointer<RiskNode>

    /// - Parameter nodes: stay the owner's; of different scopes.
    init(_ nodes: UnsafeMutablePointer<RiskNode>, count: Int) {
        var capacity = 2
        while capacity < count * 2 { capacity *= 2 }
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: RiskNode.none, count: capacity)
        mask = UInt64(capacity - 1)
        self.nodes = nodes
        for number in 0..<count {
            var place = home(nodes[number].scope)
            while slots[Int(place)] != RiskNode.none { place = (place &+ 1) & mask }
            slots[Int(place)] = UInt32(number)
        }
    }

    func deallocate() { slots.deallocate() }

    private func home(_ scope: RiskScope) -> UInt64 {
        let mixed = scope.rawValue &* 0x9E37_79B9_7F4A_7C15
        return (mixed ^ mixed >> 32) & mask
    }

    /// The node of a scope; nil when there is none.
    func node(of scope: RiskScope) -> UInt32? {
        var place = home(scope)
        while true {
            let number = slots[Int(truncatingIfNeeded: place)]
            if number == RiskNode.none { return nil }
            if nodes[Int(number)].scope == scope { return number }
            place = (place &+ 1) & mask
        }
    }
}
