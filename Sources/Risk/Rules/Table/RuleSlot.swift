/// A rule in the table.
struct RuleSlot: BitwiseCopyable {
    let identifier: UInt32
    let scope: RuleScope
    var isEnabled: Bool
    let isGroups: Bool
    let operationCount: UInt8
    /// Clauses in groups of clauses of one field, and in others.
    let oneFieldCount: UInt8
    let sumCount: UInt8
    let cost: UInt16
    let neededFields: UInt64

    init(_ identifier: UInt32, _ scope: RuleScope, _ program: borrowing RuleProgram, isEnabled: Bool) {
        self.identifier = identifier
        self.scope = scope
        self.isEnabled = isEnabled
        isGroups = program.isGroups
        operationCount = UInt8(program.operations.count)
        cost = UInt16(program.cost)
        neededFields = program.neededFields
        oneFieldCount = program.isGroups ? program.operations.withUnsafeBufferPointer(Self.countOneField) : 0
        sumCount = program.isGroups ? operationCount - oneFieldCount : 0
    }

    private static func countOneField(_ operations: UnsafeBufferPointer<RuleOperation>) -> UInt8 {
        guard let base = operations.baseAddress else { return 0 }
        var count: UInt8 = 0
        var isOneField = false
        for index in operations.indices.reversed() {
            if base[index].group == RuleOperation.Group.ends.rawValue {
                isOneField = Self.isOneField(groupEndingAt: index, base)
            }
            count &+= isOneField ? 1 : 0
        }
        return count
    }

    /// Whether all clauses of a group are of one field each.
    static func isOneField(groupEndingAt last: Int, _ operations: UnsafePointer<RuleOperation>) -> Bool {
        var index = last
        repeat {
            if !RuleClause(operations[index]).isOneField { return false }
            index &-= 1
        } while index >= 0 && operations[index].group != RuleOperation.Group.ends.rawValue
        return true
    }
}

/// A rule for the machine, in its run.
struct RuleMachineEntry: BitwiseCopyable {
    let identifier: UInt32
    /// Place of the rule in the table.
    let slot: UInt32
}
