import Synchronization

/// Where a network stage finds the rules in force and says which it uses: two words, each on cache lines of its own.
public struct FilterHandover: @unchecked Sendable {
    private static let acknowledgedOffset = 128
    private let base: UnsafeMutableRawPointer

    init(_ tables: UnsafeMutablePointer<FilterTables>) {
        base = .allocate(byteCount: 256, alignment: 128)
        base.initializeMemory(as: Atomic<UnsafeMutablePointer<FilterTables>>.self, to: Atomic(tables))
        (base + Self.acknowledgedOffset).initializeMemory(as: Atomic<UInt64>.self, to: Atomic(0))
    }

    func deallocate() { base.deallocate() }

    private var published: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<FilterTables>>> {
        base.assumingMemoryBound(to: Atomic<UnsafeMutablePointer<FilterTables>>.self)
    }

    private var acknowledgement: UnsafeMutablePointer<Atomic<UInt64>> {
        (base + Self.acknowledgedOffset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// What is in force.
    @inline(__always) var current: UnsafeMutablePointer<FilterTables> { published.pointee.load(ordering: .acquiring) }

    /// The stage's word that it uses nothing older than `generation`.
    func acknowledge(_ generation: UInt64) { acknowledgement.pointee.store(generation, ordering: .releasing) }

    var acknowledged: UInt64 { acknowledgement.pointee.load(ordering: .acquiring) }

    func publish(_ tables: UnsafeMutablePointer<FilterTables>) { published.pointee.store(tables, ordering: .releasing) }
}

/// The control thread's side of the filters of a node: compiles rules, puts them into force at every network stage, and
/// frees what no stage uses any more.
///
/// A stage takes rules over at the beginning of its next poll, so a packet is judged by the old ones or the new ones,
/// never by both. One thread; outlives the stages.
public struct FilterPublisher: ~Copyable {
    public private(set) var rules: FilterRules
    private let scope: FilterScope
    private let handovers: [FilterHandover]
    /// Oldest first; the last is in force.
    private var tables: [UnsafeMutablePointer<FilterTables>]

    public init(rules: FilterRules, scope: FilterScope, stages: Int) throws(FilterRulesError) {
        let first = try Self.compile(rules, scope, generation: 1)
        self.rules = rules
        self.scope = scope
        tables = [first]
        handovers = (0..<stages).map { _ in FilterHandover(first) }
    }

    deinit {
        for table in tables { Self.free(table) }
        for handover in handovers { handover.deallocate() }
    }

    /// The place of a network stage, by its number.
    public func handover(_ stage: Int) -> FilterHandover { handovers[stage] }

    /// Puts rules into force. When they are refused, nothing has changed.
    public mutating func publish(_ rules: FilterRules) throws(FilterRulesError) {
        let generation = tables[tables.count - 1].pointee.generation + 1
        let next = try Self.compile(rules, scope, generation: generation)
        tables.append(next)
        self.rules = rules
        for handover in handovers { handover.publish(next) }
        reclaim()
    }

    /// Frees the rules that every stage has moved on from; called with every change too.
    /// - Returns: how many sets of rules are still in memory.
    @discardableResult public mutating func reclaim() -> Int {
        let oldestInUse = handovers.map(\.acknowledged).min() ?? .max
        while tables.count > 1, tables[0].pointee.generation < oldestInUse { Self.free(tables.removeFirst()) }
        return tables.count
    }

    private static func compile(
        _ rules: FilterRules, _ scope: FilterScope, generation: UInt64
    ) throws(FilterRulesError) -> UnsafeMutablePointer<FilterTables> {
        let tables = try FilterTables(rules, scope: scope, generation: generation)
        let memory = UnsafeMutablePointer<FilterTables>.allocate(capacity: 1)
        memory.initialize(to: tables)
        return memory
    }

    private static func free(_ tables: UnsafeMutablePointer<FilterTables>) {
        tables.pointee.deallocate()
        tables.deallocate()
    }
}
