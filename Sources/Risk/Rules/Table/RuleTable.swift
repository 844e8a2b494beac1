import Orders

/// The custom rules of a gate: evaluated for every order, changed by commands.
///
/// What one order can cost is bounded: the dearest rules it could meet, of each class of scope, must fit the budget
/// together, or a change is refused. Flat memory, sized once; evaluating neither allocates nor writes but to its own
/// stack of numbers. A change rebuilds the runs: O(capacity). One thread; equal changes make equal tables.
public struct RuleTable: ~Copyable {
    public let capacity: Int
    /// Units of `RuleProgram.cost` that the rules of one order may take together.
    public let costBudget: Int
    public internal(set) var count = 0
    /// What the dearest order takes.
    public internal(set) var worstCost = 0
    /// Bits of the fields that enabled rules read: the gate fills no others.
    public internal(set) var neededFields: UInt64 = 0

    /// By identifier; the one behind the last is for a rule that is being replaced.
    let slots: UnsafeMutablePointer<RuleSlot>
    /// `RuleLimits.operations` for each slot.
    @usableFromInline let operations: UnsafeMutablePointer<RuleOperation>

    // What is evaluated; made of the slots after each change.
    @usableFromInline let clauses: UnsafeMutablePointer<RuleClause>
    let machines: UnsafeMutablePointer<RuleMachineEntry>
    /// Open addressing, at most half full.
    @usableFromInline let runs: UnsafeMutablePointer<RuleRun>
    @usableFromInline let runMask: UInt32
    /// Rules for every order.
    @usableFromInline var common = RuleRun()
    /// Bits of the classes of scope, beside `common`, that have rules.
    @usableFromInline var classes: UInt8 = 0
    let stack: UnsafeMutablePointer<Int64>

    /// - Parameters:
    ///   - capacity: rules, 1…4,096; half a KiB and a clause's 1 KiB each.
    ///   - costBudget: at least 1.
    public init(capacity: Int, costBudget: Int) {
        precondition((1...4_096).contains(capacity), "a table holds 1…4,096 rules")
        precondition(costBudget > 0, "without a budget there can be no rule")
        self.capacity = capacity
        self.costBudget = costBudget
        var places = 4
        while places < capacity * 2 { places *= 2 }
        runMask = UInt32(places - 1)
        slots = .allocate(capacity: capacity + 1)
        operations = .allocate(capacity: (capacity + 1) * RuleLimits.operations)
        clauses = .allocate(capacity: capacity * RuleLimits.operations)
        machines = .allocate(capacity: capacity)
        runs = .allocate(capacity: places)
        runs.initialize(repeating: RuleRun(), count: places)
        stack = .allocate(capacity: RuleLimits.stack)
        stack.initialize(repeating: 0, count: RuleLimits.stack)
    }

    deinit {
        slots.deallocate()
        operations.deallocate()
        clauses.deallocate()
        machines.deallocate()
        runs.deallocate()
        stack.deallocate()
    }

    /// Takes in the rules in order of their identifiers, switched off ones too.
    public borrowing func combine(into hash: inout StateHash) {
        hash.combine(UInt64(count))
        for place in 0..<count {
            let slot = slots[place]
            hash.combine(
                UInt64(slot.identifier) | UInt64(slot.scope.kind.rawValue) << 32 | (slot.isEnabled ? 1 << 40 : 0))
            hash.combine(UInt64(slot.scope.number) | UInt64(slot.scope.instrument) << 32)
            let first = UnsafeRawPointer(operations(of: place))
            for offset in stride(from: 0, to: Int(slot.operationCount) * 16, by: 8) {
                hash.combine(UInt64(littleEndian: first.load(fromByteOffset: offset, as: UInt64.self)))
            }
        }
    }

    func operations(of place: Int) -> UnsafeMutablePointer<RuleOperation> {
        operations + place &* RuleLimits.operations
    }
}
