/// A rule in the table.
struct RuleSlot: BitwiseCopyable {
    var identifier: UInt32
    var scope: RuleScope
    var isEnabled: Bool
    var isGroups: Bool
    var operationCount: UInt8
    var cost: UInt16
    var neededFields: UInt64

    init(_ identifier: UInt32, _ scope: RuleScope, _ program: borrowing RuleProgram, isEnabled: Bool) {
        self.identifier = identifier
        self.scope = scope
        self.isEnabled = isEnabled
        isGroups = program.isGroups
        operationCount = UInt8(program.operations.count)
        cost = UInt16(program.cost)
        neededFields = program.neededFields
    }
}

/// A rule for the machine, in its run.
@frozen @usableFromInline struct RuleMachineEntry: BitwiseCopyable {
    @usableFromInline var identifier: UInt32
    /// Place of the rule in the table.
    @usableFromInline var slot: UInt32
}
