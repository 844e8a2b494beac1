import Orders
import Runtime

/// The pre-trade gate: no order gets to a book that breaks a limit of its instrument, or of any scope it belongs to.
///
/// Pure and deterministic: flat tables sized at set-up, integers only, an overflow is a reject. One thread. `check` says
/// whether a command may go on, `observe` takes in what the engine made of it, `set` changes a limit; the order of the three is
/// that of the log, so a replay sees the same limits at the same sequence number.
///
/// Cost of an order: its instrument, one row per scope with positions, one node per scope, at most five; of a report the
/// same. A mark or a margin costs a constant for each row of its instrument.
public struct RiskGate: ~Copyable {
    let index: InstrumentIndex
    /// Of the configured instruments, then of those listed since.
    let instruments: UnsafeMutablePointer<InstrumentRisk>
    let configuredCount: Int
    var listedCount = 0
    let listedCapacity: Int
    let limitsOfListed: RiskLimits
    /// The venue, then the others, each behind the wider ones it belongs to.
    let nodes: UnsafeMutablePointer<RiskNode>
    let nodeCount: Int
    let scopes: ScopeIndex
    /// The narrowest scope of each session, and the narrowest of them with positions.
    let leaves: UnsafeMutablePointer<Leaf>
    let leafCount: Int
    var positions: PositionTable
    var recent: RecentOrders
    /// The scope that refused the last command; the venue's too when the instrument or the command itself did.
    public internal(set) var refusingScope = RiskScope.venue
    /// The custom rule that refused the last command; 0: none did.
    public internal(set) var refusingRule: UInt32 = 0
    var rules: RuleTable
    var pending = PendingRule()
    /// What rules are asked with.
    let ruleFields: UnsafeMutablePointer<Int64>
    /// Whether `check` looks at the best prices of the book.
    public internal(set) var wantsMarket: Bool
    /// Log time of the last command.
    var now: UInt64 = 0
    /// Some scope says what a self-trade is to come to.
    var hasSelfTrade = false
    /// The longest time for which some scope does not take the same order again.
    var windows: UInt64 = 0

    struct Leaf: BitwiseCopyable {
        var node: UInt32 = 0
        var holder: UInt32 = 0
    }

    /// - Parameters:
    ///   - members: of each session that belongs to more than the venue; scopes of the same level and number are one.
    ///   - spareInstruments: how many may be listed later.
    ///   - limitsOfListed: what each of them gets; nil: the tightest of the instruments' limits.
    ///   - maximumPositions: rows of scopes in instruments, 64 bytes each; nil: as many as there can be, at most 2²⁰.
    ///   - recentOrders: orders remembered to find duplicates, 40 bytes each.
    ///   - maximumRules: custom rules, 1…4,096.
    ///   - ruleCostBudget: what those that one order meets may cost together, about nanoseconds.
    public init(
        instruments: [(InstrumentSpecification, RiskLimits)], members: [RiskMembership] = [],
        spareInstruments: Int = 0, limitsOfListed: RiskLimits? = nil, maximumPositions: Int? = nil,
        recentOrders: Int = 65_536, maximumRules: Int = 256, ruleCostBudget: Int = 64
    ) {
        index = InstrumentIndex(instruments.map(\.0.id))
        configuredCount = instruments.count
        self.instruments = .allocate(capacity: max(configuredCount + spareInstruments, 1))
        listedCapacity = spareInstruments
        self.limitsOfListed = limitsOfListed ?? RiskLimits.tightest(instruments.map(\.1))
        for (position, (specification, limits)) in instruments.enumerated() {
            (self.instruments + position).initialize(
                to: InstrumentRisk(id: specification.id, limits, referencePrice: specification.referencePrice))
        }
        wantsMarket = instruments.contains { $0.1.fatFingerMid != 0 }
        let tree = ScopeTree(members)
        let bytes = tree.nodes.count * MemoryLayout<RiskNode>.stride
        nodes = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: RiskNode.self, capacity: tree.nodes.count)
        nodes.initialize(from: tree.nodes, count: tree.nodes.count)
        nodeCount = tree.nodes.count
        scopes = ScopeIndex(nodes, count: nodeCount)
        leaves = .allocate(capacity: tree.leaves.count)
        leaves.initialize(from: tree.leaves, count: tree.leaves.count)
        leafCount = tree.leaves.count
        let rows = (configuredCount + spareInstruments) * tree.nodes.count { $0.flags.contains(.hasPositions) }
        positions = PositionTable(capacity: maximumPositions ?? min(max(rows, 1), 1 << 20))
        recent = RecentOrders(capacity: recentOrders)
        rules = RuleTable(capacity: maximumRules, costBudget: ruleCostBudget)
        ruleFields = .allocate(capacity: RuleField.count)
        ruleFields.initialize(repeating: 0, count: RuleField.count)
    }

    deinit {
        index.deallocate()
        instruments.deallocate()
        nodes.deallocate()
        scopes.deallocate()
        leaves.deallocate()
        positions.deallocate()
        recent.deallocate()
        pending.deallocate()
        ruleFields.deallocate()
    }

    /// Row of an instrument. Those listed since the start are few, and looked through.
    @inline(__always) func position(of instrument: UInt32) -> Int? {
        if let position = index.position(of: instrument) { return position }
        return listedCount == 0 ? nil : Self.position(of: instrument, instruments, configuredCount, listedCount)
    }

    private static func position(
        of instrument: UInt32, _ instruments: UnsafeMutablePointer<InstrumentRisk>, _ first: Int, _ count: Int
    ) -> Int? {
        for place in first..<(first &+ count) where instruments[place].id == instrument { return place }
        return nil
    }

    @inline(__always) func leaf(of session: UInt32) -> Leaf {
        Int(session) < leafCount ? leaves[Int(session)] : Leaf()
    }

    /// Brings into the cache what an order will need that waits behind the one being carried out; changes nothing. To be asked
    /// twice for each: `rows` when its account's row has had time to come.
    public mutating func lookAhead(_ command: Command, rows: Bool) {
        guard let position = index.position(of: command.instrument) else { return }
        let leaf = leaf(of: command.session)
        let row = positions.home(PositionTable.key(node: leaf.holder, instrument: position))
        if rows {
            // Where the row stands elsewhere this is some other row, and no harm is done.
            guard row.pointee.parent != PositionRow.none else { return }
            prefetch(positions.rows + Int(row.pointee.parent))
            return
        }
        prefetch(row)
        prefetch(instruments + position)
        if windows != 0 { recent.lookAhead(OrderLikeness(command)) }
        let (leafNode, holder) = (UnsafeRawPointer(nodes + Int(leaf.node)), UnsafeRawPointer(nodes + Int(leaf.holder)))
        for line in 0..<4 {
            prefetch(leafNode + line &* 64)
            prefetch(holder + line &* 64)
        }
    }

    /// Takes the pages of all positions there may be from the kernel now, where memory is not locked anyway.
    public func touchMemory() { positions.touch() }

    public var ruleCount: Int { rules.count }

    /// Scopes in instruments that have or had something.
    public var positionCount: Int { positions.count }

    public borrowing func combine(into hash: inout StateHash) {
        for position in 0..<(configuredCount &+ listedCount) { instruments[position].combine(into: &hash) }
        for number in 0..<nodeCount { nodes[number].combine(into: &hash) }
        positions.combine(into: &hash)
        recent.combine(into: &hash)
        rules.combine(into: &hash)
        hash.combine(UInt64(pending.identifier) | UInt64(pending.count) << 32)
    }
}
